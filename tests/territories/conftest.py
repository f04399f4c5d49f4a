"""The official files, read once; a part of them in the database."""

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings

from portal.territories.imports.official import Territories, read_territories
from portal.territories.services import apply_differences, compare

ELSEWHERE = {
    "01004",
    "11377",
    "54502",
    "75056",
    "04197",
    "80829",
    "85113",
    "22016",
    "13055",
    "69123",
    "55039",
    "97502",
    "50592",
}


@pytest.fixture(scope="session")
def official() -> Territories:
    return read_territories(settings.NODE_MODULES, commune_year=2023, epci_year=2022)


@pytest.fixture
def some_communes(db: Any, official: Territories) -> None:
    """Every commune of Hautes-Alpes, Calvados and Seine-Maritime, and a few others."""
    kept = {
        code: row
        for code, row in official.communes.items()
        if row["department_id"] in {"05", "14", "76"} or code in ELSEWHERE
    }
    figures = {key: row for key, row in official.figures.items() if key[0] in kept}
    apply_differences(compare(replace(official, communes=kept, figures=figures)))
