"""What each field of the document is, read from the models: its shape, its place in a form, what it may refer to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BeforeValidator, PlainValidator

from calls.definition import eligibility, follow_up, form, identity, money, schema, selection, timetable
from calls.definition.choices import values_of
from calls.definition.examination import Examination
from calls.definition.grid_modes import NEEDLESS
from calls.definition.moments import read_instant, read_moment
from calls.definition.values import Part, read_day, read_decimal, read_flag, read_hour, read_prose, read_whole

Shape = Literal[
    "line", "prose", "number", "flag", "day", "hour", "instant", "when", "choice", "choices", "lines", "proses", "rows",
    "part", "condition", "scale", "shares",
]  # fmt: skip
_READERS: dict[Any, Shape] = {
    read_prose: "prose",
    read_whole: "number",
    read_decimal: "number",
    read_flag: "flag",
    read_day: "day",
    read_hour: "hour",
    read_instant: "instant",
    read_moment: "when",
}
_MANY: dict[Shape, Shape] = {"choice": "choices", "line": "lines", "prose": "proses", "part": "rows"}


@dataclass(frozen=True)
class Entry:
    """One field of a form: its path under the part, the model that declares it, what shape its value has."""

    path: tuple[str, ...]
    model: type[Part]
    name: str
    shape: Shape
    required: bool
    longest: int | None = None
    item: type[Part] | None = None

    @property
    def key(self) -> str:
        """Its name in the form."""
        return "__".join(self.path)


# --- shapes ------------------------------------------------------------------------------------------------------


def _unwrapped(annotation: Any) -> tuple[Any, list[Any], bool]:
    """The type inside `Annotated` and `| None`, with all metadata and whether it is a tuple."""
    meta: list[Any] = []
    many = False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            meta += more
        elif origin in (Union, UnionType) and type(None) in get_args(annotation):
            annotation = next(part for part in get_args(annotation) if part is not type(None))
        elif origin is tuple:
            annotation, many = get_args(annotation)[0], True
        else:
            return annotation, meta, many


@cache
def entry(model: type[Part], name: str, above: tuple[str, ...] = ()) -> Entry:
    """The entry of one field of a model."""
    kind, meta, many = _unwrapped(get_type_hints(model, include_extras=True)[name])
    shape = _shape(model, name, kind, meta)
    shape = _MANY[shape] if many and shape in _MANY else shape
    item = kind if isinstance(kind, type) and issubclass(kind, Part) else None
    required = model.model_fields[name].is_required()
    return Entry((*above, name), model, name, shape, required, _longest(meta), item)


_SPECIAL: dict[tuple[type[Part], str], Shape] = {
    (selection.Grid, "scale_labels"): "scale",
    (selection.Criterion, "descriptors"): "scale",
    (money.Money, "cuts"): "shares",
}


def _shape(model: type[Part], name: str, kind: Any, meta: Sequence[Any]) -> Shape:
    if (model, name) in _SPECIAL:
        return _SPECIAL[model, name]
    if name == "condition":
        return "condition"
    if isinstance(kind, type) and issubclass(kind, Part):
        return "part"
    if get_origin(kind) is Literal:
        return "choice"
    readers = [m.func for m in meta if isinstance(m, BeforeValidator | PlainValidator)]
    return next((_READERS[reader] for reader in readers if reader in _READERS), "line")


def _longest(meta: Sequence[Any]) -> int | None:
    found = [m for part in meta for m in (part, *getattr(part, "metadata", ()))]
    return min((m.max_length for m in found if getattr(m, "max_length", None)), default=None)


# --- the fields of a form ----------------------------------------------------------------------------------------

# Lists that have a page of their own, each item one by one.
LISTED = {
    (schema.CallDocument, name)
    for name in ("texts", "frame", "objectives", "axes", "partners", "documents", "calendar", "windows", "tracks",
                 "strata", "eligibility", "sections", "pieces", "undertakings", "reasons", "phases", "indicators",
                 "reminders")
} | {
    (identity.Support, "themes"), (money.Money, "outside"), (money.Money, "grants"), (form.Section, "questions"),
    (selection.Grid, "criteria"), (selection.Grid, "bonuses"), (selection.Grid, "rankings"),
    (follow_up.Agreement, "articles"), (follow_up.Agreement, "expertise"), (Examination, "checklist"),
    (Examination, "fields"),
}  # fmt: skip
# What a variant of a model shows beyond its common fields: the others keep still.
BY_KIND: dict[type[Part], dict[str, frozenset[str]]] = {
    identity.Stratum: {
        "population": frozenset({"population_kind", "year", "lower", "upper"}),
        "communes": frozenset({"communes"}),
        "perimeter": frozenset({"perimeter"}),
        "applicant": frozenset({"kinds"}),
        "attribute": frozenset({"attribute", "values"}),
    },
    form.Question: {
        **{kind: frozenset({"max_length"}) for kind in form.TEXT_KINDS},
        **{kind: frozenset({"min", "max", "unit"}) for kind in form.NUMBER_KINDS},
        **{kind: frozenset({"options"}) for kind in form.CHOICE_KINDS},
        "table": frozenset({"columns", "min_rows", "max_rows"}),
        "operations": frozenset({"min_rows", "max_rows"}),
        "file": frozenset({"piece"}),
    },
}
# Chosen by a link, as the kind of an item is: what the form shows follows.
GRID_MODE = ("grid", "mode")
# Filled by another act than the form.
_FILLED = {(form.Download, "file")}
_PROPER = {model: frozenset().union(*kinds.values()) for model, kinds in BY_KIND.items()}
RULES: dict[str, type[eligibility.RuleBase]] = eligibility.MODELS
# Where a field stands in its form: the others keep the order of the model.
_RANK = {"effect": 3, "shown": 3, "derogable": 4, "derogable_by": 4, "condition": 5, "code": 6}
_RANK_IN_RULE = {**_RANK, "label": 0, "sentence": 1}


@cache
def kinds_of(model: type[Part]) -> tuple[str, ...]:
    """The kinds among which one chooses before an item of this model is written; none for most."""
    if _is_rule(model):
        return tuple(RULES)
    return values_of(get_type_hints(model, include_extras=True)["kind"]) if model in BY_KIND else ()


@cache
def entries_of(model: type[Part], kind: str = "") -> tuple[Entry, ...]:
    """The fields of the form of an item, its code last; `kind` chooses among the variants of the model."""
    names = [name for name in model.model_fields if name != "kind" or not kinds_of(model)]
    hidden = _PROPER.get(model, frozenset()) - BY_KIND.get(model, {}).get(kind, frozenset())
    names = [name for name in names if name not in hidden and (model, name) not in LISTED | _FILLED]
    rank = {} if model is timetable.Milestone else _RANK_IN_RULE if _is_rule(model) else _RANK
    ordered = sorted(names, key=lambda name: rank.get(name, 2))
    return tuple(found for name in ordered for found in _flat(model, name))


def for_mode(entries: Sequence[Entry], mode: str) -> list[Entry]:
    """The fields that a grid of this mode needs."""
    needless = NEEDLESS.get(mode, frozenset())
    return [one for one in entries if (one.model, one.name) not in needless]


def _is_rule(model: type[Part]) -> bool:
    return issubclass(model, eligibility.RuleBase)


def _flat(model: type[Part], name: str, above: tuple[str, ...] = ()) -> Iterator[Entry]:
    found = entry(model, name, above)
    if found.shape != "part":
        yield found
        return
    assert found.item is not None
    loose = model.model_fields[name].default is None
    for inner in found.item.model_fields:
        for part in _flat(found.item, inner, found.path):
            yield replace(part, required=False) if loose else part


@cache
def entries_at(fields: tuple[tuple[str, ...], ...]) -> tuple[Entry, ...]:
    """The entries of dotted fields of the document."""
    return tuple(found for field in fields for found in _deep(schema.CallDocument, field))


def _deep(model: type[Part], field: tuple[str, ...], above: tuple[str, ...] = ()) -> Iterator[Entry]:
    name, *rest = field
    if not rest:
        yield from _flat(model, name, above)
        return
    inner = entry(model, name, above).item
    assert inner is not None
    yield from _deep(inner, tuple(rest), (*above, name))


def proper_to_others(model: type[Part], kind: str) -> frozenset[str]:
    """The fields that make no sense for this kind."""
    return _PROPER.get(model, frozenset()) - BY_KIND.get(model, {}).get(kind, frozenset())


def row_entries(item: type[Part]) -> list[Entry]:
    """The columns of a small list edited in one table: the code last."""
    names = sorted(item.model_fields, key=lambda name: name == "code" and item is not selection.Outcome)
    return [entry(item, name) for name in names]


def item_model(names: str, kind: str = "") -> type[Part]:
    """The model of the items of a list, by its address without codes: « sections/questions »."""
    if names == "eligibility":
        return RULES[kind] if kind else eligibility.RuleBase
    here: type[Part] = schema.CallDocument
    for name in names.split("/"):
        found = entry(here, name).item
        assert found is not None
        here = found
    return here
