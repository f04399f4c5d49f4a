"""Forms of workshops, scenarios and roadmap."""

from typing import Any

from django import forms

from portal.core.forms import FrenchDecimalField
from portal.core.ui import FieldLook
from support.agreements.forms import DayInput

from .forms_sheets import DAY
from .models import Attendance, Need, Scenario, ScenarioOpinion, SupportPlan, Workshop, WorkshopPhoto


class PlanForm(forms.ModelForm):
    """A form whose row belongs to a plan, written by someone."""

    def __init__(self, *args: Any, plan: SupportPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.plan = plan
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = "Cette indication est nécessaire : écrivez-la."

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"plan"}


class WorkshopForm(PlanForm):
    held_on = forms.DateField(label="Date", widget=DayInput(), error_messages=DAY)

    class Meta:
        model = Workshop
        fields = ("title", "held_on", "place", "objective", "contractor", "facilitators", "experts", "outputs")


class AttendanceForm(forms.Form):
    """How many people of each college were invited and came."""

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = {row.college: row for row in workshop.attendances.all()}
        for college, label in Attendance.College.choices:
            for name, words in (("invited", "invités"), ("present", "présents")):
                row = kept.get(college)
                field = forms.IntegerField(
                    label=f"{label.capitalize()}, {words}", min_value=0, max_value=9999, required=False,
                    initial=getattr(row, name) if row else None,
                    error_messages={
                        "invalid": "Écrivez un nombre entier.",
                        "min_value": "Écrivez un nombre positif.",
                        "max_value": "Ce nombre est trop grand.",
                    },
                )  # fmt: skip
                field.look = FieldLook(width="short")
                self.fields[f"{college}_{name}"] = field

    def counts(self) -> dict[str, tuple[int, int]]:
        """College → (invited, present)."""
        told = self.cleaned_data
        return {
            college: (told[f"{college}_invited"] or 0, told[f"{college}_present"] or 0)
            for college in Attendance.College.values
        }


class NeedForm(forms.ModelForm):
    class Meta:
        model = Need
        fields = ("text", "college", "action")
        error_messages = {"text": {"required": "Écrivez le besoin, dans les mots des participants."}}

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.workshop = workshop
        self.fields["action"].queryset = workshop.plan.actions.all()
        self.fields["action"].empty_label = "Aucune pour l’instant"


class PhotoForm(forms.ModelForm):
    upload = forms.FileField(
        label="Photo", help_text="JPEG ou PNG", error_messages={"required": "Choisissez une photo."}
    )

    class Meta:
        model = WorkshopPhoto
        fields = ("caption", "consent")
        error_messages = {
            "caption": {"required": "Écrivez une légende : elle remplace l’image pour qui ne la voit pas."}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].required = True
        self.fields["consent"].error_messages["required"] = (
            "Sans l’accord des personnes reconnaissables, la photo ne peut pas être gardée."
        )


class ScenarioForm(PlanForm):
    cost = FrenchDecimalField(label="Coût estimé, en euros hors taxes", required=False, max_digits=12, decimal_places=2)

    class Meta:
        model = Scenario
        fields = ("code", "title", "description", "strengths", "limits", "cost")


class OpinionForm(forms.ModelForm):
    class Meta:
        model = ScenarioOpinion
        fields = ("position", "comment")
        widgets = {"position": forms.RadioSelect, "comment": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"position": {"required": "Choisissez une position."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].choices = ScenarioOpinion.Position.choices


class ChooseForm(forms.Form):
    """The scenario chosen, with its day and its reason."""

    chosen_on = forms.DateField(label="Choisi le", widget=DayInput(), error_messages=DAY)
    reason = forms.CharField(
        label="Pourquoi celui-ci", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez la raison : elle sera relue dans un an."},
    )  # fmt: skip


class ApproveForm(forms.Form):
    """The act of the council that approves a roadmap."""

    act_number = forms.CharField(
        label="Numéro de la délibération", max_length=60, error_messages={"required": "Écrivez le numéro."}
    )
    approved_on = forms.DateField(label="Date de la délibération", widget=DayInput(), error_messages=DAY)
