"""A national template and its local instances: a full copy at creation, never tied to it live. Pure.

Changes are differences of `diff`; a locked path locks all that lies under it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from calls.definition.diff import Change, diff, plain_of
from calls.definition.freeze import Refusal
from calls.definition.identity import Owner
from calls.definition.schema import CallDocument
from calls.definition.shifting import new_edition

# What makes an instance another call: never a departure from the template.
OWN = ("slug", "code_prefix", "edition", "owner", "template", "inherits")
LOCKED = "le modèle national ne laisse pas changer cette partie."


def locked_paths(template: CallDocument) -> tuple[str, ...]:
    return template.template.locked if template.template else ()


def instance_of(
    template: CallDocument, *, owner: Owner, slug: str, prefix: str, edition: str, closes_at: datetime
) -> CallDocument:
    """A full copy of the template for a local organiser, at its own dates."""
    moved = new_edition(template, closes_at=closes_at, slug=slug, prefix=prefix, edition=edition)
    return moved.model_copy(update={"owner": owner, "template": None, "inherits": template.slug})


def departures(template: CallDocument, instance: CallDocument) -> list[Change]:
    """Where an instance differs from its template, its own identity apart."""
    return [change for change in diff(template, instance) if not change.within(*OWN)]


def locked_refusals(template: CallDocument, instance: CallDocument) -> list[Refusal]:
    """The departures that the template does not admit."""
    locked = locked_paths(template)
    return [Refusal(change, LOCKED) for change in departures(template, instance) if touches(change, locked)]


def touches(change: Change, locked: Iterable[str]) -> bool:
    """Whether a change lies under a locked path, or takes away (or adds) what holds it."""
    return any(change.within(path) or path.startswith(f"{change.path}.") for path in locked)


def offered(before: CallDocument, after: CallDocument, instance: CallDocument) -> list[Change]:
    """What a new revision of the template brings, and that the instance does not have yet."""
    mine = plain_of(instance)
    changes = [change for change in diff(before, after) if not change.within(*OWN)]
    return [change for change in changes if _patched(mine, change) != mine]


def patched(instance: CallDocument, changes: Sequence[Change]) -> CallDocument:
    """The instance with these changes of its template. Raises pydantic's ValidationError when they do not fit."""
    data = plain_of(instance)
    for change in changes:
        data = _patched(data, change)
    return CallDocument.model_validate(data)


def _patched(data: Any, change: Change) -> Any:
    return _put(data, change.path.split("."), change)


def _put(place: Any, steps: list[str], change: Change) -> Any:
    """The same data with the change made at the end of `steps`; a place that is not there is left as it is."""
    if not steps:
        return _ordered(place, change.after) if change.kind == "moved" else change.after
    step, rest = steps[0], steps[1:]
    if isinstance(place, list | tuple):
        return _put_in_list(list(place), step, rest, change)
    if not isinstance(place, dict | None):
        return place
    group = dict(place or {})
    value = _put(group.get(step), rest, change)
    if value is None:
        group.pop(step, None)
    else:
        group[step] = value
    return group


def _put_in_list(items: list[Any], code: str, rest: list[str], change: Change) -> list[Any]:
    found = next((n for n, item in enumerate(items) if item.get("code") == code), None)
    if found is None:
        return [*items, change.after] if not rest and change.kind == "added" else items
    value = _put(items[found], rest, change)
    return [*items[:found], *([value] if value is not None else []), *items[found + 1 :]]


def _ordered(items: Any, model: Any) -> Any:
    """The items in the order of the model; those that it does not have stay last."""
    ranks = {item["code"]: n for n, item in enumerate(model)}
    return sorted(items or (), key=lambda item: ranks.get(item["code"], len(ranks)))
