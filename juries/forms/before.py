"""Forms of what surrounds the meeting: agenda and slots, proxies, answer of a commune, note of the discussion."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from django import forms

from portal.core.calendar import PARIS

from ..models import AgendaItem, Hearing, Seat


class AgendaForm(forms.Form):
    """For each file its rank and the hour of its hearing; `names` by application."""

    def __init__(
        self,
        *args: Any,
        items: Iterable[AgendaItem],
        names: Mapping[int, str],
        hearings: Mapping[int, Hearing],
        hours: Mapping[int, time] | None = None,
        **kwargs: Any,
    ) -> None:
        """`hours`: proposed slots, in the place of those recorded."""
        super().__init__(*args, **kwargs)
        self.items = list(items)
        self.hearings, self.names = hearings, names
        for rank, item in enumerate(self.items, start=1):
            name, slot = names[item.application_id], hearings.get(item.pk)
            hour = hours.get(item.pk) if hours is not None else hour_of(slot)
            self.fields[f"rang_{item.pk}"] = forms.IntegerField(
                label=f"Rang, {name}",
                min_value=1,
                max_value=9999,
                initial=rank,
                widget=forms.NumberInput(attrs={"class": "form-control"}),
            )
            self.fields[f"heure_{item.pk}"] = forms.TimeField(
                label=f"Audition, {name}",
                required=False,
                initial=hour,
                widget=forms.TimeInput(attrs={"type": "time", "class": "form-control"}, format="%H:%M"),
            )

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What the page draws, in the order of the agenda."""
        return [
            {
                "item": item,
                "name": self.names[item.application_id],
                "rank": self[f"rang_{item.pk}"],
                "hour": self[f"heure_{item.pk}"],
                "hearing": self.hearings.get(item.pk),
            }
            for item in self.items
        ]

    @property
    def order(self) -> list[AgendaItem]:
        """By rank; files of one rank keep their order."""
        return sorted(self.items, key=lambda item: self.cleaned_data[f"rang_{item.pk}"])

    @property
    def hours(self) -> dict[int, time | None]:
        return {item.pk: self.cleaned_data[f"heure_{item.pk}"] for item in self.items}


def hour_of(hearing: Hearing | None) -> time | None:
    return hearing.starts_at.astimezone(PARIS).time() if hearing else None


class SlotsForm(forms.Form):
    """From what hour on hearings are proposed."""

    first = forms.TimeField(
        label="Première audition",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Donnez l’heure de la première audition."},
    )
    pause = forms.IntegerField(label="Minutes entre deux auditions", min_value=0, max_value=240, initial=10)


class HearingReplyForm(forms.Form):
    """The commune comes, or does not; and with whom."""

    comes = forms.ChoiceField(
        label="Votre réponse",
        choices=[("oui", "Nous serons présents à cette heure"), ("non", "Nous ne viendrons pas")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez votre réponse."},
    )
    message = forms.CharField(
        label="Message au service",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Par exemple qui vient, ou ce qui empêche.",
    )


class ProxyForm(forms.Form):
    """Who gives their vote, to whom, by what writing."""

    giver = forms.ModelChoiceField(
        label="Siège qui donne pouvoir",
        queryset=Seat.objects.none(),
        empty_label="À choisir",
        error_messages={"required": "Choisissez le siège qui donne pouvoir."},
    )
    bearer = forms.ModelChoiceField(
        label="Siège qui le porte",
        queryset=Seat.objects.none(),
        empty_label="À choisir",
        error_messages={"required": "Choisissez le siège qui porte le pouvoir."},
    )
    reference = forms.CharField(
        label="Écrit par lequel il est donné",
        max_length=200,
        help_text="Par exemple « courriel du 2 mai 2027 ».",
        error_messages={"required": "Dites par quel écrit le pouvoir est donné."},
    )

    def __init__(self, *args: Any, seats: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("giver", "bearer"):
            field: Any = self.fields[name]
            field.queryset = seats


class DiscussionForm(forms.Form):
    """What was said, for the minutes."""

    text = forms.CharField(
        label="Ce qui s’est dit",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Questions posées, réponses, points de débat, sans nommer personne. Repris au procès-verbal.",
    )


class ScheduleForm(forms.Form):
    """Between what instants the ballots of a written consultation are open; Paris time."""

    opens_at = forms.DateTimeField(
        label="Ouverture des scrutins",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Heure de Paris.",
        error_messages={"required": "Donnez le jour et l’heure d’ouverture."},
    )
    closes_at = forms.DateTimeField(
        label="Clôture des scrutins",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Heure de Paris. Aucun bulletin n’entre plus ensuite ; les scrutins se closent d’eux-mêmes.",
        error_messages={"required": "Donnez le jour et l’heure de clôture."},
    )
