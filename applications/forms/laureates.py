"""Forms of the list of laureates: a departure, a promotion, a member who leaves a group."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from applications.forms.decision import ACT_KINDS
from applications.models import ApplicationMember, DecisionLine
from applications.services.laureates import LEAVING

DATE_ERRORS = {"required": "Écrivez la date.", "invalid": "Écrivez une date, par exemple 27/05/2027."}
LETTER = ("courrier", "Courrier de la commune")


def day_field(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages=DATE_ERRORS,
    )


class LineChoice(forms.ModelChoiceField):
    def label_from_instance(self, line: DecisionLine) -> str:
        rank = f", rang {line.rank}" if line.rank else ""
        return f"{line.application.lead} ({line.application.number}) : {line.get_outcome_display()}{rank}"


class MemberChoice(forms.ModelChoiceField):
    def label_from_instance(self, member: ApplicationMember) -> str:
        return f"{member.organisation}, groupe de {member.application.lead}"


class ActFields(forms.Form):
    """What the act is."""

    act_kind = forms.ChoiceField(label="Nature de l’acte", choices=[*ACT_KINDS, LETTER])
    act_number = forms.CharField(
        label="Numéro ou référence", max_length=60, error_messages={"required": "Écrivez la référence de l’acte."}
    )
    act_on = day_field("Date de l’acte")


class LeavingForm(ActFields):
    """A file leaves the list."""

    line = LineChoice(
        queryset=DecisionLine.objects.none(),
        label="Candidature",
        empty_label="Choisissez une candidature",
        error_messages={"required": "Choisissez une candidature."},
    )
    outcome = forms.ChoiceField(
        label="Ce qui est constaté",
        choices=[(code.value, code.label[:1].upper() + code.label[1:]) for code in LEAVING],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce qui est constaté."},
    )
    reason = forms.CharField(
        label="Motif",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez le motif : il reste à l’historique."},
    )
    field_order = ("line", "outcome", "act_kind", "act_number", "act_on", "reason")

    def __init__(self, *args: Any, lines: QuerySet[DecisionLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = lines


class PromotionForm(ActFields):
    """The next file of a reserve list takes a free place."""

    line = LineChoice(
        queryset=DecisionLine.objects.none(),
        label="Candidature appelée",
        empty_label="Choisissez une candidature",
        help_text="La liste s’appelle dans l’ordre des rangs.",
        error_messages={"required": "Choisissez une candidature."},
    )
    body = forms.CharField(label="Qui a décidé ?", max_length=150, help_text="Par exemple : le bureau communautaire.")
    reason = forms.CharField(
        label="Motif",
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Rien : celui de la première décision.",
    )
    field_order = ("line", "body", "act_kind", "act_number", "act_on", "reason")

    def __init__(self, *args: Any, lines: QuerySet[DecisionLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = lines
        self.fields["act_kind"].choices = ACT_KINDS


class DepartureForm(forms.Form):
    """A member leaves a selected group."""

    member = MemberChoice(
        queryset=ApplicationMember.objects.none(),
        label="Qui quitte le groupe ?",
        empty_label="Choisissez un organisme",
        error_messages={"required": "Choisissez un organisme."},
    )
    left_on = day_field("Date du départ")
    told = forms.CharField(
        label="Ce que l’organisme en a dit",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Par exemple : délibération n° 2027-14 du 3 juin 2027.",
        error_messages={"required": "Dites sur quoi repose ce départ."},
    )

    def __init__(self, *args: Any, members: QuerySet[ApplicationMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members


class SettleForm(forms.Form):
    """What becomes of the group."""

    kept = forms.ChoiceField(
        label="Votre décision",
        choices=[("oui", "La sélection est maintenue"), ("non", "La sélection ne peut pas être maintenue")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez."},
    )
    reason = forms.CharField(
        label="Motif",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez le motif : il reste à l’historique."},
    )
