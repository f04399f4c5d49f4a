"""Undefined variables in the project's own templates are faults; those of libraries keep Django's leniency.

`{% if x %}` and `{% for x %}` on an undefined name stay allowed, as Django means them: optional parameters of a
component. Whatever is printed, filtered or passed on must exist.
"""

import sys
from pathlib import Path
from types import FrameType

from django.template import Engine, Node, engines

from tests.harness.faults import LOG

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = tuple(str(ROOT / name) for name in (".venv", "node_modules"))


class UndefinedVariable(str):
    """Stands as the engine's `string_if_invalid`: empty, true only where the project's own template is at fault."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return _place_of(sys._getframe(1)) is not None

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, variable: object) -> str:
        LOG.record("template", f"undefined variable {str(variable)!r} in {_place_of(sys._getframe(1))}")
        return ""


class StrictEngine(Engine):
    """An engine that also reports `{{ object.method }}` when the method needs arguments or alters data."""

    undefined = UndefinedVariable()

    @property
    def string_if_invalid(self) -> str:
        caller = sys._getframe(1)
        if caller.f_code.co_name == "_resolve_lookup" and (place := _place_of(caller)):
            LOG.record("template", f"call of {caller.f_locals['self'].var!r} refused in {place}")
        return self.undefined

    @string_if_invalid.setter
    def string_if_invalid(self, value: str) -> None:
        """Django's own setting is replaced."""


def _place_of(frame: FrameType | None) -> str | None:
    """File and line of the template node being rendered, None when it belongs to a library."""
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            name = str(node.origin.name)
            if name.startswith(LIBRARIES) or not name.startswith((str(ROOT), "<unknown source>")):
                return None
            return f"{name.removeprefix(str(ROOT) + '/')}, line {node.token.lineno}"
        frame = frame.f_back
    return None


def make_strict() -> None:
    """Every Django engine of the settings becomes strict, for the whole session."""
    for backend in engines.all():
        backend.engine.__dict__.pop("string_if_invalid", None)
        backend.engine.__class__ = StrictEngine
