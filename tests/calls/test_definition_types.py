"""Small things of the document: Python values, words of options, merge fields, the guide that names all keys."""

from datetime import date, time
from pathlib import Path

import pytest

from calls.definition.follow_up import MERGE_FIELDS, merge, merge_fields, stray_braces
from calls.definition.reading import BadDocument, json_schema, read
from calls.definition.timetable import MILESTONES, Reminder
from calls.definition.values import read_day, read_hour, read_prose, read_siren
from tests.calls.documents import altered, errors, line_of, ordinary

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "format-appel.md"


def test_days_and_hours_of_rows_are_admitted():
    assert read_day(date(2027, 3, 31)) == read_day("2027-03-31") == date(2027, 3, 31)
    assert read_hour(time(9)) == read_hour("09:00") == time(9)
    reminder = Reminder(code="J7", about="draft_not_deposited", days="-7", at="09:00")
    assert reminder.model_dump(mode="json") == {"code": "J7", "about": "draft_not_deposited", "days": -7, "at": "09:00"}


def test_a_siren_may_be_written_in_groups():
    assert read_siren("200 084 952") == "200084952"


def test_paragraphs_and_lists():
    assert read_prose("  un\n deux  \n\n\n trois :\n- a\n  suite\n- b\n") == "un deux\n\ntrois :\n- a suite\n- b"


def test_merge_fields_are_found_and_replaced():
    text = "La commune {de_la_commune}, {duree}."
    assert merge_fields(text) == ("de_la_commune", "duree")
    assert merge(text, {"de_la_commune": "d’Étretat", "duree": "douze mois"}) == "La commune d’Étretat, douze mois."
    with pytest.raises(KeyError):
        merge(text, {"duree": "douze mois"})
    assert [stray_braces(text) for text in ("{a} b", "{a", "a}", "{{a}}")] == [False, True, True, True]


def test_an_unknown_key_in_an_optional_group_names_the_keys_of_that_group():
    text = altered(
        ("grid:\n", "applicants:\n  group: {max: 3, zzz: 1}\ngrid:\n"),
    )
    assert errors(text) == [
        (line_of(text, "zzz"), "« zzz » n’est pas connu : les clés admises ici sont min, max et text."),
    ]


def test_a_file_that_is_no_call_says_so():
    with pytest.raises(BadDocument) as caught:
        read("- a\n")
    assert ordinary(str(caught.value)) == (
        "ce fichier ne décrit pas un appel : commencez par « format: 1 », puis « title: … »."
    )


def _names(schema: dict) -> set[str]:
    """Every key, and every word to choose among, that the schema admits."""
    found: set[str] = set()
    parts = [schema, *schema["$defs"].values()]
    for part in parts:
        for name, value in part["properties"].items():
            found |= {name, *value.get("enum", ()), *value.get("items", {}).get("enum", ())}
            found |= {value["const"]} if "const" in value else set()
    return found


def test_the_guide_names_every_key_every_choice_and_every_field():
    guide = GUIDE.read_text(encoding="utf-8")
    names = _names(json_schema()) | set(MERGE_FIELDS) | set(MILESTONES)
    short = {name for name in names if not name.startswith(("commune.", "intercommunality.", "organisation.", "user."))}
    assert sorted(name for name in short if name not in guide) == []
