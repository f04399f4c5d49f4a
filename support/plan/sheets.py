"""The tables of a plan as data: names, columns, forms, who writes. One screen draws them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from portal.core.models import StoredFile
from portal.core.typography import NBSP, format_amount, format_date, format_number

from . import forms_sheets as forms
from .models import LogEntry, PlanRow, SupportPlan


@dataclass(frozen=True)
class Column:
    """A column: its head and what it says of a row."""

    head: str
    told: Callable[[Any], str]
    number: bool = False


@dataclass(frozen=True)
class Sheet:
    """One table. `related`: the name of its rows on a plan. `team_only`: only the team adds and changes rows.

    `new_form` serves when adding is not the same act as changing. `files`: columns of the row that hold a file.
    """

    slug: str
    title: str
    lead: str
    add: str
    empty: str
    related: str
    form: type[forms.RowForm]
    columns: tuple[Column, ...]
    new_form: type[forms.RowForm] | None = None
    new_team_only: bool = False
    files: tuple[str, ...] = ()

    def rows(self, plan: SupportPlan, *, staff: bool) -> QuerySet[Any]:
        """The rows that this person may read: what is internal is for the service only."""
        rows = getattr(plan, self.related).select_related(*self.files, *self.linked)
        if self.related == "plandocument_rows" and not staff:
            rows = rows.filter(visibility=LogEntry.Visibility.SHARED)
        return rows

    @property
    def linked(self) -> tuple[str, ...]:
        names = {field.name for field in self.form._meta.model._meta.get_fields()}
        return tuple(name for name in ("action",) if name in names)


def day(value: Any) -> str:
    return format_date(value) if value else ""


def number(value: Any) -> str:
    return "" if value is None else format_number(value)


def file_of(row: PlanRow, name: str) -> StoredFile | None:
    return getattr(row, name)


SHEETS = (
    Sheet(
        "jalons", "Jalons", "Les dates du projet qui ne sont pas des livrables.", "Ajouter un jalon",
        "Aucun jalon pour l’instant.", "milestones", forms.MilestoneForm,
        (
            Column("Jalon", lambda row: row.title), Column("Prévu le", lambda row: day(row.due_on)),
            Column("Fait le", lambda row: day(row.done_on)),
            Column("Action", lambda row: str(row.action or "")),
        ),
    ),
    Sheet(
        "equipe", "Équipe du projet", "Qui fait quoi, nommé par sa fonction.", "Ajouter une personne",
        "Personne n’est encore inscrit.", "teammember_rows", forms.TeamForm,
        (
            Column("Fonction", lambda row: row.title), Column("Rôle", lambda row: row.get_role_display()),
            Column("Organisme", lambda row: row.body), Column("Adresse", lambda row: row.email),
            Column("Téléphone", lambda row: row.phone), Column("Jusqu’au", lambda row: day(row.until)),
        ),
    ),
    Sheet(
        "documents", "Documents", "Ce que le projet produit, partagé ou gardé par le service.", "Ajouter un document",
        "Aucun document pour l’instant.", "plandocument_rows", forms.DocumentForm,
        (
            Column("Document", lambda row: row.title), Column("Ajouté le", lambda row: day(row.added_at)),
            Column("Action", lambda row: str(row.action or "")),
            Column("Lecture", lambda row: row.get_visibility_display()),
        ),
        files=("file",),
    ),
    Sheet(
        "rapports", "Rapports", "Ce que les communes disent à date fixe de l’avancement.", "Prévoir des rapports",
        "Aucun rapport n’est attendu.", "report_rows", forms.ReportForm,
        (
            Column("Rapport", lambda row: row.title), Column("Attendu le", lambda row: day(row.due_on)),
            Column("Remis le", lambda row: day(row.given_on)), Column("Texte", lambda row: row.text),
        ),
        new_form=forms.ReportSeriesForm, new_team_only=True, files=("file",),
    ),
    Sheet(
        "foncier", "Foncier", "Les parcelles du projet et leur maîtrise.", "Ajouter une parcelle",
        "Aucune parcelle pour l’instant.", "parcel_rows", forms.ParcelForm,
        (
            Column("Parcelle", lambda row: row.reference),
            Column("Surface", lambda row: f"{number(row.area)}{NBSP}m²", number=True),
            Column("Propriétaire", lambda row: row.owner), Column("Maîtrise", lambda row: row.get_control_display()),
            Column("Remarque", lambda row: row.note),
        ),
    ),
    Sheet(
        "consultations", "Consultations", "Du cahier des charges au livrable du prestataire.",
        "Ajouter une consultation", "Aucune consultation pour l’instant.", "consultation_rows",
        forms.ConsultationForm,
        (
            Column("Objet", lambda row: row.title), Column("Publiée le", lambda row: day(row.published_on)),
            Column("Offres", lambda row: number(row.bids), number=True),
            Column("Prestataire", lambda row: row.provider_name),
            Column("Montant HT", lambda row: format_amount(row.amount) if row.amount is not None else "", number=True),
            Column("Livrable", lambda row: row.deliverable), Column("Attendu le", lambda row: day(row.due_on)),
            Column("Remis le", lambda row: day(row.delivered_on)),
        ),
        files=("specification", "deliverable_file"),
    ),
    Sheet(
        "initiatives", "Initiatives existantes", "Ce qui se fait déjà sur le territoire.", "Ajouter une initiative",
        "Aucune initiative n’est encore recensée.", "initiative_rows", forms.InitiativeForm,
        (
            Column("Initiative", lambda row: row.title), Column("Qui la porte", lambda row: row.bearer),
            Column("Thème", lambda row: row.theme), Column("Depuis", lambda row: row.since),
            Column("Apport", lambda row: row.note),
        ),
    ),
    Sheet(
        "diagnostic", "Diagnostic", "Une lecture par discipline.", "Ajouter une lecture",
        "Le diagnostic n’est pas commencé.", "diagnosisnote_rows", forms.DiagnosisForm,
        (
            Column("Discipline", lambda row: row.discipline), Column("Atouts", lambda row: row.strengths),
            Column("Fragilités", lambda row: row.weaknesses), Column("Enjeux", lambda row: row.stakes),
            Column("Par", lambda row: f"{row.author}, {day(row.written_on)}"),
        ),
    ),
)  # fmt: skip
BY_SLUG = {sheet.slug: sheet for sheet in SHEETS}
FILE_WORDS = {
    "file": "Fichier",
    "specification": "Cahier des charges",
    "deliverable_file": "Livrable",
}
