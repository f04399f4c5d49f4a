"""Acts on the reference data: what a file would change, then the change itself."""

from .differences import Difference, compare
from .writing import apply_differences, of_another_vintage, record_import, write_vintage

__all__ = ["Difference", "apply_differences", "compare", "of_another_vintage", "record_import", "write_vintage"]
