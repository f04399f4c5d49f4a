"""How deposited files are examined: how an incomplete one is completed, what becomes of it without an answer."""

from typing import Annotated, Literal

from pydantic import Field

from calls.definition.values import Code, Flag, Part, Title, Whole


class Check(Part):
    """One thing that the examination verifies on each file before it says that the file is admissible."""

    code: Code
    label: Title


class InternalField(Part):
    """What the examination notes of each file. `needed`: the decision waits for it; `options`: those of a choice."""

    code: Code
    label: Title
    kind: Literal["text", "number", "yes_no", "date", "choice"]
    options: tuple[Title, ...] = ()
    needed: Flag = False


class Examination(Part):
    """`completion_days`: how long an applicant has to complete its file, unless the request says another day.

    `completion_expiry`: without an answer in time, the file is examined `as_is`, or it is `inadmissible`.
    `opinion_days`: how long a service has to give its opinion, unless the request says another day.
    """

    checklist: tuple[Check, ...] = ()
    fields: tuple[InternalField, ...] = ()
    completion_days: Annotated[Whole, Field(ge=1, le=180)] = 15
    completion_expiry: Literal["as_is", "inadmissible"] = "as_is"
    opinion_days: Annotated[Whole, Field(ge=1, le=180)] = 21
