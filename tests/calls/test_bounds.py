"""What a file may hold, its rows may hold as well: numbers and texts too big for a column are refused with a sentence."""

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from calls.definition.reading import json_schema
from tests.calls.documents import altered, errors, line_of

CATALOGUE = Path(__file__).resolve().parents[2] / "calls" / "catalogue"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("mode: numeric", "mode: numeric\n  max_selected: 10001", "10001 est trop grand : écrivez 10000 au plus."),
        ("mode: numeric", "mode: numeric\n  reserve_size: 40000", "40000 est trop grand : écrivez 10000 au plus."),
        ("  - code: W1", "  - code: W1\n    wave: 40000", "40000 est trop grand : écrivez 1000 au plus."),
        (
            "sections:\n  - code: projet",
            "strata:\n  - {code: S1, label: Un, year: 2023, lower: 3000000000}\nsections:\n  - code: projet",
            "3000000000 est trop grand : écrivez 100000000 au plus.",
        ),
        (
            "mail: places@exemple.fr",
            f"mail: {'p' * 250}@exemple.fr",
            "ce texte est trop long, 261 caractères : 254 au plus.",
        ),
        (
            'codes: ["200084952"]',
            'codes: ["200 084 952"]',
            "« 200 084 952 » n’est pas un code de cette sorte : écrivez par exemple 200084952 (SIREN).",
        ),
    ],
)
def test_what_no_column_could_hold_is_refused(old, new, message):
    text = altered((old, new))
    written = next(line for line in reversed(new.splitlines()) if line not in old)
    assert errors(text) == [(line_of(text, written), message)]


@pytest.mark.parametrize("path", sorted(CATALOGUE.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_published_schema_admits_the_catalogue(path):
    """The file that `call schema` gives to text editors says right of what is right."""
    validator = Draft202012Validator(json_schema())
    assert [error.message for error in validator.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))] == []


def test_the_published_schema_refuses_what_is_wrong():
    validator = Draft202012Validator(json_schema())
    data = yaml.safe_load((CATALOGUE / "quartiers-durables.yaml").read_text(encoding="utf-8"))
    for key, value in (("titel", "x"), ("grid", {"mode": "nombre"})):
        assert not validator.is_valid({**data, key: value})
    del data["title"]
    assert not validator.is_valid(data)
