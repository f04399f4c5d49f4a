"""The form of one section, made from the rows of the call. Always bound: what was typed is shown again as it was."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict

from portal.core.typography import format_date
from portal.core.ui import FieldLook

from ..content.answers import Typed, tidy
from ..content.progress import AnswerState, SectionProgress, answer_state, fault_or_missing
from ..funding.verdicts import Frame
from .controls import widget_of
from .operations import OperationsInput
from .site import SiteInput

SHOWN, VERSION = "affichees", "version"


class AnswerField(forms.Field):
    """Reads an answer as the whole portal reads it; `demanding` also says what is missing."""

    def __init__(self, answer: AnswerState, *, demanding: bool, help_text: str, on: date, widget: forms.Widget) -> None:
        question = answer.question
        super().__init__(required=answer.required, label=question.label, help_text=help_text)
        self.answer, self.demanding, self.on, self.look = answer, demanding, on, look_of(question)
        self.widget = widget

    def clean(self, value: Any) -> Typed:
        question, piece = self.answer.question, self.answer.piece
        typed = tidy(value, question.kind)
        state = self.answer if piece else answer_state(question, typed, self.on, self.answer.frame)
        sentence = fault_or_missing(state) if self.demanding else state.fault
        if sentence:
            raise forms.ValidationError(sentence)
        return state.typed


class SectionForm(forms.Form):
    """Fields named by the codes of the questions, in the order of the call.

    `on`: the day of the clock. `rows`: the rows of the pieces that questions show, by code of the piece. `extra`: the
    table to which one more row is asked for.
    """

    use_required_attribute = False

    def __init__(
        self,
        section: SectionProgress,
        data: Mapping[str, Any] | None = None,
        *,
        demanding: bool = False,
        hints: Mapping[str, str],
        on: date,
        rows: Mapping[str, Any] | None = None,
        extra: str = "",
    ) -> None:
        typed = {answer.question.code: answer.typed for answer in section.answers}
        super().__init__(data=data if data is not None else typed, auto_id="id_%s")
        for answer in section.answers:
            code = answer.question.code
            if answer.question.kind == "file" and answer.piece is None:
                continue
            widget = control_of(answer, extra=extra, row=(rows or {}).get(answer.question.piece_code))
            self.fields[code] = AnswerField(
                answer, demanding=demanding, help_text=hint_of(answer, hints), on=on, widget=widget
            )

    @property
    def helper(self) -> FormHelper:
        """Fields only: the page holds the form element, with its version and its buttons."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper

    @property
    def shown(self) -> str:
        """The codes on the page, so that a box left empty is told from a question that was not there."""
        return ",".join(self.fields)


def control_of(answer: AnswerState, *, extra: str = "", row: Any = None) -> forms.Widget:
    """The control of a question, blank or not; `extra`: the name of the rows to which one more is asked for."""
    question = answer.question
    if question.kind == "operations":
        return OperationsInput(question, answer.frame or Frame(), extra=extra)
    if question.kind == "site":
        return SiteInput(question, extra=extra)
    return widget_of(question, extra=question.code == extra, row=row)


def typed_in(data: QueryDict, questions: Iterable[Any], files: Any = None) -> dict[str, Any]:
    """What the person sent for the questions that their page showed: an empty box counts, an absent one does not."""
    shown = set(data[SHOWN].split(",")) if SHOWN in data else {key.partition("-")[0] for key in data}
    asked = (question for question in questions if question.code in shown and question.kind != "file")
    return {q.code: control_of(AnswerState(q, "")).value_from_datadict(data, files or {}, q.code) for q in asked}


def without_row(typed: Mapping[str, Any], removal: str) -> dict[str, Any]:
    """What was typed less one row: `removal` is « <question>:<row, from 1> », or « <question>-0-expenses:<row> »."""
    place, _, number = removal.partition(":")
    code, *inside = place.split("-")
    return (
        {**typed, code: _without(typed[code], inside, int(number))}
        if code in typed and number.isdecimal()
        else {**typed}
    )


def _without(rows: Any, inside: Sequence[str], number: int) -> Any:
    """The rows less one; `inside` is the rank of the row that holds them and the name of its list, or nothing."""
    if not isinstance(rows, list):
        return rows
    if not inside:
        return [row for n, row in enumerate(rows, 1) if n != number]
    rank, name = inside[0], inside[-1]
    return [{**row, name: _without(row.get(name), (), number)} if str(n) == rank else row for n, row in enumerate(rows)]


def version_of(data: Mapping[str, Any]) -> int:
    """The version that the page showed; nonsense counts as never saved, and so never overwrites."""
    text = str(data.get(VERSION, ""))
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def look_of(question: Any) -> FieldLook:
    width = {
        "number": "short",
        "percent": "short",
        "money": "short",
        "date": "short",
        "phone": "medium",
        "email": "medium",
        "commune": "medium",
        "intercommunality": "medium",
        "organisation": "medium",
    }
    suffix = {"percent": "%", "money": "€", "number": question.unit}.get(question.kind, "")
    return FieldLook(
        width=width.get(question.kind, "full"),  # type: ignore[arg-type]
        suffix=suffix,
        audience="Visible du jury" if question.visible_to_jury else "Lu par le service seulement",
        counter=question.max_length if question.kind in {"text", "long_text"} else None,
    )


def hint_of(answer: AnswerState, hints: Mapping[str, str]) -> str:
    """The call's hint, the source of a fact already filled in, and the shape of a date."""
    question = answer.question
    shape = {
        "multiple": "Plusieurs réponses possibles.",
        "date": "Jour/mois/année, par exemple 31/03/2027.",
        "commune": "Commencez à écrire son nom. Sans liste proposée, ajoutez son département : Étretat (76).",
        "intercommunality": "Commencez à écrire son nom. Sans liste proposée, écrivez son nom entier ou son SIREN.",
        "organisation": "SIRET de 14 chiffres, ou SIREN de 9 chiffres.",
    }
    grace = "" if question.optional_until is None else grace_sentence(question.optional_until, answer.required)
    parts = [question.hint or shape.get(question.kind, ""), grace, hints.get(question.code, "")]
    return " ".join(part for part in parts if part)


def grace_sentence(until: date, required: bool) -> str:
    """« Facultatif jusqu’au 31 mars 2027, demandé ensuite. »"""
    return "" if required else f"Facultatif jusqu’au {format_date(until)}, demandé ensuite."
