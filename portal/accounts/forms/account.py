"""One’s own account: another address, the code that proves it; and the code asked at the entry."""

from typing import Any

from allauth.account.forms import LoginForm as EntryForm
from allauth.account.forms import RequestLoginCodeForm
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context
from django import forms

from ..limits import may_ask_code
from .people import CodeForm, email_field

TOO_MANY = "Trop de codes ont été demandés. Attendez une minute, puis recommencez."


class AddressForm(forms.Form):
    """Where the codes will go."""

    email = email_field("Votre nouvelle adresse", "Un code y part : vous l’écrirez à l’écran suivant.")


class AddressCodeForm(CodeForm):
    """The six digits received at the new address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code reçu à la nouvelle adresse"


class AskCodeForm(RequestLoginCodeForm):
    """Who asks for a code is counted by address and by network: nobody locks a town hall out from elsewhere."""

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if not may_ask_code(context.request, email):
            raise forms.ValidationError(TOO_MANY)
        users = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
        self._user = users[0] if users else None
        return email


class LoginForm(EntryForm):
    """An address, and a code leaves; the same count as where one asks for it."""

    def _clean_without_password(self, email: str | None, phone: str | None) -> dict[str, Any]:
        form = AskCodeForm({"email": email or ""})
        if form.is_valid():
            self.user = form._user
        for error in form.errors.get("email", []):
            self.add_error("login", error)
        return self.cleaned_data
