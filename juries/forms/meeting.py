"""What the president and the secretary type during the meeting."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from calls.models import Call

from ..models import Attendance, Seat, SeatHolder
from ..queries import RankedItem, files_of
from ..services.attendance import ABSENT, EXCUSED, HERE, LABELS, LEFT, SUBSTITUTE, presence_of
from .outcomes import reason_field

TIE_CHOICES = {
    "joint_decision": (
        ("joint_decision:for", "Décision conjointe : retenir la candidature"),
        ("joint_decision:against", "Décision conjointe : ne pas la retenir"),
    ),
    "deferral": (("deferral:", "Renvoi à une prochaine séance"),),
}


class AttendanceForm(forms.Form):
    """One answer per seat: who sits now."""

    def __init__(
        self, *args: Any, rows: Iterable[Attendance], seats: Mapping[int, list[SeatHolder]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        self.seats = seats
        for row in self.rows:
            now = presence_of(row)
            kept = [(code, label) for code, label in LABELS.items() if code == now or code in self.possible(row)]
            self.fields[f"siege_{row.seat_id}"] = forms.ChoiceField(
                label=row.seat.label, choices=kept, initial=now, widget=forms.Select
            )

    def possible(self, row: Attendance) -> set[str]:
        """What may be noted: nobody sits on a seat without a holder, nobody leaves who has not come."""
        kinds = {SUBSTITUTE if holder.substitute else HERE for holder in self.seats.get(row.seat_id, [])}
        return kinds | {EXCUSED, ABSENT} | ({LEFT} if row.arrived_at else set())

    @property
    def lines(self) -> list[tuple[Attendance, list[SeatHolder], Any]]:
        return [(row, self.seats.get(row.seat_id, []), self[f"siege_{row.seat_id}"]) for row in self.rows]

    @property
    def everyone(self) -> list[tuple[Seat, str]]:
        """Every full holder not noted yet, as present."""
        return [(row.seat, HERE) for row in self.rows if row.state == ABSENT and HERE in self.possible(row)]

    @property
    def changes(self) -> list[tuple[Seat, str]]:
        """The seats whose answer is another than the one recorded."""
        chosen = [(row, self.cleaned_data[f"siege_{row.seat_id}"]) for row in self.rows]
        return [(row.seat, presence) for row, presence in chosen if presence != presence_of(row)]


class SettleTieForm(forms.Form):
    """What settles an even vote, as the rules of the call allow now, and why."""

    outcome = forms.ChoiceField(
        label="Ce qui règle le partage",
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce qui règle le partage."},
    )
    reason = reason_field()

    def __init__(self, *args: Any, steps: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["outcome"]
        field.choices = [choice for step in steps for choice in TIE_CHOICES.get(step, ())]

    @property
    def settled(self) -> tuple[str, bool]:
        """The step, and whether it is in favour."""
        step, _, side = self.cleaned_data["outcome"].partition(":")
        return step, side == "for"


class TieForm(forms.Form):
    """The order that the jury gives to files that nothing else separates, and why."""

    reason = forms.CharField(
        label="Ce qui les départage",
        max_length=300,
        help_text="Une phrase, portée au procès-verbal.",
        error_messages={"required": "Dites en une phrase ce qui départage les candidatures à égalité."},
    )

    def __init__(
        self,
        *args: Any,
        tied: Sequence[RankedItem],
        names: dict[int, str],
        labels: Mapping[str, str],
        veiled: bool = False,
        **kwargs: Any,
    ) -> None:
        """`veiled`: the ranks are not said, the person being recused from a file."""
        super().__init__(*args, **kwargs)
        self.tied = list(tied)
        for row in self.tied:
            size = sum(group_of(other) == group_of(row) for other in self.tied)
            self.fields[self._name(row)] = forms.TypedChoiceField(
                label=names[row.item.application_id],
                coerce=int,
                choices=[("", "À choisir"), *((n, f"{n}") for n in range(1, size + 1))],
                help_text=self._hint(row, labels, veiled=veiled),
                error_messages={"required": "Donnez une place à chaque candidature à égalité."},
            )

    @staticmethod
    def _hint(row: RankedItem, labels: Mapping[str, str], *, veiled: bool) -> str:
        """« Rang 2 à égalité, Volet études : place dans ce groupe. »"""
        apart = f", {labels[row.line.ranking]}" if labels.get(row.line.ranking) else ""
        if row.score is None:
            return f"Sa place dans l’ordre du jury{apart}."
        rank = "À égalité" if veiled else f"Rang {row.line.rank} à égalité"
        return f"{rank}{apart} : place dans ce groupe."

    @staticmethod
    def _name(row: RankedItem) -> str:
        return f"place_{row.item.application_id}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        places = [(group_of(row), data.get(self._name(row))) for row in self.tied]
        if None not in [place for _, place in places] and len(set(places)) < len(places):
            raise forms.ValidationError("Donnez une place différente à chaque candidature à égalité.")
        return data

    @property
    def order(self) -> list[str]:
        """The uuids, best first."""
        ordered = sorted(self.tied, key=lambda row: (group_of(row), self.cleaned_data[self._name(row)]))
        return [row.line.key for row in ordered]


def group_of(row: RankedItem) -> tuple[str, int]:
    """Files of one ranking that hold one rank."""
    return row.line.ranking, row.line.rank or 0


class PronounceForm(forms.Form):
    """A recusal pronounced by the president or the manager."""

    seat = forms.ModelChoiceField(label="Membre", queryset=Seat.objects.none(), empty_label="À choisir")
    reason = forms.CharField(
        label="Motif", max_length=200, help_text="En termes généraux, sans fait privé : le procès-verbal le reprend."
    )

    def __init__(self, *args: Any, seats: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].queryset = seats


class EarlyPronounceForm(PronounceForm):
    """The same before the session, the file named by its number; `file` once valid."""

    number = forms.CharField(
        label="Numéro de la candidature",
        max_length=30,
        error_messages={"required": "Écrivez le numéro de la candidature."},
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call = call

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"]).strip().upper()
        self.cleaned_data["file"] = files_of(self.call).filter(number=number).first()
        if self.cleaned_data["file"] is None:
            raise forms.ValidationError("Aucune candidature présentée à ce jury ne porte ce numéro.")
        return number
