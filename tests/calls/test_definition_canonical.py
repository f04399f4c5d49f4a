"""One call, one text: what is written reads back the same, for us and for any other YAML reader."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from calls.definition.moments import Moment, read_instant, read_moment, write_instant, write_moment
from calls.definition.reading import canonical, fingerprint, json_schema, read
from calls.definition.schema import CallDocument
from calls.definition.tree import parse
from calls.definition.values import plain, read_decimal, read_line, read_prose, write_decimal
from calls.definition.writing import WIDTH
from portal.core.typography import PARIS
from tests.calls.documents import SMALL, altered, small
from tests.calls.generated import INSTANTS, TEXTS, counts, documents


@given(documents())
@counts(40, 400)
def test_reading_what_is_written_gives_the_same_call(document):
    text = canonical(document)
    again = read(text)
    assert again == document
    assert canonical(again) == text


@given(documents())
@counts(20, 200)
def test_any_yaml_reader_finds_the_same_texts(document):
    data = yaml.safe_load(canonical(document))
    assert read_line(data["title"]) == document.title
    assert read_prose(data["goal"]) == document.goal
    assert data["edition"] == document.edition
    assert [theme if isinstance(theme, str) else repr(theme) for theme in data.get("themes", [])] == list(
        document.themes
    )
    assert data["windows"][0]["opens_at"] == write_instant(document.windows[0].opens_at)
    assert CallDocument.model_validate(_texted(data)) == document


def _texted(value):
    """What safe_load has typed (integers, booleans) is admitted as it is; a decimal point comes back as text."""
    if isinstance(value, dict):
        return {key: _texted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texted(item) for item in value]
    return f"{value:.2f}" if isinstance(value, float) else value


@given(TEXTS)
def test_reading_a_text_twice_changes_nothing(text):
    line, prose = read_line(text), read_prose(text)
    assert read_line(line) == line
    assert read_prose(prose) == prose
    assert "\n" not in line
    assert "\n\n\n" not in prose


@given(st.decimals(-1000, 1000, places=2))
def test_decimals_come_back(number):
    assert read_decimal(str(write_decimal(read_decimal(number)))) == number


@given(INSTANTS)
def test_instants_come_back_to_the_second(at):
    assert read_instant(write_instant(at)).astimezone(UTC) == at
    assert read_moment(write_moment(Moment(at))) == Moment(at.astimezone(PARIS))


def test_the_order_of_keys_and_the_comments_of_a_file_do_not_count():
    shuffled = altered(
        ("title: Des places à vivre\nslug: des-places-a-vivre-2027\n", "slug: des-places-a-vivre-2027 # le nom\ntitle: 'Des places  à vivre'\n")
    )  # fmt: skip
    assert canonical(read(shuffled)) == canonical(small())
    assert fingerprint(read(shuffled)) == fingerprint(small())


def test_defaults_are_left_out_whether_written_or_not():
    assert canonical(
        small(("mode: numeric", "mode: numeric\n  scale_max: 5\n  total: 100\n  levels: []"))
    ) == canonical(small())


def test_the_fingerprint_is_that_of_the_text_and_of_nothing_else():
    """A golden value: if it changes, every published call changes its fingerprint."""
    assert fingerprint(small()) == "60beca2d58052558ffb4b70d2f51fe0a137e0d13a5f22abf9b1dbfb20007ad5f"
    assert fingerprint(small(("points: 60", "points: 59"))) != fingerprint(small())


def test_the_layout():
    document = small(
        (
            "goal: Faire vivre les places.",
            "goal: |\n  " + "Un mot - puis " * 9 + "fin.\n\n  Deux :\n  - un ;\n  - deux.",
        ),
        ("mode: numeric", "mode: numeric\n  threshold: 12.50"),
        ("name: Tribunal administratif de Rouen", "name: 'On : « oui »'"),
    )
    text = canonical(document)
    assert "\n\ngoal: |-\n  Un mot - puis Un mot - puis" in text
    assert "\n\n  Deux :\n  - un ;\n  - deux.\n\nowner:\n" in text
    assert "\n  threshold: 12.5\n" in text
    assert '\n    name: "On : « oui »"\n' in text
    assert text.startswith(
        'format: 1\ntitle: Des places à vivre\nslug: des-places-a-vivre-2027\ncode_prefix: DPV\nedition: "2027"\n'
    )
    assert max(len(line) for line in text.splitlines()) <= WIDTH
    assert "\n\n\n" not in text
    assert text.endswith("  dpo_mail: dpd@exemple.fr\n")


def test_a_dash_never_begins_a_folded_line():
    text = "mot - " * 60 + "fin"
    document = small(("goal: Faire vivre les places.", f"goal: {text}"))
    assert not [line for line in canonical(document).splitlines() if line.strip().startswith("- mot")]
    assert read(canonical(document)).goal == text


def test_rows_give_the_same_call_as_a_file():
    """Values typed by Python (aware instants of any zone, Decimal, bool, date) are admitted where text is."""
    data = parse(SMALL)[0].plain()
    data["windows"][0] = {
        "opens_at": datetime(2027, 1, 15, 8, tzinfo=UTC),
        "closes_at": datetime(2027, 6, 30, 21, 59, 59, tzinfo=UTC),
    }
    data["grid"]["criteria"][0]["points"] = 60
    data["format"] = 1
    assert CallDocument.model_validate(data) == small()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("closes_at", datetime(2027, 6, 30), "sans fuseau horaire"),
        ("closes_at", datetime(2027, 6, 30, 1, 2, 3, 4, tzinfo=UTC), "fractions de seconde"),
    ],
)
def test_rows_without_zone_or_with_fractions_are_refused(field, value, words):
    data = parse(SMALL)[0].plain()
    data["windows"][0][field] = value
    with pytest.raises(ValueError, match=words):
        CallDocument.model_validate(data)


def test_a_number_where_a_text_stands_asks_for_quotes():
    data = parse(SMALL)[0].plain() | {"edition": 2027}
    with pytest.raises(ValueError, match="mettez « 2027 » entre guillemets"):
        CallDocument.model_validate(data)


def test_invisible_characters_are_refused_in_texts_of_rows():
    data = parse(SMALL)[0].plain() | {"title": "a\x07b"}
    with pytest.raises(ValueError, match="caractère invisible"):
        CallDocument.model_validate(data)


def test_characters_that_no_yaml_file_may_hold_are_refused_in_rows():
    data = parse(SMALL)[0].plain() | {"title": "a\ufffeb"}
    with pytest.raises(ValueError, match="caractère invisible"):
        CallDocument.model_validate(data)


def test_a_part_as_json_data():
    grid = small(("mode: numeric", "mode: numeric\n  threshold: 12.5")).grid
    assert plain(grid)["threshold"] == "12.5"
    assert plain(None) is None


def test_whole_decimals_are_written_without_point():
    assert write_decimal(Decimal("50.00")) == 50
    assert write_decimal(read_decimal("0.10")) == Decimal("0.1")


def test_the_published_schema():
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert list(schema["properties"])[:5] == ["format", "title", "slug", "code_prefix", "edition"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["eligibility"]["items"]["discriminator"]["propertyName"] == "kind"
    assert set(schema["required"]) == {
        "format", "title", "slug", "code_prefix", "edition", "programme", "summary", "goal", "owner", "contact", "support",
        "windows", "perimeter", "eligibility", "sections", "grid", "decision", "data_notice",
    }  # fmt: skip
