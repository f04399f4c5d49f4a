"""Who calls, whom, where, for what: identity, partners, support, applicants, perimeter, tracks, strata, contact."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from calls.definition.predicates import ApplicantKind, PopulationKind, Year
from calls.definition.values import (
    Code,
    Day,
    Flag,
    Insee,
    Line,
    Mail,
    Part,
    Phone,
    Prose,
    Siren,
    Slug,
    Title,
    WebAddress,
    Whole,
    refuse,
)

SupportKind = Literal[
    "method",
    "engineering",
    "funding_search",
    "project_manager",
    "team",
    "study_grant",
    "works_grant",
    "label",
    "network",
]
MONEY_KINDS = frozenset({"project_manager", "study_grant", "works_grant"})
PartnerRole = Literal["co_pilot", "funder", "technical", "local_lead", "opinion", "signatory"]


class Programme(Part):
    """The lasting policy of which this call is one edition."""

    code: Code
    title: Title


class Brief(Part):
    """One line of « En bref »."""

    label: Title
    text: Prose


class Text(Part):
    """One titled text of the page and of the published rules."""

    code: Code
    title: Title
    text: Prose


class Frame(Part):
    """One text of law or policy that the call stands on: a contract, a plan, a label."""

    code: Code
    label: Title
    text: Prose | None = None
    signed_on: Day | None = None
    url: WebAddress | None = None


class Objective(Part):
    """What the call is after; an indicator may measure it."""

    code: Code
    label: Title
    text: Prose | None = None


class Axis(Part):
    """An axis or pillar of the programme. It orders what is offered; one does not apply to an axis but to a track."""

    code: Code
    label: Title
    text: Prose | None = None


class Owner(Part):
    """The organisation that calls; its rights, look and signatories come from its own record."""

    siren: Siren
    name: Title
    service: Title | None = None


class Partner(Part):
    """An organisation beside the owner, and its part in the call."""

    code: Annotated[Code, Field(max_length=20)]
    name: Title
    role: PartnerRole


class Theme(Part):
    """A field of expertise offered, with the partners who answer for it (their codes)."""

    code: Code
    label: Title
    partners: tuple[Code, ...] = ()


class Support(Part):
    """What the selected receive, for `months`, or from `months` to `max_months`."""

    kinds: Annotated[tuple[SupportKind, ...], Field(min_length=1)]
    text: Prose
    months: Annotated[Whole, Field(ge=1, le=240)] | None = None
    max_months: Annotated[Whole, Field(ge=1, le=240)] | None = None
    themes: tuple[Theme, ...] = ()

    @model_validator(mode="after")
    def _range(self) -> "Support":
        if self.max_months is not None and (self.months is None or self.max_months <= self.months):
            refuse("« max_months » va avec « months », et le dépasse : écrivez par exemple months: 8, max_months: 12.")
        return self

    @property
    def longest(self) -> int | None:
        """The most months that the support may last."""
        return self.max_months or self.months

    @property
    def pays(self) -> bool:
        """Whether money is given, and not only time."""
        return not MONEY_KINDS.isdisjoint(self.kinds)


class Group(Part):
    """The joint file: how many applicants, lead included."""

    min: Annotated[Whole, Field(ge=2, le=1000)] = 2
    max: Annotated[Whole, Field(ge=2, le=1000)]
    text: Prose | None = None


class Applicants(Part):
    """Who may apply. `public` says that some are « public » in the sense of the CRPA (associations, owners)."""

    kinds: Annotated[tuple[ApplicantKind, ...], Field(min_length=1)] = ("commune",)
    group: Group | None = None
    public: Flag = False
    text: Prose | None = None


PerimeterKind = Literal[
    "intercommunality",
    "department",
    "region",
    "communes",
    "canton",
    "district",
    "basin",
    "massif",
    "constituency",
    "grouping",
]
# Places that a file of groupings gives, commune by commune, and what that file calls them (`docs/territoires.md`).
GROUPINGS = {
    "canton": "canton",
    "district": "arrondissement",
    "basin": "bassin",
    "massif": "massif",
    "constituency": "circonscription",
    "grouping": "autre",
}


class Place(Part):
    """Where: intercommunalities by SIREN, départements or regions by code, a list of communes by INSEE code.

    Or a canton, a massif…, by the code that its file gives it.
    """

    kind: PerimeterKind
    codes: Annotated[tuple[Line, ...], Field(min_length=1)]


class Perimeter(Place):
    """The place of the call, and its name."""

    label: Title


class Access(Part):
    """Who may apply beyond the rules: all; those invited (SIREN or INSEE codes); the signatories of another call."""

    kind: Literal["open", "invitation", "signatories"] = "open"
    invited: tuple[Line, ...] = ()
    call: Slug | None = None


class Template(Part):
    """This document is the template of local instances; `locked` are the paths that they may not change."""

    locked: tuple[Line, ...] = ()


class Track(Part):
    """One way to apply among several (axis, pillar)."""

    code: Code
    label: Title
    text: Prose | None = None


# What each kind of stratum cannot do without, and how it is written.
STRATUM_KEYS = {
    "population": ("year", "year: 2023"),
    "communes": ("communes", 'communes: ["76254"]'),
    "perimeter": ("perimeter", 'perimeter: {kind: department, codes: ["05"]}'),
    "applicant": ("kinds", "kinds: [intercommunality]"),
    "attribute": ("attribute", "attribute: DENSITE"),
}


class Stratum(Part):
    """A class of applicants, the first that holds being theirs.

    By `population` (`lower` included, `upper` excluded, an absent `upper` is open), by a list of `communes`, by a
    `perimeter`, by kind of `applicant`, or by an `attribute` of the commune (without `values`, whatever its value).
    """

    code: Code
    label: Annotated[Title, Field(max_length=80)]
    kind: Literal["population", "communes", "perimeter", "applicant", "attribute"] = "population"
    population_kind: PopulationKind = "municipale"
    year: Year | None = None
    lower: Annotated[Whole, Field(ge=0, le=100_000_000)] = 0
    upper: Annotated[Whole, Field(ge=1, le=100_000_000)] | None = None
    communes: tuple[Insee, ...] = ()
    perimeter: Place | None = None
    kinds: tuple[ApplicantKind, ...] = ()
    attribute: Annotated[Line, Field(max_length=30)] | None = None
    values: tuple[Annotated[Line, Field(max_length=20)], ...] = ()

    @model_validator(mode="after")
    def _says_how(self) -> "Stratum":
        key, example = STRATUM_KEYS[self.kind]
        if not getattr(self, key):
            refuse(f"une strate « {self.kind} » a besoin de « {key} » : écrivez par exemple {example}.")
        return self

    def holds(self, population: int) -> bool:
        return self.lower <= population and (self.upper is None or population < self.upper)


class Contact(Part):
    """Whom to call: shown on each page of the call's space."""

    service: Title
    phone: Phone
    hours: Annotated[Line, Field(max_length=100)]
    mail: Mail
    address: Line | None = None


class DataNotice(Part):
    """What is done with personal data, who answers for it, how long it is kept."""

    text: Prose
    dpo_mail: Mail
    draft_months: Annotated[Whole, Field(ge=1, le=1200)] = 12
    not_selected_years: Annotated[Whole, Field(ge=1, le=100)] = 5
    selected_years: Annotated[Whole, Field(ge=1, le=100)] = 10
