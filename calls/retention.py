"""How long the files of a call are kept, as its document says: pure, in days of the Paris calendar (handbook §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.core.calendar import add_months
from portal.core.typography import format_quantity

# Two notices before anything is erased (K3): a month, then a fortnight.
NOTICES = (timedelta(days=30), timedelta(days=14))


@dataclass(frozen=True)
class Retention:
    """`draft_months` after the limit of a draft; years after the decision, or the last sign of life of the file."""

    draft_months: int = 12
    not_selected_years: int = 5
    selected_years: int = 10

    def of_draft(self, closed_on: date) -> date:
        """The first day on which a draft never deposited is erased."""
        return add_months(closed_on, self.draft_months)

    def of_file(self, ended_on: date, *, selected: bool) -> date:
        """The first day on which the content of a deposited file may be eliminated, with the visa of the archives."""
        return add_months(ended_on, 12 * (self.selected_years if selected else self.not_selected_years))

    @property
    def words(self) -> str:
        """« Un brouillon jamais déposé est effacé 12 mois après la clôture ; … »."""
        months = f"{self.draft_months} mois"
        lost, kept = (format_quantity(n, "an") for n in (self.not_selected_years, self.selected_years))
        return (
            f"Un brouillon jamais déposé est effacé {months} après la clôture. Un dossier déposé est gardé {lost} "
            f"après la décision, {kept} s’il est retenu, puis éliminé avec le visa des archives ; les décisions, les "
            "lettres et les nombres restent."
        )


def retention_of(extras: Mapping[str, Any]) -> Retention:
    """The rule of a call, from its `extras`; what its document leaves out takes the usual durations."""
    told = extras.get("data_notice") or {}
    usual = Retention()
    return Retention(**{name: int(told.get(name, getattr(usual, name))) for name in vars(usual)})
