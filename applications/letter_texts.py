"""The closed list of the fields of a letter, with their types, and the texts that staff start from. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from portal.core.richtext import FieldMissing, Paragraphs, Points, Value, blocks_of, fields_of, has_stray_brace

Kind = Literal["text", "date", "number", "amount", "words", "paragraphs", "points"]
EVERY = ("selected", "reserve", "not_selected", "inadmissible")
RANKED = ("selected", "reserve")
KINDS: Mapping[Kind, str] = {
    "text": "texte",
    "date": "date en toutes lettres",
    "number": "nombre",
    "amount": "montant en chiffres",
    "words": "montant en lettres",
    "paragraphs": "paragraphes",
    "points": "liste",
}


@dataclass(frozen=True)
class Field:
    """A field: what it becomes, its type, and the outcomes whose letters know it."""

    kind: Kind
    meaning: str
    outcomes: tuple[str, ...] = EVERY


FIELDS: Mapping[str, Field] = {
    "commune": Field("text", "nom de la commune : « Étretat »"),
    "de_la_commune": Field("text", "le même avec sa préposition : « d’Étretat »"),
    "projet": Field("text", "titre du projet"),
    "candidature": Field("text", "numéro de la candidature"),
    "appel": Field("text", "titre de l’appel"),
    "edition": Field("text", "édition de l’appel"),
    "organisateur": Field("text", "nom de l’organisateur"),
    "service": Field("text", "service qui suit l’appel"),
    "acte": Field("text", "l’acte, son numéro et sa date : « délibération n° 12 du 27 mai 2027 »"),
    "autorite": Field("text", "qui a décidé : « le bureau communautaire »"),
    "jury": Field("date", "date de la séance du jury, vide sans jury"),
    "date_lettre": Field("date", "date de la lettre"),
    "motif": Field("text", "le motif de la décision"),
    "motifs": Field("points", "les motifs, un par point", ("not_selected", "inadmissible")),
    "points": Field("number", "les points obtenus", ("selected", "reserve", "not_selected")),
    "rang": Field("text", "la phrase du rang, ou le rang dans la liste complémentaire", RANKED),
    "co_candidats": Field("text", "« , avec les communes de… », vide si la commune est seule", ("selected",)),
    "montant": Field("amount", "aide accordée : « 30 000,00 € »", ("selected",)),
    "montant_lettres": Field("words", "la même en lettres : « trente mille euros »", ("selected",)),
    "soutien": Field("paragraphs", "ce que l’appel apporte", ("selected",)),
    "conditions": Field("points", "les conditions et leurs dates", ("selected",)),
    "demarrage": Field("text", "la phrase du démarrage, vide si la date est passée", ("selected",)),
    "embargo": Field("date", "jour où la décision devient publique, vide sans embargo"),
    "derogations": Field("paragraphs", "les dérogations accordées", ("selected",)),
    "valable_jusqu_au": Field("date", "fin de validité de la liste complémentaire", ("reserve",)),
    "repondre_avant": Field("date", "jour avant lequel répondre", ("reserve",)),
    "situation": Field("text", "où se place le total, voisins par leur rang", ("not_selected",)),
    "propositions": Field("paragraphs", "ce que le service propose", ("reserve", "not_selected", "inadmissible")),
}

_OPENING = "Par {acte}, {autorite} "
DEFAULTS: Mapping[str, str] = {
    "selected": _OPENING
    + """a **retenu la candidature** que vous portez{co_candidats} : « {projet} ».

{rang} {motif}

{soutien}

{conditions}

{derogations}

{demarrage}

Je vous remercie de ne pas rendre cette décision publique avant le {embargo}, date à laquelle elle sera publiée.""",
    "reserve": _OPENING
    + """a inscrit votre candidature **au {rang} rang de la liste complémentaire**.

{motif}

# Ce que cela signifie

- si une commune retenue renonce, sa place est proposée aux communes de la liste, dans l’ordre des rangs ;
- la liste est valable **jusqu’au {valable_jusqu_au}** ;
- cette inscription ne donne pas droit à l’accompagnement.

Je vous remercie d’indiquer **avant le {repondre_avant}** si votre commune maintient sa candidature.

{propositions}""",
    "not_selected": _OPENING
    + """**n’a pas retenu la candidature** de votre commune. Je tiens à vous en donner les raisons.

# Motifs de la décision

{motifs}

{situation}

# Ce que nous vous proposons

{propositions}""",
    "inadmissible": _OPENING
    + """a constaté que **la candidature de votre commune n’est pas recevable**.

# Motifs de la décision

{motifs}

# Ce que nous vous proposons

{propositions}""",
}


def fields_for(outcome: str) -> dict[str, Field]:
    """The fields that the letters of an outcome know."""
    return {name: field for name, field in FIELDS.items() if outcome in field.outcomes}


def fault_of(text: str, outcome: str) -> str:
    """Why a text cannot be a letter of this outcome, in French; empty when it can."""
    known = fields_for(outcome)
    if has_stray_brace(text):
        return "Une accolade est seule : un champ s’écrit {commune}."
    for name in fields_of(text):
        if name not in FIELDS:
            return f"Ce champ n’existe pas : {{{name}}}."
        if name not in known:
            return f"Le champ {{{name}}} n’a pas de sens dans cette lettre."
    try:
        blocks_of(text, {name: sample(field) for name, field in known.items()})
    except FieldMissing as missing:
        return f"Ce champ n’existe pas : {{{missing}}}."
    return ""


def sample(field: Field) -> Value:
    if field.kind == "points":
        return Points(("exemple",))
    return Paragraphs(("exemple",)) if field.kind == "paragraphs" else "exemple"
