"""Ask for a signature, deposit, decline, withdraw: explicit fields only, nothing pre-ticked."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet

from portal.accounts.models import User
from portal.core.ui import FieldLook

EMAIL_FAULT = "Écrivez une adresse électronique, par exemple maire@exemple.fr."


class SignatoryForm(forms.Form):
    """Which of the known signatories reads and deposits."""

    use_required_attribute = False
    who = forms.ChoiceField(
        label="Qui dépose la candidature ?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une personne."},
    )

    def __init__(self, signatories: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signatories = {str(person.uuid): person for person in signatories}
        choices = [(key, _words(person)) for key, person in self.signatories.items()]
        self.fields["who"].choices = choices  # type: ignore[attr-defined]
        self.fields["who"].initial = choices[0][0] if choices else None

    @property
    def person(self) -> User:
        return self.signatories[self.cleaned_data["who"]]


class InviteForm(forms.Form):
    """A person who may commit the commune and has no access yet."""

    use_required_attribute = False
    full_name = forms.CharField(
        label="Prénom et nom",
        max_length=120,
        error_messages={"required": "Écrivez le prénom et le nom de la personne."},
    )
    role_title = forms.CharField(
        label="Fonction",
        max_length=120,
        initial="Maire",
        error_messages={"required": "Écrivez sa fonction, par exemple « Maire »."},
    )
    email = forms.EmailField(
        label="Adresse électronique",
        help_text="Le lien y sera envoyé. Il est personnel et sert une seule fois.",
        widget=forms.TextInput(attrs={"inputmode": "email", "spellcheck": "false"}),
        error_messages={"required": EMAIL_FAULT, "invalid": EMAIL_FAULT},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.look = FieldLook(width="medium")  # type: ignore[attr-defined]


def _words(person: User) -> str:
    parts = [part for part in (person.full_name, person.role_title) if part]
    return f"{', '.join(parts)} ({person.email})" if parts else person.email


class DepositForm(forms.Form):
    """The undertakings of the call, the confirmation, and the key that makes a double send harmless."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    confirm = forms.BooleanField(
        label="Confirmation",
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        error_messages={"required": "Cochez cette case pour confirmer le dépôt."},
    )

    def __init__(self, undertakings: Any, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["key"] = uuid.uuid4()
        super().__init__(*args, **kwargs)
        self.undertaking_codes = [undertaking.code for undertaking in undertakings]
        named = {
            f"undertaking_{item.code}": forms.BooleanField(
                label=item.label, error_messages={"required": "Cochez cet engagement, ou choisissez de ne pas déposer."}
            )
            for item in undertakings
        }
        self.fields = {**named, **self.fields}

    @property
    def ticked(self) -> list[str]:
        return [code for code in self.undertaking_codes if self.cleaned_data.get(f"undertaking_{code}")]

    @property
    def undertaking_fields(self) -> list[Any]:
        return [self[f"undertaking_{code}"] for code in self.undertaking_codes]


class ReasonForm(forms.Form):
    """Why one does not deposit, or withdraws."""

    use_required_attribute = False
    reason = forms.CharField(
        label="Pourquoi ?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Dites-le en une phrase : la personne qui lira saura quoi reprendre."},
    )

    def __init__(self, *args: Any, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = hint
