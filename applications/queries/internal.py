"""What the examination notes of a file in the fields of its call: typed like answers, read by the team alone."""

from collections.abc import Collection
from types import SimpleNamespace
from typing import Any

from calls.definition.examination import InternalField
from calls.examination import examination_of
from calls.models import Call
from portal.core.calendar import day_of
from portal.core.clock import portal_now

from .. import states
from ..content.progress import AnswerState, answer_state
from ..models import Application, InternalValue

KINDS = {"text": "text", "number": "number", "yes_no": "yes_no", "date": "date", "choice": "single"}


def question_of(field: InternalField) -> Any:
    """A field as a question: the same readings, the same controls."""
    return SimpleNamespace(
        code=field.code,
        label=field.label,
        kind=KINDS[field.kind],
        hint="La décision l’attend." if field.needed else "",
        required=field.needed,
        max_length=1000,
        minimum=None,
        maximum=None,
        unit="",
        options=[{"code": option, "label": option} for option in field.options],
        columns=[],
        visible_to_jury=False,
        optional_until=None,
        prefill="",
        piece_code="",
        is_fact=False,
        is_project_title=False,
    )


def latest_values(call: Call, files: Collection[int] | None = None) -> dict[int, dict[str, str]]:
    """{file: {field: what was typed last}} of a call, or of some of its files; one query."""
    rows = InternalValue.objects.filter(application__call=call)
    rows = rows if files is None else rows.filter(application__in=files)
    found: dict[int, dict[str, str]] = {}
    for row in rows.order_by("at", "pk"):
        found.setdefault(row.application_id, {})[row.code] = row.typed
    return found


def internal_of(application: Application) -> list[AnswerState]:
    """The fields of the call with what this file holds."""
    fields = examination_of(application.call).fields
    if not fields:
        return []
    typed = latest_values(application.call, [application.pk]).get(application.pk, {})
    return [answer_state(question_of(field), typed.get(field.code, ""), day_of(portal_now())) for field in fields]


def lacking(call: Call) -> int:
    """How many admissible files lack a right value in a field that the decision waits for; two queries."""
    needed = [question_of(field) for field in examination_of(call).fields if field.needed]
    if not needed:
        return 0
    today = day_of(portal_now())
    files = list(call.applications.filter(state=states.ADMISSIBLE).values_list("pk", flat=True))
    values = latest_values(call, files)
    typed = [[values.get(pk, {}).get(question.code, "") for question in needed] for pk in files]
    return sum(
        any(answer_state(question, text, today).value is None for question, text in zip(needed, row, strict=True))
        for row in typed
    )
