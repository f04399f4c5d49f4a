"""Forms of the decision: the act and its second person, then one line for each file."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from applications import states
from applications.models import Application, DecisionLine
from applications.services.decision import ARTICLES, Line, with_article
from portal.accounts.models import User
from portal.core.forms import FrenchDecimalField
from portal.core.ui import FieldLook

Outcome = DecisionLine.Outcome
DECIDED = (Outcome.SELECTED, Outcome.RESERVE, Outcome.NOT_SELECTED, Outcome.INADMISSIBLE)
ACT_KINDS = [("délibération", "Délibération"), ("arrêté", "Arrêté"), ("décision", "Décision")]
KINDS_OF_CALLS = {"president_decision": "décision", "order": "arrêté"}


class ActForm(forms.Form):
    """What the act is, and who confirms that it is written out right."""

    body = forms.CharField(
        label="Qui a décidé ?",
        help_text="Avec l’article, comme dans la lettre : « le bureau communautaire ».",
        max_length=150,
        error_messages={"required": "Écrivez l’autorité qui a décidé."},
    )
    act_kind = forms.ChoiceField(label="Nature de l’acte", choices=ACT_KINDS)
    act_number = forms.CharField(
        label="Numéro de l’acte", max_length=60, error_messages={"required": "Écrivez le numéro de l’acte."}
    )
    act_on = forms.DateField(
        label="Date de l’acte",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={
            "required": "Écrivez la date de l’acte.",
            "invalid": "Écrivez une date, par exemple 27/05/2027.",
        },
    )
    told_on = forms.DateField(
        label="Déjà notifiée hors du portail, le",
        required=False,
        help_text="Pour une édition passée seulement : aucune lettre ne partira d’ici.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": "Écrivez une date, par exemple 27/05/2027."},
    )
    approver = forms.ModelChoiceField(
        label="Qui confirme ?",
        help_text="Une autre personne relit la décision et la confirme par courriel. Rien n’est enregistré avant.",
        queryset=User.objects.none(),
        empty_label="Choisissez une personne",
        error_messages={
            "required": "Choisissez la personne qui confirmera la décision.",
            "invalid_choice": "Choisissez une personne de la liste.",
        },
    )
    message = forms.CharField(
        label="Votre message à cette personne",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Dites-lui en une phrase ce qui est à confirmer."},
    )

    def __init__(self, *args: Any, approvers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["approver"]
        choice.queryset = approvers
        choice.label_from_instance = person_label
        for name in ("act_kind", "act_number", "act_on", "told_on"):
            self.fields[name].look = FieldLook(width="medium")  # type: ignore[attr-defined]

    def clean_body(self) -> str:
        text = with_article(self.cleaned_data["body"])
        if not text.lower().startswith(ARTICLES):
            raise forms.ValidationError("Ajoutez l’article : « le bureau communautaire », « la présidente ».")
        return text

    def clean_act_number(self) -> str:
        return " ".join(self.cleaned_data["act_number"].split())


def person_label(user: User) -> str:
    """« Direction générale, dgs@… »: who the person is, and which of the homonyms."""
    name = user.full_name or user.role_title
    return f"{name}, {user.email}" if name else user.email


class LineForm(forms.Form):
    """What the act says of one file, prefilled with the jury's proposal or with the verdict of the examination."""

    outcome = forms.ChoiceField(
        label="Décision",
        choices=[("", "Choisissez"), *((o.value, o.label[:1].upper() + o.label[1:]) for o in DECIDED)],
        error_messages={"required": "Choisissez la décision de ce dossier."},
    )
    rank = forms.IntegerField(
        label="Rang",
        required=False,
        min_value=1,
        max_value=9999,
        error_messages={"invalid": "Écrivez un rang en chiffres.", "min_value": "Le premier rang est 1."},
    )
    amount = FrenchDecimalField(
        label="Aide accordée en euros", required=False, min_value=0, max_digits=12, decimal_places=2
    )
    reason = forms.CharField(
        label="Motif",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez le motif : la lettre le reprend.", "max_length": "Réduisez ce motif."},
    )

    def __init__(
        self, *args: Any, application: Application, start: Line | None = None, ranking: str = "", **kwargs: Any
    ) -> None:
        self.application, self.start, self.ranking = application, start, ranking
        initial = {"outcome": start.outcome, "rank": start.rank, "reason": start.reason} if start else {}
        super().__init__(*args, prefix=f"file-{application.pk}", initial=initial, **kwargs)
        outcome: Any = self.fields["outcome"]
        if application.state == states.INADMISSIBLE:
            outcome.choices = [(Outcome.INADMISSIBLE.value, "Non recevable")]
            del self.fields["rank"]
        else:
            outcome.choices = [choice for choice in outcome.choices if choice[0] != Outcome.INADMISSIBLE]

        if application.state == states.INADMISSIBLE or not application.call.extras.get("money"):
            del self.fields["amount"]

    def line(self) -> Line:
        """The line of a valid form; the score stays the jury's."""
        values = self.cleaned_data
        return Line(
            application=self.application,
            outcome=values["outcome"],
            reason=values["reason"],
            rank=values.get("rank"),
            score=self.start.score if self.start else None,
            ranking=self.ranking,
            amount=values.get("amount"),
        )


def line_forms(
    files: Sequence[Application],
    starts: dict[int, Line],
    data: QueryDict | None = None,
    codes: Mapping[int, str] | None = None,
) -> list[LineForm]:
    """One form for each file that awaits a decision, the ranked ones first. `codes`: the ranking of each file."""
    forms_ = [
        LineForm(data, application=file, start=starts.get(file.pk), ranking=(codes or {}).get(file.pk, ""))
        for file in files
    ]
    return sorted(forms_, key=lambda form: (form.initial.get("rank") or 10**6, form.application.number or ""))


def act_initial(extras: dict[str, Any], today: date, message: str) -> dict[str, Any]:
    """The act as the call foresees it."""
    foreseen = extras.get("decision") or {}
    return {
        "body": with_article(foreseen.get("authority", "")),
        "act_kind": KINDS_OF_CALLS.get(foreseen.get("act", ""), "délibération"),
        "act_on": today,
        "message": message,
    }
