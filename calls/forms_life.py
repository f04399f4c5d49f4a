"""Forms of the life of a call: visa, suspension, limits put back, end, correction, new edition."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django import forms
from pydantic import TypeAdapter
from pydantic import ValidationError as PydanticError
from pydantic_core import PydanticCustomError

from portal.core.calendar import PARIS
from portal.core.typography import format_instant, typeset

from .definition.moments import read_instant
from .definition.values import Prefix, Slug
from .forms import PublicationForm
from .models import Call, Window


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    """An hour with its seconds: a limit without them leaves a minute in doubt."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M:%S", attrs={"step": "1"})


def instant_of(day: date, at: time) -> datetime:
    """The instant in Paris; an hour that the clock change removes is refused with a sentence."""
    try:
        return read_instant(f"{day:%Y-%m-%d} {at:%H:%M:%S}")
    except PydanticCustomError as error:
        raise forms.ValidationError(typeset(error.message()[:1].upper() + error.message()[1:])) from error


class VisaForm(forms.Form):
    """The act of the owner that approves the call."""

    number = forms.CharField(
        label="Numéro de l’acte",
        max_length=40,
        help_text="Celui de la délibération ou de la décision qui approuve l’appel.",
        error_messages={"required": "Écrivez le numéro de l’acte."},
    )
    acted_on = forms.DateField(
        label="Date de l’acte", widget=DayInput(), error_messages={"required": "Indiquez la date de l’acte."}
    )


class ReasonForm(forms.Form):
    """Why, in words that everybody concerned will read."""

    reason = forms.CharField(
        label="Motif",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Il est publié, et écrit à toutes les personnes qui suivent une candidature.",
        error_messages={"required": "Écrivez le motif : tous ceux qui candidatent le liront."},
    )


class DepartureForm(forms.Form):
    """Why a local instance departs from its template; written beside each new departure."""

    reason = forms.CharField(
        label="Pourquoi s’écarter du modèle ?",
        max_length=300,
        required=False,
        help_text="Gardé avec chaque point où l’appel s’écarte de son modèle national.",
    )


class TwoPersonForm(PublicationForm):
    """The second person, and a reason that is published."""

    field_order = ("reason", "approver")
    reason = forms.CharField(
        label="Motif",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Il est publié, et écrit à toutes les personnes qui suivent une candidature.",
        error_messages={"required": "Écrivez le motif : tous ceux qui candidatent le liront."},
    )


class LimitsForm(TwoPersonForm):
    """The new limit of each window; a day left empty changes nothing."""

    required_limit = True

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, call=call, **kwargs)
        self.windows: list[Window] = list(call.windows.all())
        for window in self.windows:
            local = window.closes_at.astimezone(PARIS)
            mark = f", période {window.code}" if len(self.windows) > 1 else ""
            self.fields[f"day_{window.pk}"] = forms.DateField(
                label=f"Nouvelle date de clôture{mark}",
                required=self.required_limit and len(self.windows) == 1,
                widget=DayInput(),
                help_text=typeset(f"Aujourd’hui : {format_instant(local, seconds=True)}, heure de Paris."),
                error_messages={"required": "Indiquez la nouvelle date de clôture."},
            )
            self.fields[f"hour_{window.pk}"] = forms.TimeField(
                label=f"Heure de clôture{mark}",
                required=False,
                initial=local.time(),
                widget=ClockInput(),
                help_text="À la seconde, heure de Paris ; la dernière seconde est comprise.",
            )
        self.order_fields([*(name for name in self.fields if name not in ("reason", "approver")), "reason", "approver"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["limits"] = dict(self.limits())
        if self.required_limit and not cleaned["limits"] and not self.errors:
            self.add_error(None, "Indiquez la nouvelle limite d’une période au moins.")
        return cleaned

    def limits(self) -> Iterator[tuple[str, datetime]]:
        for window in self.windows:
            day, hour = self.cleaned_data.get(f"day_{window.pk}"), self.cleaned_data.get(f"hour_{window.pk}")
            if day is None:
                continue
            try:
                limit = instant_of(day, hour or window.closes_at.astimezone(PARIS).time())
            except forms.ValidationError as error:
                self.add_error(f"hour_{window.pk}", error)
                continue
            if limit <= window.closes_at:
                self.add_error(f"day_{window.pk}", "La nouvelle limite doit venir après celle d’aujourd’hui.")
            yield window.code, limit


class ResumptionForm(LimitsForm):
    """Deposits are received again; the limits may be put back in the same decision."""

    required_limit = False


class EditionForm(forms.Form):
    """The identity and the closing of a new call."""

    edition = forms.CharField(
        label="Édition", max_length=20, error_messages={"required": "Écrivez l’édition, par exemple 2028."}
    )
    day = forms.DateField(
        label="Date de clôture des candidatures",
        widget=DayInput(),
        help_text="Les autres dates gardent leur distance et leur jour de la semaine.",
        error_messages={"required": "Indiquez la date de clôture."},
    )
    hour = forms.TimeField(
        label="Heure de clôture",
        widget=ClockInput(),
        help_text="À la seconde, heure de Paris ; la dernière seconde est comprise.",
        error_messages={"required": "Indiquez l’heure de clôture, avec ses secondes."},
    )
    slug = forms.CharField(
        label="Adresse de l’appel",
        max_length=80,
        help_text="Minuscules sans accent, mots joints par des tirets.",
        error_messages={"required": "Écrivez l’adresse de l’appel."},
    )
    prefix = forms.CharField(
        label="Préfixe des numéros",
        max_length=8,
        help_text="« TPS » donne des candidatures TPS-2028-0001.",
        error_messages={"required": "Écrivez le préfixe des numéros."},
    )

    def clean_slug(self) -> str:
        return checked(Slug, self.cleaned_data["slug"])

    def clean_prefix(self) -> str:
        return checked(Prefix, self.cleaned_data["prefix"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "day" in cleaned and "hour" in cleaned:
            try:
                cleaned["closes_at"] = instant_of(cleaned["day"], cleaned["hour"])
            except forms.ValidationError as error:
                self.add_error("hour", error)
        if self.is_free_to_check(cleaned) and self.numbered_already(cleaned):
            self.add_error("prefix", "Un autre appel numérote déjà ses candidatures ainsi.")
        return cleaned

    def is_free_to_check(self, cleaned: dict[str, Any]) -> bool:
        if cleaned.get("slug") and Call.objects.filter(slug=cleaned["slug"]).exists():
            self.add_error("slug", "Un appel a déjà cette adresse : choisissez-en une autre.")
        return "prefix" in cleaned and "edition" in cleaned

    def numbered_already(self, cleaned: dict[str, Any]) -> bool:
        return Call.objects.filter(code_prefix=cleaned["prefix"], edition=cleaned["edition"]).exists()

    @property
    def told(self) -> dict[str, Any]:
        """What the service asks for."""
        return {name: self.cleaned_data[name] for name in ("edition", "slug", "prefix", "closes_at")}


def checked(kind: Any, text: str) -> str:
    """The text as a type of the document reads it, or its French refusal."""
    try:
        return str(TypeAdapter(kind).validate_python(text))
    except PydanticError as error:
        raise forms.ValidationError(typeset(error.errors()[0]["msg"])) from error


class OfferForm(forms.Form):
    """One box per change of the template; what is not ticked is declined."""

    accepted = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, paths: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accepted"].choices = [(path, path) for path in paths]  # type: ignore[attr-defined]
