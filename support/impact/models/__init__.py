"""What came of it: measures of indicators, publications."""

from .measure import Measure
from .publication import (
    Publication,
    PublicationContact,
    PublicationSection,
    PublicationTransition,
    PublicationVersion,
)

__all__ = [
    "Measure",
    "Publication",
    "PublicationContact",
    "PublicationSection",
    "PublicationTransition",
    "PublicationVersion",
]
