"""Territories of the official code, what is known of them, what they became."""

from .code import Commune, Department, Intercommunality, Region
from .facts import CommuneAttribute, Grouping, PopulationFigure
from .history import FormerName, ImportRecord, Movement

__all__ = [
    "Commune",
    "CommuneAttribute",
    "Department",
    "FormerName",
    "Grouping",
    "ImportRecord",
    "Intercommunality",
    "Movement",
    "PopulationFigure",
    "Region",
]
