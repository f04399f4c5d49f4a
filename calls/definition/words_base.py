"""The French words that several parts of a call document share."""

from typing import NamedTuple


class Words(NamedTuple):
    label: str
    hint: str = ""


CODE = ("Code", "Il est proposé d’après le nom ; il désigne cette ligne dans le fichier de l’appel.")
LABEL = "Nom"
TEXT = ("Texte", "Une ligne vide sépare deux paragraphes ; une ligne qui commence par « - » fait une liste.")
CONDITION = ("Condition", "Sans condition, cela vaut pour tous.")
KIND = "Nature"
YEAR = ("Millésime", "L’année du chiffre de l’Insee, par exemple 2023.")
STAGE = ("Demandé à quelle étape", "Dans un appel à deux étapes, la lettre d’intention vient avant le dossier.")
POINTS = "Points"
BEARS_ON = ("Dans une candidature commune, porte sur", "")
COLUMN = (
    "Code de la colonne",
    "Pour un tableau ; pour des opérations, ce qui en est lu : cost, eligible, asked, months, start ou end.",
)
BOUNDS = {
    "below": ("Moins de", "habitants, borne non comprise"),
    "at_most": ("Au plus", "habitants, borne comprise"),
    "at_least": ("Au moins", "habitants, borne comprise"),
    "above": ("Plus de", "habitants, borne non comprise"),
}
PLACE = (
    "Territoires",
    (
        "Un par ligne : SIREN d’une intercommunalité, numéro d’un département, code d’une région ou d’une commune "
        "(Insee) ; pour un canton, un massif ou un autre regroupement, le code que lui donne son fichier."
    ),
)
