"""Ask for a signature, deposit, decline, withdraw: explicit fields only, nothing pre-ticked."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet

from portal.accounts.models import User
from portal.core.ui import FieldLook

NEW_PERSON = "autre"


class SignatoryForm(forms.Form):
    """Who reads and deposits: a known signatory, or a person to invite."""

    use_required_attribute = False
    who = forms.ChoiceField(
        label="Qui dépose la candidature ?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une personne."},
    )
    full_name = forms.CharField(label="Prénom et nom", max_length=120, required=False)
    role_title = forms.CharField(label="Fonction", max_length=120, required=False, initial="Maire")
    email = forms.EmailField(
        label="Adresse électronique",
        required=False,
        help_text="Le lien y sera envoyé. Il est personnel et sert une seule fois.",
        error_messages={"invalid": "Écrivez une adresse électronique, par exemple maire@exemple.fr."},
    )

    def __init__(self, signatories: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signatories = {str(person.uuid): person for person in signatories}
        known = [(key, _words(person)) for key, person in self.signatories.items()]
        self.fields["who"].choices = [*known, (NEW_PERSON, "Une autre personne, à inviter")]  # type: ignore[attr-defined]
        self.fields["who"].initial = known[0][0] if known else NEW_PERSON
        for name in ("full_name", "role_title", "email"):
            self.fields[name].look = FieldLook(width="medium")  # type: ignore[attr-defined]
        if not known:
            self.fields["who"].widget = forms.HiddenInput()
            for name in ("full_name", "role_title", "email"):
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = _MISSING[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("who") == NEW_PERSON:
            for name, sentence in _MISSING.items():
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return values

    @property
    def person(self) -> User | None:
        """The known signatory chosen, None when a person is to be invited."""
        return self.signatories.get(self.cleaned_data["who"])


_MISSING = {
    "full_name": "Écrivez le prénom et le nom de la personne.",
    "role_title": "Écrivez sa fonction, par exemple « Maire ».",
    "email": "Écrivez une adresse électronique, par exemple maire@exemple.fr.",
}


def _words(person: User) -> str:
    parts = [part for part in (person.full_name, person.role_title) if part]
    return f"{', '.join(parts)} ({person.email})" if parts else person.email


class DepositForm(forms.Form):
    """The undertakings of the call, the confirmation, and the key that makes a double send harmless."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    confirm = forms.BooleanField(
        label="Je confirme avoir qualité pour engager la commune et je dépose sa candidature.",
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
