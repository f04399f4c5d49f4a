"""Forms about opinions: whom to ask what and until when, the opinion itself, the experts of a call."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from calls.models import Call
from portal.core.typography import typeset
from portal.core.ui import FieldLook
from portal.territories.models import Commune, Department, Intercommunality

from ..models import Expert, OpinionRequest
from ..services.opinions import LONGEST, Asked
from .completion import day_field
from .examination import LaterChoice, words

EMAIL_FAULT = "Écrivez une adresse électronique, par exemple service@exemple.fr."
TOO_LONG = "Réduisez ce texte à 8 000 caractères."


class OpinionAskForm(forms.Form):
    """Experts of the call, or someone else; the question, the day, what the person reads."""

    use_required_attribute = False
    experts = forms.MultipleChoiceField(
        label="Experts de l’appel",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="D’abord ceux dont le territoire comprend la commune.",
    )
    email = forms.EmailField(
        label="Ou une autre personne : son adresse",
        required=False,
        error_messages={"invalid": EMAIL_FAULT},
    )
    full_name = forms.CharField(label="Son nom", required=False, max_length=120)
    service = forms.CharField(label="Son service", required=False, max_length=150)
    question = words(
        "Question posée",
        required="Écrivez la question à laquelle le service répond.",
        hint="Une question précise reçoit une réponse précise.",
    )
    personal = forms.BooleanField(
        label="Ouvrir aussi les données personnelles et bancaires du dossier",
        required=False,
        help_text="Sans cette case, la personne ne lit ni les coordonnées, ni les pièces cachées au jury.",
    )

    def __init__(
        self, experts: Sequence[tuple[Expert, bool]], *args: Any, today: date, days: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by_key, self.today = {str(expert.pk): expert for expert, _near in experts}, today
        choices = [(str(expert.pk), expert_words(expert, near)) for expert, near in experts]
        self.fields["experts"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["experts"]
            self.fields["email"].label = "Adresse de la personne"
        hint = typeset(f"Fin de journée, heure de Paris. Le délai proposé est celui de l’appel : {days} jours.")
        self.fields["due_on"] = day_field("Avis attendu pour le", hint, today + timedelta(days=days))
        self.fields["due_on"].look = FieldLook(width="short")  # type: ignore[attr-defined]
        self.order_fields(["experts", "email", "full_name", "service", "question", "due_on", "personal"])

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on <= self.today:
            raise forms.ValidationError("Choisissez un jour à venir : le service doit avoir le temps de répondre.")
        return due_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("email") and not cleaned.get("service"):
            self.add_error("service", "Écrivez le service pour lequel cette personne répond.")
        if not cleaned.get("experts") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "Choisissez au moins une personne, ou écrivez son adresse.")
        return cleaned

    @property
    def people(self) -> list[Asked]:
        data = self.cleaned_data
        chosen = [self.by_key[key] for key in data.get("experts", [])]
        found = [Asked(expert.person.email, expert.service) for expert in chosen]
        return found + ([Asked(data["email"], data["service"], data["full_name"])] if data["email"] else [])


def expert_words(expert: Expert, near: bool) -> str:
    """« DDT de la Seine-Maritime, Camille Martin (eau, risques) »."""
    themes = f" ({', '.join(expert.themes)})" if expert.themes else ""
    away = "" if near else ", autre territoire"
    return f"{expert.service}, {expert.person}{themes}{away}"


class OpinionForm(forms.Form):
    """The opinion. Kept as it is written; what is missing is said only when it is given."""

    use_required_attribute = False
    verdict = LaterChoice(
        label="Votre avis",
        choices=OpinionRequest.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez un avis de la liste."},
    )
    text = forms.CharField(
        label="Ce qui le motive",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Demandé pour un avis défavorable ou avec réserves : écrivez chaque réserve sur sa ligne.",
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verdict"].choices = [  # type: ignore[attr-defined]
            (code, label[:1].upper() + label[1:]) for code, label in OpinionRequest.Verdict.choices
        ]


class OpinionFileForm(forms.Form):
    use_required_attribute = False
    file = forms.FileField(
        label="Joindre un fichier",
        allow_empty_file=True,
        help_text="PDF, Word, OpenDocument, tableur ou image, 10 Mo au plus.",
        error_messages={"required": "Choisissez un fichier sur votre poste."},
    )


class PostponeForm(forms.Form):
    """Another day, and why."""

    use_required_attribute = False
    prefix = "reporter"
    reason = words("Pourquoi reporter", required="Écrivez le motif : le service le lit.", hint="Le service le lit.")

    def __init__(self, *args: Any, after: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.after = after
        self.fields["due_on"] = day_field("Nouvelle échéance", "Fin de journée, heure de Paris.", after)
        self.order_fields(["due_on", "reason"])

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on <= self.after:
            raise forms.ValidationError("Choisissez un jour à venir, après l’échéance annoncée.")
        return due_on


class RevocationForm(forms.Form):
    """Why the opinion is taken back."""

    use_required_attribute = False
    prefix = "retirer"
    reason = words("Pourquoi retirer", required="Écrivez le motif : le service le lit.", hint="Le service le lit.")


class ExpertForm(forms.Form):
    """Someone whom the examination may ask, on which themes, for which territory."""

    use_required_attribute = False
    email = forms.EmailField(label="Adresse", error_messages={"required": EMAIL_FAULT, "invalid": EMAIL_FAULT})
    full_name = forms.CharField(label="Nom", required=False, max_length=120)
    service = forms.CharField(
        label="Service",
        max_length=150,
        error_messages={"required": "Écrivez le service pour lequel cette personne répond."},
    )
    themes = forms.MultipleChoiceField(
        label="Thèmes", required=False, widget=forms.CheckboxSelectMultiple, help_text="Aucun coché : tous."
    )
    territory = forms.CharField(
        label="Territoire",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Un par ligne : numéro de département, SIREN d’intercommunalité ou code Insee. Vide : tout.",
    )

    def __init__(self, call: Call, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if call.themes:
            self.fields["themes"].choices = [(theme, theme) for theme in call.themes]  # type: ignore[attr-defined]
        else:
            del self.fields["themes"]

    def clean_territory(self) -> list[str]:
        codes = list(dict.fromkeys(self.cleaned_data["territory"].replace(",", " ").upper().split()))
        known = {
            *Department.objects.filter(pk__in=codes).values_list("pk", flat=True),
            *Intercommunality.objects.filter(pk__in=codes).values_list("pk", flat=True),
            *Commune.objects.filter(pk__in=codes).values_list("pk", flat=True),
        }
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise forms.ValidationError(typeset(f"Territoire inconnu : {', '.join(unknown)}. Corrigez ou retirez-le."))
        return codes

    @property
    def person(self) -> Asked:
        data = self.cleaned_data
        return Asked(data["email"], data["service"], data["full_name"])
