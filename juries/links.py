"""Links of interest: their kinds, what a member says of one file, what the portal finds by itself. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from portal.core.typography import NBSP

ELECTED, EMPLOYMENT, PROVIDER, FAMILY, PROPERTY, ASSOCIATION, OTHER = (
    "elected", "employment", "provider", "family", "property", "association", "other",
)  # fmt: skip
KINDS: dict[str, str] = {
    ELECTED: "Mandat électif",
    EMPLOYMENT: "Emploi, présent ou récent",
    PROVIDER: "Prestation, étude ou marché",
    FAMILY: "Lien familial ou proche",
    PROPERTY: "Bien ou intérêt local",
    ASSOCIATION: "Association ou organisme partenaire",
    OTHER: "Autre lien",
}
# What the portal finds in its own rows: a reason to ask, never a recusal by itself.
FOUND: dict[str, str] = {
    "intercommunality": "vous représentez l’intercommunalité de la commune, ou y travaillez",
    "employer": "votre adresse est celle de la collectivité candidate",
    "former": "vous avez exercé une fonction dans la collectivité candidate",
    "adviser": "vous accompagnez cette commune dans un autre appel",
    "provider": "vous ou votre organisme suivez un projet de cette collectivité",
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a member says of one file: no link (`kind` empty), or one; `dismissal`: why what was found is none."""

    kind: str = ""
    nature: str = ""
    dismissal: str = ""

    @property
    def linked(self) -> bool:
        return bool(self.kind)


NO_LINK = Said()


def found_sentence(found: Collection[str]) -> str:
    """« Le portail relève : vous avez exercé une fonction dans la collectivité candidate. »; empty without any."""
    told = "\u202f; ".join(sentence for code, sentence in FOUND.items() if code in found)
    return f"Le portail relève{NBSP}: {told}." if told else ""


def refusal(said: Said, found: Collection[str]) -> str:
    """What is missing in a declaration, in French; empty when it may be kept."""
    if said.linked and said.kind not in KINDS:
        return "Choisissez la nature de ce lien dans la liste."
    if said.linked and not said.nature.strip():
        return "Dites d’une formule générale quel est ce lien, par exemple « étude en cours pour la commune »."
    if not said.linked and found and not said.dismissal.strip():
        return f"{found_sentence(found)} Dites pourquoi ce n’est pas un lien d’intérêt, ou déclarez-le."
    return ""
