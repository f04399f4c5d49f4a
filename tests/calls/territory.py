"""Real communes and intercommunalities of the official files: as facts for the rules, as rows for the pages."""

from dataclasses import replace
from functools import cache
from typing import Any

from django.conf import settings

from calls.conditions import Facts, Figure
from portal.territories.imports.official import Territories, read_territories
from portal.territories.services import apply_differences, compare

# The eleven communes of Hautes-Alpes, then the twelve of the Bessin and the Côte de Nacre, of the first edition.
HAUTES_ALPES = {
    "05006": "L’Argentière-la-Bessée", "05179": "Veynes", "05046": "Embrun", "05040": "Chorges", "05166": "Serres",
    "05070": "Laragne-Montéglin", "05170": "Tallard", "05132": "Saint-Bonnet-en-Champsaur", "05017": "La Bâtie-Neuve",
    "05050": "Espinasses", "05065": "Guillestre",
}  # fmt: skip
CALVADOS = {
    "14191": "Courseulles-sur-Mer", "14228": "Douvres-la-Délivrande", "14384": "Luc-sur-Mer", "14143": "Caumont-sur-Aure",
    "14047": "Bayeux", "14515": "Port-en-Bessin-Huppain", "14342": "Isigny-sur-Mer", "14035": "Balleroy-sur-Drôme",
    "14370": "Le Molay-Littry", "14312": "Grandcamp-Maisy", "14711": "Trévières", "14200": "Creully sur Seulles",
}  # fmt: skip
GAP, CAEN, AUBENAS, SOPHIA = "05061", "14118", "04012", "240600585"
SERRES_AUDE, SERRES_MEURTHE = "11377", "54502"


@cache
def official() -> Territories:
    return read_territories(settings.NODE_MODULES, commune_year=2023, epci_year=2022)


def commune(insee: str, **more: Any) -> Facts:
    """What the official files say of a commune."""
    row = official().communes[insee]
    group = row["intercommunality_id"]
    return Facts(
        name=row["name"],
        insee=insee,
        siren=row["siren"],
        intercommunality_siren=group,
        intercommunality_name=official().intercommunalities[group]["name"],
        department=row["department_id"],
        region=official().departments[row["department_id"]]["region_id"],
        populations=figures(insee, None),
        intercommunality_populations=figures(None, group),
        **more,
    )


def intercommunality(siren: str, *, department: str, **more: Any) -> Facts:
    """An intercommunality as an applicant; its seat tells its département."""
    return Facts(
        name=official().intercommunalities[siren]["name"],
        siren=siren,
        applicant_kind="intercommunality",
        department=department,
        region=official().departments[department]["region_id"],
        intercommunality_populations=figures(None, siren),
        **more,
    )


def figures(insee: str | None, siren: str | None) -> dict[tuple[str, int], Figure]:
    return {
        (kind, year): Figure(row["value"], row["source"])
        for (of_commune, of_group, kind, year), row in figures_by_territory()[(insee, siren)].items()
    }


@cache
def figures_by_territory() -> dict[tuple[str | None, str | None], dict[Any, dict[str, Any]]]:
    rows: dict[tuple[str | None, str | None], dict[Any, dict[str, Any]]] = {}
    for key, row in official().figures.items():
        rows.setdefault(key[:2], {})[key] = row
    return rows


def know(*communes: str) -> None:
    """These communes, their intercommunalities and their figures, in the database."""
    every = official()
    kept = {code: every.communes[code] for code in communes}
    groups = {row["intercommunality_id"] for row in kept.values()}
    apply_differences(
        compare(
            replace(
                every,
                communes=kept,
                intercommunalities={siren: every.intercommunalities[siren] for siren in groups},
                figures={key: row for key, row in every.figures.items() if key[0] in kept or key[1] in groups},
            )
        )
    )
