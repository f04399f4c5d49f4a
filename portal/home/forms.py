"""Forms of the reminders: their rhythm, the period that one looks at."""

from datetime import time

from django import forms
from django.db.models import QuerySet

from portal.core.calendar import end_of_day, wall_clock
from portal.core.models import DigestChoice, Reminder


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(
        label="Comment voulez-vous vos rappels ?",
        choices=[
            (DigestChoice.Rhythm.EACH, "Chaque rappel à son heure"),
            (DigestChoice.Rhythm.DAILY, "Un récapitulatif chaque jour ouvré"),
            (DigestChoice.Rhythm.WEEKLY, "Un récapitulatif par semaine, le premier jour ouvré"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un rythme.", "invalid_choice": "Choisissez un rythme."},
    )


class PeriodForm(forms.Form):
    """What would leave between two days, both included."""

    du = forms.DateField(label="Du", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    au = forms.DateField(label="Au", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    etat = forms.CharField(required=False, widget=forms.HiddenInput)

    def within(self, rows: QuerySet[Reminder]) -> QuerySet[Reminder]:
        """The reminders of the period; all of them when the days are missing or wrong."""
        if not self.is_valid():
            return rows
        first, last = self.cleaned_data["du"], self.cleaned_data["au"]
        if first:
            rows = rows.filter(due_at__gte=wall_clock(first, time(0)))
        return rows.filter(due_at__lte=end_of_day(last)) if last else rows
