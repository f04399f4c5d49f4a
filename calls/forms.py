"""Forms of the call's staff and of the public check."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from portal.accounts.models import Membership, User

from .definition.reading import BadDocument, decode, read
from .models import Call, CallRole

MAX_DOCUMENT = 1_000_000


class ImportForm(forms.Form):
    """A call as one YAML file."""

    file = forms.FileField(
        label="Fichier de l’appel",
        help_text="Un fichier YAML, par exemple celui d’un autre territoire. L’appel reste en préparation.",
        error_messages={"required": "Choisissez un fichier."},
    )

    def clean_file(self) -> str:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_DOCUMENT:
            raise forms.ValidationError("Ce fichier est trop gros pour être un appel (1 Mo au plus).")
        try:
            text = decode(upload.read())
            read(text)
        except BadDocument as error:
            raise forms.ValidationError([str(problem) for problem in error.problems]) from error
        return text


class PublicationForm(forms.Form):
    """Who confirms the publication: another person of the owner."""

    approver = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Qui confirme ?",
        help_text="Cette personne reçoit un lien par courriel et confirme, même sur un téléphone.",
        empty_label="Choisissez une personne",
        error_messages={"required": "Choisissez la personne qui confirmera."},
    )
    reason = forms.CharField(
        label="Message à cette personne", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, call: Call, asked_by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approver"].queryset = approvers(call, asked_by)


class TeamForm(forms.Form):
    """Someone joins the team of a call, once a second person has confirmed."""

    email = forms.EmailField(label="Adresse de courriel", error_messages={"required": "Écrivez l’adresse."})
    role_title = forms.CharField(
        label="Fonction", max_length=120, help_text="Par exemple : instructrice, service Santé"
    )
    role = forms.ChoiceField(label="Rôle", choices=CallRole.Role.choices)
    approver = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Qui confirme ?",
        help_text="Donner un rôle demande deux personnes.",
        empty_label="Choisissez une personne",
        error_messages={"required": "Choisissez la personne qui confirmera."},
    )

    def __init__(self, *args: Any, call: Call, asked_by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approver"].queryset = approvers(call, asked_by)


def approvers(call: Call, asked_by: User) -> QuerySet[User]:
    """Who may confirm: the other confirmed members of the owner."""
    members = Membership.objects.filter(organisation=call.owner, state="confirmed").exclude(user=asked_by)
    return User.objects.filter(pk__in=members.values("user_id"), is_active=True).order_by("role_title", "email")
