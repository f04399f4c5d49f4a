"""Acts on the reference data: what a file would change, then the change itself."""

from .differences import Difference, compare
from .writing import apply_differences, record_import

__all__ = ["Difference", "apply_differences", "compare", "record_import"]
