"""What follows a decision: agreement, phases of support, indicators."""

import re
from typing import Annotated, Literal

from pydantic import Field

from calls.definition.predicates import Condition
from calls.definition.values import Code, Line, Part, Prose, Title, Whole

# Merge fields that the paragraphs of an agreement may hold, and what each becomes.
MERGE_FIELDS = {
    "commune": "nom de la commune bénéficiaire : « Étretat »",
    "de_la_commune": "le même avec sa préposition : « d’Étretat », « du Tilleul »",
    "communes": "noms de toutes les communes bénéficiaires",
    "representant": "qualité de la personne qui signe pour la commune",
    "projet": "titre du projet",
    "candidature": "numéro de la candidature",
    "convention": "numéro de la convention",
    "appel": "titre de l’appel",
    "edition": "édition de l’appel",
    "organisateur": "nom de l’organisateur",
    "service": "service de l’organisateur",
    "debut": "premier jour de l’accompagnement",
    "fin": "dernier jour de l’accompagnement",
    "duree": "durée en toutes lettres : « douze mois »",
    "jours": "total des jours d’expertise",
    "elu_referent": "fonction de l’élu référent de la commune",
    "agent_referent": "fonction du contact technique de la commune",
    "acte": "numéro et date de l’acte de décision",
    "jury": "date de la séance du jury",
    "tribunal": "nom du tribunal compétent",
    "parties": "noms de toutes les parties",
    "montant": "montant de l’aide, en chiffres et en lettres",
    "delai_cadre": "délai pour signer la convention-cadre : « dix-huit mois »",
}
_FIELD = re.compile(r"\{([^{}]*)\}")


def merge_fields(text: str) -> tuple[str, ...]:
    """The names between braces, in order."""
    return tuple(_FIELD.findall(text))


def stray_braces(text: str) -> bool:
    """Whether a brace is left alone."""
    return bool(re.search(r"[{}]", _FIELD.sub("", text)))


def merge(text: str, values: dict[str, str]) -> str:
    """The text with its fields replaced; KeyError names a field without value."""
    return _FIELD.sub(lambda match: values[match[1]], text)


class Phase(Part):
    """A stage of support, by months of the support: 1 is the first, both ends included."""

    code: Code
    title: Title
    first_month: Annotated[Whole, Field(ge=1, le=240)]
    last_month: Annotated[Whole, Field(ge=1, le=240)]
    deliverable: Annotated[Line, Field(max_length=200)] | None = None


class Expertise(Part):
    """Days given in one field."""

    code: Code
    label: Title
    provider: Title | None = None
    days: Annotated[Whole, Field(ge=1, le=1000)]


class Article(Part):
    """An article of the agreement; its number is its rank. Lines of a paragraph that begin with « - » are a list."""

    code: Code
    title: Title
    paragraphs: Annotated[tuple[Prose, ...], Field(min_length=1)]
    condition: Condition | None = None


class Agreement(Part):
    """The outline of the agreement: what is drawn up for each selected file."""

    title: Title
    months: Annotated[Whole, Field(ge=1, le=240)]
    follow_on_months: Annotated[Whole, Field(ge=1, le=120)] | None = None
    recitals: tuple[Prose, ...] = ()
    expertise: tuple[Expertise, ...] = ()
    articles: Annotated[tuple[Article, ...], Field(min_length=1)]
    annexes: tuple[Title, ...] = ()

    @property
    def days(self) -> int:
        return sum(entry.days for entry in self.expertise)


class Indicator(Part):
    """What is measured: of the work done, of its result, of its impact."""

    code: Code
    label: Annotated[Line, Field(max_length=200)]
    kind: Literal["work", "result", "impact"]
    unit: Annotated[Line, Field(max_length=40)]
    objective: Code | None = None
    target: Annotated[Line, Field(max_length=120)] | None = None
