"""Forms of visits, messages, meetings and their tasks."""

from datetime import datetime
from typing import Any

from django import forms

from portal.core.uploads import UploadRefused, store_upload
from support.agreements.forms import DayInput

from .forms_sheets import ACCEPTED, DAY, FILE_HINT, MAX_BYTES
from .models import Attendee, Meeting, Message, SupportPlan, Task, Visit


class VisitForm(forms.ModelForm):
    planned_on = forms.DateField(label="Date", widget=DayInput(), error_messages=DAY)

    class Meta:
        model = Visit
        fields = ("planned_on", "purpose", "place")
        error_messages = {"purpose": {"required": "Dites pourquoi vous y allez."}}


class MessageForm(forms.ModelForm):
    class Meta:
        model = Message
        fields = ("text",)
        labels = {"text": "Votre message"}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"text": {"required": "Écrivez votre message."}}


class MeetingForm(forms.ModelForm):
    """A meeting to convene. `whole`: the person may convene all the laureates of the call."""

    held_at = forms.DateTimeField(
        label="Date et heure",
        help_text="Heure de Paris",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
        error_messages={
            "required": "Indiquez la date et l’heure.",
            "invalid": "Cette heure n’existe pas ou est mal écrite.",
        },
    )

    class Meta:
        model = Meeting
        fields = ("kind", "held_at", "place", "chair", "agenda")
        widgets = {"agenda": forms.Textarea(attrs={"rows": 5})}
        error_messages = {
            "place": {"required": "Indiquez le lieu."},
            "chair": {"required": "Indiquez qui préside."},
            "agenda": {"required": "Écrivez au moins un point : chacun viendra pour lui."},
        }

    def __init__(self, *args: Any, whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["kind"]
        elif not whole:
            self.fields["kind"].choices = [row for row in Meeting.Kind.choices if row[0] != Meeting.Kind.LAUREATES]

    def meeting_of(self, plan: SupportPlan) -> Meeting:
        """The meeting to convene, of a plan or of all the laureates of its call."""
        self.instance.call = plan.application.call
        self.instance.plan = None if self.instance.kind == Meeting.Kind.LAUREATES else plan
        return self.instance


class AttendeeForm(forms.ModelForm):
    class Meta:
        model = Attendee
        fields = ("title", "body")
        error_messages = {
            "title": {"required": "Indiquez la fonction."},
            "body": {"required": "Indiquez l’organisme."},
        }


class TaskForm(forms.ModelForm):
    due_on = forms.DateField(label="Pour le", widget=DayInput(), error_messages=DAY)

    class Meta:
        model = Task
        fields = ("text", "side", "due_on")
        error_messages = {"text": {"required": "Dites ce qu’il y a à faire."}}


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="Motif", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez le motif : il sera envoyé à chacun."},
    )  # fmt: skip


class RecordForm(forms.Form):
    """Who came, what was said and decided."""

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attendees = list(meeting.attendees.all())
        guessed = {Attendee.Answer.COMING: Attendee.Presence.PRESENT, Attendee.Answer.EXCUSED: "excused"}
        for row in self.attendees:
            self.fields[f"presence_{row.pk}"] = forms.ChoiceField(
                label=str(row), choices=[("", "à dire"), *Attendee.Presence.choices], required=False,
                initial=row.presence or guessed.get(row.answer, ""),
            )  # fmt: skip
        for name, label, hint in (
            ("summary", "Ce qui s’est dit", ""),
            ("decisions", "Décisions", "Une décision par ligne"),
        ):
            self.fields[name] = forms.CharField(
                label=label, help_text=hint, required=False, max_length=8000,
                widget=forms.Textarea(attrs={"rows": 5}), initial=getattr(meeting, name),
            )  # fmt: skip

    def told(self) -> dict[str, Any]:
        """What `record` asks."""
        presences = {row.pk: self.cleaned_data[f"presence_{row.pk}"] for row in self.attendees}
        return {
            "presences": presences,
            "summary": self.cleaned_data["summary"],
            "decisions": self.cleaned_data["decisions"],
        }


class WithFile(forms.Form):
    """A file sent with an entry of the logbook, kept under `kept`."""

    upload = forms.FileField(label="Photo ou document", help_text=FILE_HINT, required=False)
    kept: Any = None

    def keep_file(self, by: Any, at: datetime) -> bool:
        """Keep the bytes; False when the file is refused, which is said beside the field."""
        upload = self.cleaned_data.get("upload")
        if not upload:
            return True
        try:
            self.kept = store_upload(upload, accepted=ACCEPTED, max_bytes=MAX_BYTES, by=by, at=at)
        except UploadRefused as refusal:
            self.add_error("upload", str(refusal))
            return False
        return True
