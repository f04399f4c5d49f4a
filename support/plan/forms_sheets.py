"""Forms of the tables of a plan. Each keeps its row and the files sent with it."""

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction

from portal.accounts.models import Organisation, User
from portal.accounts.numbers import WrongNumber, checked_siren
from portal.core.calendar import add_months, day_of
from portal.core.forms import FrenchDecimalField
from portal.core.typography import format_date
from portal.core.uploads import UploadRefused, store_upload
from support.agreements.forms import DayInput

from .models import (
    Consultation,
    DiagnosisNote,
    Initiative,
    Milestone,
    Parcel,
    PlanDocument,
    Report,
    SupportPlan,
    TeamMember,
)

ACCEPTED = ["pdf", "jpg", "jpeg", "png", "odt", "ods", "docx", "xlsx"]
MAX_BYTES = 25_000_000
FILE_HINT = "PDF, image, ou document de bureautique, 25 Mo au plus"
DAY = {"required": "Indiquez la date.", "invalid": "Écrivez une date, par exemple 07/06/2027."}


class RowForm(forms.ModelForm):
    """A row of a table. `uploads`: field of the form → column of the file."""

    uploads: dict[str, str] = {}

    def __init__(self, *args: Any, plan: SupportPlan, team: bool, by: User, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan, self.team, self.by, self.at = plan, team, by, at
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = DayInput()
                field.error_messages.update(DAY)
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = "Cette indication est nécessaire : écrivez-la."
        if "action" in self.fields:
            self.fields["action"].queryset = plan.actions.all()
            self.fields["action"].empty_label = "Aucune en particulier"
        if "visibility" in self.fields and not team:
            del self.fields["visibility"]
        self.instance.plan, self.instance.recorded_by = plan, by

    def _get_validation_exclusions(self) -> set[str]:
        """What must be unique in a plan is checked, though its field is not in the form."""
        return super()._get_validation_exclusions() - {"plan"}

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        for name, column in self.uploads.items():
            if values.get(name):
                self.check_upload(name, column)
        return values

    def check_upload(self, name: str, column: str) -> None:
        """Keep the bytes first, then the row: a refused file is said beside its field."""
        if self.errors:
            return
        upload = self.cleaned_data[name]
        try:
            kept = store_upload(upload, accepted=ACCEPTED, max_bytes=MAX_BYTES, by=self.by, at=self.at)
        except UploadRefused as refusal:
            self.add_error(name, str(refusal))
        else:
            setattr(self.instance, column, kept)

    @transaction.atomic
    def keep(self) -> None:
        """Write the row."""
        self.save()


class MilestoneForm(RowForm):
    class Meta:
        model = Milestone
        fields = ("title", "due_on", "action", "done_on")
        labels = {"title": "Jalon", "due_on": "Prévu le", "action": "Action", "done_on": "Fait le"}
        help_texts = {"title": "Par exemple : vote du budget en conseil municipal"}


class TeamForm(RowForm):
    class Meta:
        model = TeamMember
        fields = ("role", "title", "body", "email", "phone", "until")


class DocumentForm(RowForm):
    upload = forms.FileField(
        label="Fichier", help_text=FILE_HINT, error_messages={"required": "Choisissez un fichier."}
    )
    uploads = {"upload": "file"}

    class Meta:
        model = PlanDocument
        fields = ("title", "action", "visibility")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].required = self.instance.pk is None
        if self.instance.pk is None:
            self.instance.added_at = self.at


class ReportSeriesForm(RowForm):
    """Reports due at regular months until the end of the support."""

    every = forms.TypedChoiceField(
        label="Rythme", coerce=int,
        choices=[(0, "une seule fois"), (3, "tous les trois mois"), (6, "tous les six mois"), (12, "tous les ans")],
    )  # fmt: skip

    class Meta:
        model = Report
        fields = ("title", "due_on")

    @transaction.atomic
    def keep(self) -> None:
        """One report at the first date, then one every so many months, until the last day of the support."""
        first, every = self.cleaned_data["due_on"], self.cleaned_data["every"]
        days, n = [first], 1
        while every and (day := add_months(first, every * n)) <= self.plan.ends_on:
            days.append(day)
            n += 1
        taken = set(self.plan.report_rows.values_list("due_on", flat=True))
        Report.objects.bulk_create(
            Report(plan=self.plan, recorded_by=self.by, title=self.cleaned_data["title"], due_on=day)
            for day in days
            if day not in taken
        )


class ReportForm(RowForm):
    """The communes give a report."""

    upload = forms.FileField(label="Fichier joint", help_text=FILE_HINT, required=False)
    uploads = {"upload": "file"}

    class Meta:
        model = Report
        fields = ("text",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        report = kwargs["instance"]
        recorded, self.given_on = report.recorded_by, report.given_on
        super().__init__(*args, **kwargs)
        self.instance.recorded_by = recorded
        self.fields["text"].required = True
        self.fields["text"].error_messages["required"] = "Écrivez quelques lignes : elles sont le rapport."
        self.instance.given_on, self.instance.given_by = day_of(self.at), self.by

    def clean(self) -> dict[str, Any]:
        if self.given_on:
            said = f"Ce rapport est remis depuis le {format_date(self.given_on)} : il ne change plus."
            raise forms.ValidationError(said)
        return super().clean()


class ParcelForm(RowForm):
    class Meta:
        model = Parcel
        fields = ("reference", "area", "owner", "control", "note")


class ConsultationForm(RowForm):
    specification_upload = forms.FileField(label="Cahier des charges", help_text=FILE_HINT, required=False)
    provider_siren = forms.CharField(
        label="SIREN du prestataire", required=False, max_length=20,
        help_text="S’il a un compte sur le portail, il verra ce livrable et rien d’autre",
    )  # fmt: skip
    amount = FrenchDecimalField(
        label="Montant, en euros hors taxes", required=False, min_value=0, max_digits=12, decimal_places=2
    )
    deliverable_upload = forms.FileField(label="Livrable remis", help_text=FILE_HINT, required=False)
    uploads = {"specification_upload": "specification", "deliverable_upload": "deliverable_file"}
    field_order = (
        "title", "action", "specification_upload", "published_on", "bids_due_on", "bids", "provider_name",
        "provider_siren", "amount", "deliverable", "due_on", "delivered_on", "deliverable_upload",
    )  # fmt: skip

    class Meta:
        model = Consultation
        fields = (
            "title", "action", "published_on", "bids_due_on", "bids", "provider_name", "amount", "deliverable",
            "due_on", "delivered_on",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.provider:
            self.fields["provider_siren"].initial = self.instance.provider.siren

    def clean_provider_siren(self) -> str:
        """The organisation of that SIREN, when the portal knows it."""
        typed = self.cleaned_data["provider_siren"]
        if not typed:
            self.instance.provider = None
            return ""
        try:
            number = checked_siren(typed)
        except WrongNumber as error:
            raise forms.ValidationError(str(error)) from error
        self.instance.provider = Organisation.objects.filter(siren=number).first()
        return number


class DeliverableForm(RowForm):
    """The provider hands its deliverable, and nothing else."""

    deliverable_upload = forms.FileField(
        label="Livrable", help_text=FILE_HINT, error_messages={"required": "Choisissez un fichier."}
    )
    uploads = {"deliverable_upload": "deliverable_file"}

    class Meta:
        model = Consultation
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        recorded = kwargs["instance"].recorded_by
        super().__init__(*args, **kwargs)
        self.instance.recorded_by, self.instance.delivered_on = recorded, day_of(self.at)


class InitiativeForm(RowForm):
    class Meta:
        model = Initiative
        fields = ("title", "bearer", "theme", "since", "note")


class DiagnosisForm(RowForm):
    class Meta:
        model = DiagnosisNote
        fields = ("discipline", "strengths", "weaknesses", "stakes", "author", "written_on")
