"""The form of one section, made from the rows of the call. Always bound: what was typed is shown again as it was."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict

from portal.core.ui import FieldLook

from ..answers import NO, YES, Typed, tidy
from ..progress import AnswerState, SectionProgress, answer_state, fault_or_missing

SHOWN, VERSION = "affichees", "version"
FEW_CHOICES = 7


class AnswerField(forms.Field):
    """Reads an answer as the whole portal reads it; `demanding` also says what is missing."""

    def __init__(self, question: Any, *, demanding: bool, help_text: str, look: FieldLook) -> None:
        super().__init__(required=question.required, label=question.label, help_text=help_text)
        self.question, self.demanding, self.look = question, demanding, look
        self.widget = widget_of(question)

    def clean(self, value: Any) -> Typed:
        state = answer_state(self.question, tidy(value, self.question.kind))
        sentence = fault_or_missing(state) if self.demanding else state.fault
        if sentence:
            raise forms.ValidationError(sentence)
        return state.typed


class SectionForm(forms.Form):
    """Fields named by the codes of the questions, in the order of the call."""

    use_required_attribute = False

    def __init__(
        self,
        section: SectionProgress,
        data: Mapping[str, Any] | None = None,
        *,
        demanding: bool = False,
        hints: Mapping[str, str],
    ) -> None:
        typed = {answer.question.code: answer.typed for answer in section.answers}
        super().__init__(data=data if data is not None else typed, auto_id="id_%s")
        for answer in section.answers:
            self.fields[answer.question.code] = AnswerField(
                answer.question, demanding=demanding, help_text=hint_of(answer, hints), look=look_of(answer.question)
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


def typed_in(data: QueryDict) -> dict[str, list[str]]:
    """What the person sent for the questions that their page showed: an empty box counts, an absent one does not."""
    shown = data.get(SHOWN, "").split(",") if SHOWN in data else data.keys()
    return {name: data.getlist(name) for name in shown if name}


def version_of(data: Mapping[str, Any]) -> int:
    """The version that the page showed; nonsense counts as never saved, and so never overwrites."""
    text = str(data.get(VERSION, ""))
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def widget_of(question: Any) -> forms.Widget:
    """One control per kind; the browser checks nothing, the server says it in French."""
    options = [(option["code"], option["label"]) for option in question.options]
    if question.kind == "multiple":
        return forms.CheckboxSelectMultiple(choices=options)
    if question.kind == "yes_no":
        return forms.RadioSelect(choices=[(YES, "Oui"), (NO, "Non")])
    if question.kind == "single":
        if len(options) <= FEW_CHOICES:
            return forms.RadioSelect(choices=options)
        return forms.Select(choices=[("", "Choisissez…"), *options])
    if question.kind == "long_text":
        return forms.Textarea(attrs={"rows": 6})
    return forms.TextInput(attrs=_ATTRIBUTES.get(question.kind, {}))


_ATTRIBUTES: dict[str, dict[str, str]] = {
    "number": {"inputmode": "decimal", "autocomplete": "off"},
    "percent": {"inputmode": "decimal", "autocomplete": "off"},
    "money": {"inputmode": "decimal", "autocomplete": "off"},
    "date": {"autocomplete": "off"},
    "email": {"inputmode": "email", "spellcheck": "false"},
    "phone": {"inputmode": "tel"},
}


def look_of(question: Any) -> FieldLook:
    width = {
        "number": "short",
        "percent": "short",
        "money": "short",
        "date": "short",
        "phone": "medium",
        "email": "medium",
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
    shape = {"multiple": "Plusieurs réponses possibles.", "date": "Jour/mois/année, par exemple 31/03/2027."}
    parts = [question.hint or shape.get(question.kind, ""), hints.get(question.code, "")]
    return " ".join(part for part in parts if part)
