"""What is asked: sections of questions, pieces, undertakings."""

from typing import Annotated, Literal

from pydantic import Field

from calls.definition.predicates import Condition
from calls.definition.timetable import AskedAt
from calls.definition.values import Code, Day, Flag, Line, Number, Part, Prose, Title, Whole

QuestionKind = Literal[
    "text",
    "long_text",
    "number",
    "percent",
    "money",
    "date",
    "single",
    "multiple",
    "yes_no",
    "email",
    "phone",
    "commune",
    "intercommunality",
    "organisation",
    "table",
    "operations",
    "site",
    "file",
    "undertaking",
]
CHOICE_KINDS = frozenset({"single", "multiple"})
TEXT_KINDS = frozenset({"text", "long_text"})
NUMBER_KINDS = frozenset({"number", "percent", "money"})
# What a rule may read of each operation, as it reads the column of a table.
OPERATION_NUMBERS = frozenset({"cost", "eligible", "asked", "months"})
OPERATION_DATES = frozenset({"start", "end"})
MOST_OPERATIONS = 10

# Facts that the portal knows of the applicant and fills in.
Prefill = Literal[
    "commune.name",
    "commune.insee",
    "commune.siren",
    "commune.department",
    "commune.population_municipale",
    "commune.population_totale",
    "intercommunality.name",
    "intercommunality.siren",
    "organisation.mail",
    "organisation.phone",
    "organisation.representative",
    "user.name",
    "user.mail",
]
Hint = Annotated[Prose, Field(max_length=400)]


class Option(Part):
    """One possible answer. An exclusive one (« Aucun de ceux-là ») cannot go with another."""

    code: Code
    label: Line
    exclusive: Flag = False


class Column(Part):
    """One column of a table."""

    code: Code
    label: Annotated[Line, Field(max_length=80)]
    kind: Literal["text", "number", "money", "date", "single", "yes_no"] = "text"
    unit: Annotated[Line, Field(max_length=20)] | None = None
    options: tuple[Option, ...] = ()
    required: Flag = True


class Question(Part):
    """One question. `fact` makes its answer a typed row at deposit: counted, filtered, published.

    The answer to the one with `project_title` names the file everywhere. `optional_until`: it may stay without answer
    until that day, included. A table has `columns` and from `min_rows` to `max_rows` rows; operations, each with its
    financing plan, have as many; a file shows the `piece` of that code in its place.
    """

    code: Code
    kind: QuestionKind
    label: Annotated[Line, Field(max_length=250)]
    hint: Hint | None = None
    required: Flag = True
    max_length: Annotated[Whole, Field(ge=1, le=20000)] | None = None
    min: Number | None = None
    max: Number | None = None
    unit: Annotated[Line, Field(max_length=20)] | None = None
    options: tuple[Option, ...] = ()
    condition: Condition | None = None
    visible_to_jury: Flag = True
    fact: Flag = False
    project_title: Flag = False
    prefill: Prefill | None = None
    optional_until: Day | None = None
    columns: tuple[Column, ...] = ()
    min_rows: Annotated[Whole, Field(ge=0, le=100)] = 0
    max_rows: Annotated[Whole, Field(ge=1, le=100)] = 20
    piece: Code | None = None


class Section(Part):
    """A short page of the form; `lead` stands under its title."""

    code: Code
    title: Title
    lead: Annotated[Prose, Field(max_length=300)] | None = None
    stage: AskedAt = "file"
    condition: Condition | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


FileType = Literal["pdf", "docx", "odt", "xlsx", "ods", "jpg", "png", "geojson"]


class Piece(Part):
    """A document asked for. `promised_until`: it may be promised at deposit, and handed in by the end of that day.

    `resolution`: it is the act of a council; its assembly, date and number are asked beside the file.
    """

    code: Code
    label: Title
    hint: Hint | None = None
    need: Literal["required", "conditional", "optional"] = "required"
    stage: AskedAt = "file"
    condition: Condition | None = None
    accepted: Annotated[tuple[FileType, ...], Field(min_length=1)] = ("pdf",)
    max_megabytes: Annotated[Whole, Field(ge=1, le=200)] = 10
    min_count: Annotated[Whole, Field(ge=1, le=50)] = 1
    max_count: Annotated[Whole, Field(ge=1, le=50)] = 1
    promised_until: Day | None = None
    resolution: Flag = False
    visible_to_jury: Flag = True


class Undertaking(Part):
    """What the applicant commits to, ticked by the person who signs."""

    code: Code
    label: Line
    condition: Condition | None = None


class Download(Part):
    """A document to download: rules, model of a piece, annex… Its bytes (`file`: their name) are not in the text."""

    code: Code
    label: Title
    kind: Literal["rules", "model", "annex", "map", "list"] = "annex"
    hint: Hint | None = None
    piece: Code | None = None
    file: Annotated[Line, Field(max_length=120)] | None = None
