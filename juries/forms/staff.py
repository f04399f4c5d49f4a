"""What the manager types: an invitation to a seat, a session."""

from typing import Any

from django import forms

from applications.rankings import places_of
from calls.models import Call
from calls.queries import communes_of_perimeter
from portal.territories.models import Commune

from ..models import Seat, SimulationVariant
from ..queries import TERRITORIES, files_of, money_questions, places_with_files


class InviteForm(forms.Form):
    email = forms.EmailField(
        label="Courriel", help_text="L’invitation y est envoyée ; elle sert une fois, pendant sept jours."
    )
    full_name = forms.CharField(label="Prénom et nom", max_length=120, required=False)
    role_title = forms.CharField(
        label="Fonction", max_length=120, required=False, help_text="Par exemple « directrice de l’agence »."
    )
    commune = forms.ModelChoiceField(
        label="Commune représentée",
        queryset=Commune.objects.none(),
        required=False,
        empty_label="Aucune",
        help_text="Pour un élu municipal : il est déporté de plein droit du dossier de sa commune.",
    )
    substitute = forms.BooleanField(label="C’est la personne suppléante", required=False)

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = communes_of_perimeter(call)


class DrawForm(forms.Form):
    """Nothing to say the first time; why, to draw again."""

    reason = forms.CharField(
        label="Pourquoi tirer de nouveau ?",
        max_length=200,
        help_text="Par exemple « le maire a décliné » ; le premier tirage reste au dossier.",
        error_messages={"required": "Dites pourquoi on tire de nouveau."},
    )

    def __init__(self, *args: Any, again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not again:
            del self.fields["reason"]


class EntrustForm(forms.Form):
    """Files entrusted to a seat by their numbers; `files` once valid."""

    seat = forms.ModelChoiceField(label="Membre", queryset=Seat.objects.none(), empty_label="À choisir")
    numbers = forms.CharField(
        label="Numéros des candidatures",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=20_000,
        help_text="Un par ligne, ou séparés par des espaces.",
        error_messages={"required": "Écrivez au moins un numéro."},
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call = call
        self.fields["seat"].queryset = call.seats.filter(voting=True)

    def clean_numbers(self) -> list[str]:
        numbers = str(self.cleaned_data["numbers"]).upper().replace(",", " ").replace(";", " ").split()
        self.applications = list(files_of(self.call).filter(number__in=numbers))
        unknown = sorted(set(numbers) - {file.number for file in self.applications})
        if unknown:
            raise forms.ValidationError(
                f"Aucune candidature présentée au jury ne porte ce numéro : {', '.join(unknown)}."
            )
        return numbers


class TerritoryForm(forms.Form):
    """All the files of an intercommunality or a département, to one seat."""

    seat = forms.ModelChoiceField(label="Membre", queryset=Seat.objects.none(), empty_label="À choisir")
    place = forms.ChoiceField(label="Territoire")

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].queryset = call.seats.filter(voting=True)
        self.fields["place"].choices = [("", "À choisir"), *places_with_files(call)]

    @property
    def chosen(self) -> tuple[str, str]:
        kind, _, code = self.cleaned_data["place"].partition(":")
        return kind, code


class SimulationForm(forms.Form):
    """Limits to try; « Essayer » shows them, a name keeps them. Prefilled with those of the call."""

    ranking = forms.ChoiceField(label="Classement", required=False)
    threshold = forms.DecimalField(
        label="Seuil, en points", required=False, min_value=0, max_value=1000, decimal_places=2
    )
    places = forms.IntegerField(label="Places", required=False, min_value=0, max_value=10_000)
    reserve = forms.IntegerField(label="En liste complémentaire", required=False, min_value=0, max_value=10_000)
    amount_question = forms.ChoiceField(label="Montant demandé", required=False)
    envelope = forms.DecimalField(
        label="Enveloppe, en euros", required=False, min_value=0, max_digits=14, decimal_places=2
    )
    skip = forms.BooleanField(label="Un dossier trop cher laisse sa place au suivant", required=False)
    territory = forms.ChoiceField(label="Territoire", choices=list(TERRITORIES.items()), required=False)
    per_territory = forms.IntegerField(label="Retenues par territoire, au plus", required=False, min_value=1)
    name = forms.CharField(
        label="Nom de la variante", required=False, max_length=80, help_text="Pour la garder à côté des autres."
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call = call
        places = places_of(call)
        self.fields["ranking"].choices = [(code, place.label or "Toutes") for code, place in places.items()]
        money = money_questions(call)
        self.fields["amount_question"].choices = [("", "Aucun"), *money]
        if len(places) == 1:
            del self.fields["ranking"]
        if not money:
            for name in ("amount_question", "envelope", "skip"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("envelope") is not None and not data.get("amount_question"):
            self.add_error("amount_question", "Choisissez la question qui donne le montant demandé.")
        return data

    @property
    def variant(self) -> SimulationVariant:
        """What is typed, not kept."""
        data = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return SimulationVariant(call=self.call, **data)


class SessionForm(forms.Form):
    held_on = forms.DateField(
        label="Jour de la séance", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    begins = forms.TimeField(
        label="Heure", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    by_writing = forms.BooleanField(
        label="Consultation écrite : chacun vote à distance, entre deux dates, sans réunion", required=False
    )
    place = forms.CharField(
        label="Lieu", max_length=200, help_text="Par exemple « salle du conseil », ou « à distance » et l’adresse."
    )
    secretary_title = forms.CharField(
        label="Secrétariat de séance",
        max_length=150,
        required=False,
        help_text="La fonction, telle que le procès-verbal l’écrit.",
    )
