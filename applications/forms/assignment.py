"""Who examines a file."""

from collections.abc import Sequence
from typing import Any

from django import forms

from portal.accounts.models import User

from ..queries.assignment import Load
from .examination import LaterChoice


class AssignmentForm(forms.Form):
    """An officer of the call, or nobody."""

    use_required_attribute = False
    officer = LaterChoice(
        label="Instruit par",
        error_messages={"invalid_choice": "Choisissez une personne de la liste."},
    )

    def __init__(self, rows: Sequence[Load], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(row.officer.uuid): row.officer for row in rows}
        choices = [("", "Personne"), *((str(row.officer.uuid), f"{row.officer} ({row.total})") for row in rows)]
        self.fields["officer"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> User | None:
        return self.people.get(self.cleaned_data["officer"])
