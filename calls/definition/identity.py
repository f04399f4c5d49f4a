"""Who calls, whom, where, for what: identity, partners, support, applicants, perimeter, tracks, strata, contact."""

from typing import Annotated, Literal

from pydantic import Field

from calls.definition.predicates import ApplicantKind, PopulationKind, Year
from calls.definition.values import Code, Flag, Line, Mail, Part, Phone, Prose, Siren, Title, Whole

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


class Support(Part):
    """What the selected receive."""

    kinds: Annotated[tuple[SupportKind, ...], Field(min_length=1)]
    text: Prose
    months: Annotated[Whole, Field(ge=1, le=240)] | None = None

    @property
    def pays(self) -> bool:
        """Whether money is given, and not only time."""
        return not MONEY_KINDS.isdisjoint(self.kinds)


class Group(Part):
    """The joint file: how many applicants, lead included."""

    min: Annotated[Whole, Field(ge=2)] = 2
    max: Annotated[Whole, Field(ge=2)]
    text: Prose | None = None


class Applicants(Part):
    """Who may apply. `public` says that some are « public » in the sense of the CRPA (associations, owners)."""

    kinds: Annotated[tuple[ApplicantKind, ...], Field(min_length=1)] = ("commune",)
    group: Group | None = None
    public: Flag = False
    text: Prose | None = None


PerimeterKind = Literal["intercommunality", "department", "region", "communes"]


class Perimeter(Part):
    """Where: intercommunalities by SIREN, départements or regions by code, a list of communes by INSEE code."""

    kind: PerimeterKind
    codes: Annotated[tuple[Line, ...], Field(min_length=1)]
    label: Title


class Track(Part):
    """One way to apply among several (axis, pillar)."""

    code: Code
    label: Title


class Stratum(Part):
    """A class of communes by population: `lower` included, `upper` excluded, an absent `upper` is open."""

    code: Code
    label: Annotated[Title, Field(max_length=80)]
    population_kind: PopulationKind = "municipale"
    year: Year
    lower: Annotated[Whole, Field(ge=0)] = 0
    upper: Annotated[Whole, Field(ge=1)] | None = None

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
    draft_months: Annotated[Whole, Field(ge=1)] = 12
    not_selected_years: Annotated[Whole, Field(ge=1)] = 5
    selected_years: Annotated[Whole, Field(ge=1)] = 10


class Template(Part):
    """A national template: `locked` names by path what its local instances may not change."""

    locked: tuple[Line, ...] = ()
