"""Forms of an action: its sheet, the acts that change its state, the filters of the lists."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet

from portal.core.forms import FrenchDecimalField
from portal.core.ui import FieldLook
from portal.core.workflow import Transition
from support.agreements.forms import DayInput

from . import states
from .models import PlanAction, SupportPlan
from .queries_actions import axes_of, late

DAY_ERRORS = {"invalid": "Écrivez une date, par exemple 07/06/2027."}


class DependencyChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, action: PlanAction) -> str:
        return f"{action.reference} {action.title}"


class ActionForm(forms.ModelForm):
    """The whole sheet of an action."""

    cost = FrenchDecimalField(
        label="Coût estimé, en euros hors taxes", help_text="Par exemple 86 400", required=False, max_digits=12,
        decimal_places=2,
    )  # fmt: skip
    depends_on = DependencyChoice(
        queryset=PlanAction.objects.none(),
        label="Actions qu’elle attend",
        help_text="Celles qui doivent avancer d’abord",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = PlanAction
        fields = (
            "title", "axis", "phase", "priority", "position", "description", "project_owner", "design_team",
            "partners", "contact", "place", "in_ort", "starts_on", "ends_on", "cost", "engineering", "indicator",
            "baseline", "target", "indicator_source", "transition", "depends_on",
        )  # fmt: skip
        labels = {
            "title": "Titre de l’action",
            "axis": "Axe",
            "phase": "Phase de l’accompagnement",
            "priority": "Priorité",
            "position": "Rang dans la liste",
            "description": "Description",
            "project_owner": "Maître d’ouvrage",
            "design_team": "Maître d’œuvre",
            "partners": "Partenaires",
            "contact": "Contact",
            "place": "Lieu",
            "in_ort": "L’action est dans un secteur d’opération de revitalisation de territoire (ORT)",
            "starts_on": "Début",
            "ends_on": "Fin prévue",
            "engineering": "Besoin d’ingénierie",
            "indicator": "Indicateur",
            "baseline": "Valeur de départ",
            "target": "Valeur visée",
            "indicator_source": "Source de l’indicateur",
            "transition": "Cohérence avec la transition écologique",
        }
        help_texts = {
            "axis": "Par exemple : marcher jusqu’à l’école",
            "project_owner": "Qui commande les travaux ou l’étude",
            "design_team": "Qui les conçoit",
            "contact": "Une fonction et un service plutôt qu’un nom",
            "engineering": "Ce qui manque pour avancer : étude, relevé, conseil",
        }
        widgets = {
            "starts_on": DayInput(),
            "ends_on": DayInput(),
            "description": forms.Textarea(attrs={"rows": 4}),
            "engineering": forms.Textarea(attrs={"rows": 3}),
            "transition": forms.Textarea(attrs={"rows": 3}),
        }
        error_messages = {"title": {"required": "Donnez un titre à l’action."}}

    def __init__(self, *args: Any, plan: SupportPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = plan.actions.exclude(pk=self.instance.pk)
        self.fields["depends_on"].queryset = others
        self.fields["phase"].queryset = plan.phases.all()
        self.fields["phase"].empty_label = "Aucune en particulier"
        self.fields["axis"].widget.attrs["list"] = "axes"
        self.axes = axes_of(plan)
        for name in ("starts_on", "ends_on"):
            self.fields[name].error_messages.update(DAY_ERRORS)
        for name in ("position", "starts_on", "ends_on", "baseline", "target", "cost"):
            self.fields[name].look = FieldLook(width="short")
        if not others:
            del self.fields["depends_on"]


class ActForm(forms.Form):
    """What an act on an action asks: a reason, a day, whom one waits for."""

    blocked_side = forms.ChoiceField(
        label="Qui peut lever le blocage ?", choices=PlanAction.Side, widget=forms.RadioSelect,
        error_messages={"required": "Dites de qui dépend la suite."},
    )  # fmt: skip
    blocked_by = forms.CharField(
        label="Plus précisément", help_text="Par exemple : le Département, agence routière", max_length=150,
        error_messages={"required": "Nommez le service ou l’organisme."},
    )  # fmt: skip
    blocked_until = forms.DateField(
        label="Levée attendue pour le", widget=DayInput(),
        error_messages={"required": "Indiquez la date.", **DAY_ERRORS},
    )  # fmt: skip
    delivered_on = forms.DateField(
        label="Livrée le", widget=DayInput(), error_messages={"required": "Indiquez la date.", **DAY_ERRORS}
    )
    reason = forms.CharField(
        label="Motif", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez le motif : il reste dans l’histoire de l’action."},
    )  # fmt: skip

    def __init__(self, *args: Any, transition: Transition, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if transition == states.UNBLOCK:
            self.fields["reason"].label = "Ce qui a débloqué l’action"
        if transition != states.BLOCK:
            for name in ("blocked_side", "blocked_by", "blocked_until"):
                del self.fields[name]
        if transition == states.DELIVER:
            self.fields["delivered_on"].initial = today
        else:
            del self.fields["delivered_on"]
        if not transition.needs_reason:
            del self.fields["reason"]


class ActionFilter(FilterSet):
    """`?q=…&etat=…&priorite=…&retard=1`, and the axis in one plan."""

    q = CharFilter(label="Chercher une action", method="search")
    etat = ChoiceFilter(field_name="state", label="État", choices=states.ACTION_CHOICES, empty_label="Tous")
    priorite = ChoiceFilter(
        field_name="priority", label="Priorité", choices=PlanAction.Priority.choices, empty_label="Toutes"
    )
    retard = ChoiceFilter(label="Retard", choices=[("1", "en retard")], method="only_late", empty_label="Indifférent")

    class Meta:
        model = PlanAction
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, today: date, axes: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if axes:
            self.filters["axe"] = ChoiceFilter(
                field_name="axis", label="Axe", choices=[(axis, axis) for axis in axes], empty_label="Tous"
            )

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        commune = Q(plan__application__lead__name__icontains=value)
        return rows.filter(Q(title__icontains=value) | Q(project_owner__icontains=value) | commune)

    def only_late(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(late(self.today))
