"""To whom a mandate is given, for which call, from which day to which day."""

from collections.abc import Sequence
from typing import Any

from django import forms

from calls.forms_life import DayInput
from calls.models import Call

EVERY_CALL = ""


class MandateForm(forms.Form):
    """One organisation among those found, one call or all, two days."""

    use_required_attribute = False
    who = forms.ChoiceField(
        label="Organisme mandaté", widget=forms.RadioSelect, error_messages={"required": "Choisissez un organisme."}
    )
    call = forms.ChoiceField(label="Pour quel appel", required=False)
    from_on = forms.DateField(
        label="Premier jour", widget=DayInput(), error_messages={"required": "Indiquez le premier jour du mandat."}
    )
    until_on = forms.DateField(
        label="Dernier jour",
        widget=DayInput(),
        help_text="Compris. Le mandat cesse de lui-même après ce jour ; vous pouvez le révoquer avant.",
        error_messages={"required": "Indiquez le dernier jour du mandat : un mandat n’est jamais sans fin."},
    )

    def __init__(self, found: Sequence[tuple[str, str]], calls: Sequence[Call], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calls = {call.slug: call for call in calls}
        self.fields["who"].choices = list(found)  # type: ignore[attr-defined]
        named = [(slug, f"{call.title} {call.edition}") for slug, call in self.calls.items()]
        self.fields["call"].choices = [(EVERY_CALL, "Tous les appels"), *named]  # type: ignore[attr-defined]

    @property
    def chosen_call(self) -> Call | None:
        return self.calls.get(self.cleaned_data["call"])


class RevocationForm(forms.Form):
    """Why, if one wishes to say it."""

    reason = forms.CharField(
        label="Motif",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="L’organisme mandaté le lira.",
    )
