"""Calls drawn at random, right as they are: texts full of traps, tracks, strata, tables, conditions, rankings, money."""

import os
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from calls.definition.consistency import inconsistencies
from calls.definition.moments import Moment
from calls.definition.schema import CallDocument
from calls.definition.tree import parse
from calls.definition.values import read_line
from tests.calls.documents import SMALL

FULL = os.environ.get("FULL_COUNTS") == "1"

TRAPS = st.sampled_from(
    [
        "on", "Oui", "no", "null", "~", "05006", "12:30", "1e3", "0x1F", "- a", "-", "a: b", "a #b", "#a", "'", '"', "\\",
        "{x}", "[x]", "& *", "!x", "%x", "@x", "a:", "« à vérifier : oui »", "a\u00a0: b", "é", "=", "<<", "2027-03-31",
        ".inf", "true", "x - y", "- - -", "a\nb", "a\n\nb", "a\n- b\n- c", "  a  b  ", "|", ">", "?", "a,b", "\u202f",
    ]
)  # fmt: skip
ALPHABET = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\n\t -:#'\"\\«»’")
WORDS = st.one_of(
    TRAPS, st.text(ALPHABET, min_size=1, max_size=60), st.lists(TRAPS, min_size=1, max_size=40).map(" ".join)
)
TEXTS = WORDS.filter(lambda text: text.replace("\ufeff", "").strip() != "")
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
POINTS = st.decimals(0, 1000, places=2)
AMOUNTS = st.decimals(0, 10**11, places=2)
KINDS = ("commune", "intercommunality", "department", "region", "state", "operator", "other")


def lines(most: int = 150) -> st.SearchStrategy[str]:
    return TEXTS.filter(lambda text: 0 < len(read_line(text)) <= most)


def counts(quick: int, full: int) -> settings:
    """How many calls are drawn: few by default, many with `FULL_COUNTS`."""
    health = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(deadline=None, max_examples=full if FULL else quick, suppress_health_check=health)


def few(draw: Any, most: int, least: int = 0) -> range:
    return range(1, draw(st.integers(least, most)) + 1)


PLACES = [{"kind": "department", "codes": ["05", "974"]}, {"kind": "massif", "codes": ["ALPES"]}]


@st.composite
def documents(draw: Any) -> CallDocument:
    """The small call with drawn texts, numbers, dates, and every part that a condition or an axis may name."""
    data = parse(SMALL)[0].plain()
    identity(draw, data)
    calendar(draw, data)
    data["tracks"] = [{"code": f"A{n}", "label": draw(lines()), "text": draw(TEXTS)} for n in few(draw, 2)]
    data["strata"] = strata(draw)
    form(draw, data)
    selection(draw, data)
    data["money"] = money(draw, data)
    document = CallDocument.model_validate({key: value for key, value in data.items() if value is not None})
    assert inconsistencies(document) == []
    return document


def identity(draw: Any, data: dict[str, Any]) -> None:
    data["title"] = data["programme"]["title"] = draw(lines())
    data["goal"] = draw(TEXTS)
    data["edition"] = draw(lines(20))
    data["texts"] = [{"code": f"t{n}", "title": draw(lines()), "text": draw(TEXTS)} for n in few(draw, 3)]
    data["themes"] = [draw(lines(60)) for _ in few(draw, 3)]
    data["partners"] = [{"code": f"P{n}", "name": draw(lines()), "role": "funder"} for n in few(draw, 2)]
    data["objectives"] = [{"code": f"O{n}", "label": draw(lines())} for n in few(draw, 2)]
    data["documents"] = [{"code": f"D{n}", "label": draw(lines()), "file": draw(lines(120))} for n in few(draw, 2)]


def calendar(draw: Any, data: dict[str, Any]) -> None:
    data["windows"] = []
    for n in few(draw, 2, least=1):
        opens = draw(INSTANTS)
        closes = opens + timedelta(seconds=draw(st.integers(1, 10**7)))
        data["windows"].append({"code": f"W{n}", "opens_at": opens, "closes_at": closes, "wave": n})
    moments = INSTANTS.map(Moment) | st.dates().filter(lambda day: day.year > 1900)
    data["calendar"] = [{"code": f"m{n}", "label": draw(lines()), "when": draw(moments)} for n in few(draw, 3)]


def strata(draw: Any) -> list[dict[str, Any]]:
    """Bounds of population that follow one another, between strata of the four other kinds."""
    bounds = sorted(draw(st.sets(st.integers(1, 10**8), min_size=1, max_size=3)))
    rows: list[dict[str, Any]] = [
        {"kind": "population", "year": draw(st.integers(1999, 2030)), "lower": low, "upper": high,
         "population_kind": draw(st.sampled_from(["municipale", "totale"]))}
        for low, high in zip([0, *bounds[:-1]], bounds, strict=True)
    ]  # fmt: skip
    others = [
        {"kind": "communes", "communes": draw(st.lists(st.sampled_from(["76254", "2A004", "05166"]), min_size=1))},
        {"kind": "perimeter", "perimeter": draw(st.sampled_from(PLACES))},
        {"kind": "applicant", "kinds": draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3))},
        {"kind": "attribute", "attribute": "DENSITE", "values": draw(st.lists(st.sampled_from("1234567"), max_size=3))},
    ]
    chosen = draw(st.permutations([*rows, *draw(st.lists(st.sampled_from(others), unique_by=lambda row: row["kind"]))]))
    chosen = chosen[: draw(st.integers(0, len(chosen)))]
    return [{"code": f"S{n}", "label": draw(lines(80)), **row} for n, row in enumerate(chosen, 1)]


# --- conditions --------------------------------------------------------------------------------------------------


def conditions(data: dict[str, Any], questions: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Any condition over the tracks, the strata and these questions, three levels deep at most."""
    leaves = [
        st.fixed_dictionaries({"kind": st.just("applicant"), "kinds": st.lists(st.sampled_from(KINDS), min_size=1)}),
        st.fixed_dictionaries(
            {
                "kind": st.just("population"),
                "of": st.sampled_from(["commune", "intercommunality"]),
                "population_kind": st.sampled_from(["municipale", "totale"]),
                "year": st.integers(1999, 2030),
                "below": st.integers(1, 10**8),
            },
            optional={"at_least": st.integers(0, 10**8)},
        ),
    ]
    for kind, name in (("track", "tracks"), ("stratum", "strata")):
        if codes := [part["code"] for part in data[name]]:
            chosen = st.lists(st.sampled_from(codes), min_size=1, max_size=2)
            leaves.append(st.fixed_dictionaries({"kind": st.just(kind), "codes": chosen}))
    leaves += [answer_test(question) for question in questions if question["kind"] in ("single", "number", "yes_no")]
    return st.recursive(st.one_of(leaves), compound, max_leaves=5)


def compound(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.fixed_dictionaries(
        {"kind": st.sampled_from(["all", "any"]), "terms": st.lists(inner, min_size=1, max_size=3)}
    )
    return several | st.fixed_dictionaries({"kind": st.just("not"), "term": inner})


def answer_test(question: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    head = {"kind": st.just("answer"), "question": st.just(question["code"])}
    if question["kind"] == "number":
        return st.fixed_dictionaries({**head, "at_least": AMOUNTS}, optional={"at_most": AMOUNTS})
    codes = [option["code"] for option in question.get("options", ())] or ["oui", "non"]
    one = st.fixed_dictionaries({**head, "equals": st.sampled_from(codes)})
    return one | st.fixed_dictionaries({**head, "one_of": st.lists(st.sampled_from(codes), min_size=1)})


def maybe(draw: Any, part: dict[str, Any], data: dict[str, Any], questions: list[dict[str, Any]]) -> dict[str, Any]:
    """The part, with a condition or without."""
    return {**part, "condition": draw(conditions(data, questions))} if draw(st.booleans()) else part


# --- form --------------------------------------------------------------------------------------------------------


def options(draw: Any) -> list[dict[str, Any]]:
    return [{"code": f"o{n}", "label": draw(lines()), "exclusive": draw(st.booleans())} for n in few(draw, 4, least=2)]


def question(draw: Any, code: str) -> dict[str, Any]:
    kind = draw(
        st.sampled_from(
            ["text", "number", "single", "multiple", "yes_no", "date", "table", "operations", "site", "commune"]
        )
    )
    row = {"code": code, "kind": kind, "label": draw(lines()), "required": draw(st.booleans())}
    row["visible_to_jury"], row["fact"] = draw(st.booleans()), draw(st.booleans())
    if draw(st.booleans()):
        row["hint"] = draw(TEXTS.filter(lambda text: len(text) <= 400))
        row["optional_until"] = draw(DAYS)
    if kind in ("single", "multiple"):
        row["options"] = options(draw)
    elif kind == "number":
        low = draw(st.decimals(-(10**11), 10**11, places=2))
        row |= {"min": low, "max": low + draw(AMOUNTS), "unit": draw(lines(20))}
    elif kind == "operations":
        row["min_rows"] = draw(st.integers(0, 10))
        row["max_rows"] = draw(st.integers(max(row["min_rows"], 1), 10))
    elif kind == "table":
        least = draw(st.integers(0, 50))
        row |= {"columns": [column(draw, f"c{n}") for n in few(draw, 3, least=1)], "min_rows": least}
        row["max_rows"] = draw(st.integers(max(least, 1), 100))
    return row


def column(draw: Any, code: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(["text", "number", "money", "date", "single", "yes_no"]))
    row = {"code": code, "label": draw(lines(80)), "kind": kind, "required": draw(st.booleans())}
    return {**row, "options": options(draw)} if kind == "single" else row


def form(draw: Any, data: dict[str, Any]) -> None:
    """The section of the small call, then others whose conditions bear on what came before."""
    earlier = [question for question in data["sections"][0]["questions"] if question["kind"] == "single"]
    for n in few(draw, 2):
        section = maybe(draw, {"code": f"s{n}", "title": draw(lines()), "questions": []}, data, earlier)
        section["stage"] = draw(st.sampled_from(["both", "intent", "file"]))
        for m in few(draw, 3, least=1):
            asked = maybe(draw, question(draw, f"q{n}_{m}"), data, earlier)
            section["questions"].append(asked)
            earlier = [*earlier, asked]
        data["sections"].append(section)
    data["undertakings"] = [maybe(draw, {"code": f"U{n}", "label": draw(lines())}, data, earlier) for n in few(draw, 2)]
    data["pieces"] = []
    for n in few(draw, 2):
        piece = maybe(draw, {"code": f"F{n}", "label": draw(lines())}, data, earlier)
        data["pieces"].append({**piece, "need": "conditional" if "condition" in piece else "optional"})


# --- selection and money -----------------------------------------------------------------------------------------


def selection(draw: Any, data: dict[str, Any]) -> None:
    grid = data["grid"]
    everything = [question for section in data["sections"] for question in section["questions"]]
    grid["criteria"] = [maybe(draw, dict(criterion), data, everything) for criterion in grid["criteria"]]
    for criterion in grid["criteria"]:
        criterion["part_of"] = draw(st.sampled_from([None, "Ensemble"]))
    grid["criteria"][0]["knockout"] = draw(st.decimals(0, 60, places=2))
    grid["threshold"] = draw(POINTS)
    grid["scale_labels"] = {step: draw(lines()) for step in draw(st.sets(st.integers(0, 5)))}
    grid["tie_break"] = draw(st.lists(st.sampled_from(["C1", "C2"]), unique=True))
    grid["rankings"] = []
    for n in few(draw, 3):
        row = {"code": f"K{n}", "label": draw(lines()), "condition": draw(conditions(data, everything))}
        if draw(st.booleans()):
            row |= {"threshold": draw(POINTS), "max_selected": draw(st.integers(0, 10_000))}
        grid["rankings"].append(row)
    grid["bonuses"] = [
        {"code": f"B{n}", "label": draw(lines()), "points": n, "condition": draw(conditions(data, everything))}
        for n in few(draw, 2)
    ]


def money(draw: Any, data: dict[str, Any]) -> dict[str, Any] | None:
    """A total, cut along the axes that the call has, each making the total to the cent; grants, sums outside."""
    if not draw(st.booleans()):
        return None
    total = draw(st.decimals(10, 10**9, places=2))
    axes = {
        "funder": data["partners"], "stratum": data["strata"], "track": data["tracks"],
        "department": [{"code": "05"}, {"code": "2A"}],
    }  # fmt: skip
    cuts = [
        {"axis": axis, "shares": shares(draw, total, [part["code"] for part in parts])}
        for axis, parts in axes.items()
        if parts and draw(st.booleans())
    ]
    everything = [question for section in data["sections"] for question in section["questions"]]
    grants = [maybe(draw, grant(draw, f"G{n}"), data, everything) for n in few(draw, 2)]
    outside = [{"code": f"X{n}", "label": draw(lines()), "amount": draw(AMOUNTS)} for n in few(draw, 2)]
    return {
        "total": total,
        "tax": draw(st.sampled_from(["ht", "ttc"])),
        "cuts": cuts,
        "grants": grants,
        "outside": outside,
    }


def shares(draw: Any, total: Decimal, codes: list[str]) -> list[dict[str, Any]]:
    part = (total / (len(codes) + draw(st.integers(0, 3)))).quantize(Decimal("0.01"))
    amounts = [part] * (len(codes) - 1)
    return [
        {"code": code, "label": draw(lines()), "amount": amount}
        for code, amount in zip(codes, [*amounts, total - sum(amounts)], strict=True)
    ]


def grant(draw: Any, code: str) -> dict[str, Any]:
    row = {"code": code, "label": draw(lines()), "kind": "study", "rate": draw(st.decimals("0.01", 100, places=2))}
    if draw(st.booleans()):
        floor = draw(AMOUNTS)
        row |= {"floor": floor, "ceiling": min(floor + draw(AMOUNTS), Decimal(10**11)), "text": draw(TEXTS)}
        row["ceiling_on"] = draw(st.sampled_from(["grant", "cost"]))
    return row
