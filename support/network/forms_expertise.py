"""Forms of the directory and of the requests for expertise."""

from datetime import datetime
from typing import Any

from django import forms

from portal.accounts.models import Organisation, User
from portal.accounts.numbers import WrongNumber, checked_siren
from portal.core.forms import FrenchDecimalField
from portal.core.uploads import UploadRefused, store_upload
from portal.territories.models import Commune, Department, Intercommunality
from support.agreements.forms import DayInput
from support.plan.forms_sheets import ACCEPTED, DAY, FILE_HINT, MAX_BYTES
from support.plan.models import SupportPlan

from .models import EngineeringBody, ExpertiseRequest
from .queries_expertise import bodies_of, themes_of


class Lines(forms.CharField):
    """A list typed one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class BodyForm(forms.ModelForm):
    """One body of the directory."""

    themes = Lines(
        label="Thèmes", help_text="Un par ligne, par exemple : Mobilités",
        error_messages={"required": "Écrivez au moins un thème."},
    )  # fmt: skip
    places = Lines(
        label="Territoire", required=False,
        help_text="Un code par ligne : département (76), commune (76254), intercommunalité (SIREN). Rien : partout",
    )  # fmt: skip
    siren = forms.CharField(
        label="SIREN", required=False, max_length=20,
        help_text="S’il a un compte sur le portail, il y retrouvera ses demandes",
    )  # fmt: skip

    class Meta:
        model = EngineeringBody
        fields = ("name", "themes", "places", "email", "phone", "siren", "note", "active")
        labels = {
            "name": "Organisme",
            "email": "Adresse qui reçoit les demandes",
            "phone": "Téléphone",
            "note": "À savoir",
            "active": "Reçoit des demandes",
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        error_messages = {
            "name": {"required": "Nommez l’organisme."},
            "email": {"required": "Indiquez l’adresse qui reçoit les demandes."},
        }

    def __init__(self, *args: Any, owner: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.owner = owner
        if self.instance.organisation:
            self.fields["siren"].initial = self.instance.organisation.siren

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"owner"}

    def clean_places(self) -> list[str]:
        """Only codes that the portal knows."""
        codes = self.cleaned_data["places"]
        known = {
            *Commune.objects.filter(insee__in=codes).values_list("insee", flat=True),
            *Department.objects.filter(code__in=codes).values_list("code", flat=True),
            *Intercommunality.objects.filter(siren__in=codes).values_list("siren", flat=True),
        }
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise forms.ValidationError(f"Ces codes ne sont pas connus : {', '.join(unknown)}.")
        return codes

    def clean_siren(self) -> str:
        typed = self.cleaned_data["siren"]
        if not typed:
            self.instance.organisation = None
            return ""
        try:
            number = checked_siren(typed)
        except WrongNumber as error:
            raise forms.ValidationError(str(error)) from error
        self.instance.organisation = Organisation.objects.filter(siren=number).first()
        return number


class AskForm(forms.ModelForm):
    """A request for expertise."""

    theme = forms.ChoiceField(label="Thème", error_messages={"required": "Choisissez un thème."})
    due_on = forms.DateField(label="Réponse souhaitée pour le", widget=DayInput(), error_messages=DAY)

    class Meta:
        model = ExpertiseRequest
        fields = ("theme", "subject", "question", "action", "due_on", "urgent", "urgent_reason")
        labels = {
            "subject": "Objet",
            "question": "Votre question",
            "action": "Action concernée",
            "urgent": "C’est urgent",
            "urgent_reason": "Pourquoi est-ce urgent ?",
        }
        help_texts = {
            "subject": "Par exemple : traversée de la route départementale",
            "question": "Ce que vous savez déjà, ce qui vous manque",
        }
        widgets = {"question": forms.Textarea(attrs={"rows": 6})}
        error_messages = {
            "subject": {"required": "Dites en une ligne de quoi il s’agit."},
            "question": {"required": "Écrivez votre question."},
        }

    def __init__(self, *args: Any, plan: SupportPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.plan = plan
        self.fields["theme"].choices = [(theme, theme) for theme in themes_of(plan.application.call)]
        self.fields["action"].queryset = plan.actions.all()
        self.fields["action"].empty_label = "Aucune en particulier"

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("urgent") and not values.get("urgent_reason"):
            self.add_error("urgent_reason", "Dites pourquoi c’est urgent.")
        return values


class AssignForm(forms.Form):
    """To whom the request is given: the competent bodies first."""

    body = forms.ModelChoiceField(
        queryset=EngineeringBody.objects.none(), label="Organisme", empty_label=None,
        error_messages={"required": "Choisissez un organisme."},
    )  # fmt: skip

    def __init__(self, *args: Any, request: ExpertiseRequest, competent: list[EngineeringBody], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = bodies_of(request.plan.application.call)
        field = self.fields["body"]
        field.queryset = others
        first = [(body.pk, str(body)) for body in competent]
        rest = [(body.pk, str(body)) for body in others if body not in competent]
        groups = [("Compétents sur ce thème et ce territoire", first), ("Autres organismes", rest)]
        field.choices = [group for group in groups if group[1]]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Motif", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez le motif : il est transmis au projet."},
    )  # fmt: skip


class ReplyForm(forms.Form):
    """The answer of a body."""

    answer = forms.CharField(
        label="Votre réponse", max_length=8000, widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Écrivez votre réponse, ou ce que dit le fichier joint."},
    )  # fmt: skip
    upload = forms.FileField(label="Fichier joint", help_text=FILE_HINT, required=False)
    days = FrenchDecimalField(
        label="Jours passés", help_text="Par exemple 1,5", min_value=0, max_digits=5, decimal_places=2
    )
    bearer = forms.ChoiceField(label="Qui prend en charge ce temps ?", choices=ExpertiseRequest.Bearer)

    def __init__(self, *args: Any, by: User | None, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.at = by, at

    def clean(self) -> dict[str, Any]:
        """The file is kept last, once all the rest is right."""
        values = super().clean()
        upload = values.pop("upload", None)
        values["file"] = None
        if upload and not self.errors:
            try:
                values["file"] = store_upload(upload, accepted=ACCEPTED, max_bytes=MAX_BYTES, by=self.by, at=self.at)
            except UploadRefused as refusal:
                self.add_error("upload", str(refusal))
        return values


class RateForm(forms.Form):
    satisfaction = forms.TypedChoiceField(
        label="Cette réponse vous est-elle utile ?", coerce=int, widget=forms.RadioSelect,
        choices=[(5, "5, tout à fait"), (4, "4"), (3, "3, en partie"), (2, "2"), (1, "1, pas du tout")],
        error_messages={"required": "Choisissez une note."},
    )  # fmt: skip
    remark = forms.CharField(
        label="Une remarque", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
