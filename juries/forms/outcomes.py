"""What the president and the secretary write of a file beside its ballot."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from ..models import AgendaItem, Attendance, RankingDeparture, Vote

REASON_MISSING = "Écrivez le motif : le procès-verbal et la lettre le reprennent tel quel."
# The outcomes whose reasons a result may take from the call.
OUTCOMES_OF = {
    AgendaItem.Result.FAVOURABLE: ("selected", "reserve"),
    AgendaItem.Result.UNFAVOURABLE: ("not_selected",),
    AgendaItem.Result.NO_VOTE: ("not_selected",),
    AgendaItem.Result.DEFERRED: ("deferred",),
}


def reason_field() -> forms.CharField:
    return forms.CharField(
        label="Motif porté au procès-verbal",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="Repris tel quel dans la lettre à la commune.",
        error_messages={"required": REASON_MISSING},
    )


class ReasonForm(forms.Form):
    """The reasons of the call that apply, and a text; one of the two at least."""

    reason = reason_field()

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        rows = item.session.call.reason_codes.filter(outcome__in=OUTCOMES_OF.get(item.result, ()))
        self.known = {row.code: row.label for row in rows}
        super().__init__(*args, initial=self._initial(item), **kwargs)
        if self.known:
            codes = forms.MultipleChoiceField(
                label="Motifs prévus par l’appel",
                choices=list(self.known.items()),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text="Leur phrase précède votre texte.",
            )
            self.fields = {"codes": codes, "reason": self.fields["reason"]}
            self.fields["reason"].required = False

    def _initial(self, item: AgendaItem) -> dict[str, Any]:
        """The text alone: the sentences of the call are ticked apart."""
        codes = [code for code in item.reason_codes if code in self.known]
        told = " ".join(self.known[code] for code in codes)
        return {"codes": codes, "reason": item.reason.removeprefix(told).strip()}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("codes") and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", REASON_MISSING)
        return data


class DeferForm(forms.Form):
    """Why a file is put off, and what the commune is asked for meanwhile."""

    reason = reason_field()
    requests = forms.CharField(
        label="Ce que le jury demande à la commune",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
        help_text="Pièces, précisions, réponses attendues avant la prochaine séance.",
    )


class OpinionForm(forms.Form):
    """The opinion of a committee that does not vote."""

    outcome = forms.ChoiceField(
        label="Avis du comité",
        choices=[("for", "Avis favorable"), ("against", "Avis défavorable")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez l’avis du comité."},
    )
    reason = reason_field()


class DepartureForm(forms.Form):
    """Another place than the notes give, or none; and why."""

    OUT, RANKED = "hors", "rang"
    kind = forms.ChoiceField(
        label="Ce que le jury décide",
        choices=[(RANKED, "Une autre place dans le classement"), (OUT, "Hors du classement")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce que le jury décide."},
    )
    place = forms.IntegerField(
        label="Place décidée",
        min_value=1,
        error_messages={"required": "Écrivez la place décidée, par exemple 3."},
        help_text="Par exemple 3. Les seuils, les places et la liste complémentaire s’appliquent à cette place.",
    )
    reason = forms.CharField(
        label="Motif de l’écart",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="Porté au procès-verbal, avec la place calculée.",
        error_messages={"required": "S’écarter du classement demande un motif écrit."},
    )

    @classmethod
    def starting(cls, row: RankingDeparture | None) -> dict[str, Any]:
        if row is None:
            return {"kind": cls.RANKED}
        return {"kind": cls.RANKED if row.place else cls.OUT, "place": row.place, "reason": row.reason}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == self.OUT:
            self.errors.pop("place", None)
        return data

    @property
    def decided(self) -> int | None:
        return self.cleaned_data["place"] if self.cleaned_data["kind"] == self.RANKED else None


class HandsForm(forms.Form):
    """One vote per seat that has not voted from its own device."""

    NONE = ("", "N’a pas voté")

    def __init__(self, *args: Any, rows: Iterable[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows: Sequence[Attendance] = list(rows)
        for row in self.rows:
            self.fields[f"siege_{row.seat_id}"] = forms.ChoiceField(
                label=row.seat.label, required=False, choices=[self.NONE, *Vote.Choice.choices]
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.rows and not any(data.values()):
            raise forms.ValidationError("Notez au moins un vote à main levée.")
        return data

    @property
    def choices(self) -> dict[int, str]:
        """{seat: choice} of those who raised a hand."""
        said = {row.seat_id: self.cleaned_data[f"siege_{row.seat_id}"] for row in self.rows}
        return {seat: choice for seat, choice in said.items() if choice}


class ErratumForm(forms.Form):
    """What is wrong in signed minutes, and what should be read."""

    text = forms.CharField(
        label="Ce que l’erratum corrige",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Citez le passage, puis écrivez ce qu’il faut lire.",
        error_messages={"required": "Écrivez ce que l’erratum corrige."},
    )
