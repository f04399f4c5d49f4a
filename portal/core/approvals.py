"""To be written by the owner of this app."""

from typing import Any


def actions_for(*args: Any) -> list[Any]:
    return []


def register_act(act: str, run: Any) -> None:
    """Placeholder."""


def ask(**arguments: Any) -> None:
    """Placeholder."""
