"""Text written by staff: blocks, marks, fields of several kinds, and nothing that a value could turn into markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.richtext import FieldMissing, Paragraphs, Points, blocks_of


def said(blocks):
    """Each block as (kind, [text of each item])."""
    return [(b["kind"], ["".join(run["text"] for run in item) for item in b["items"]]) for b in blocks]


def test_paragraphs_headings_points_and_marks() -> None:
    text = "Par **la délibération**,\nle bureau a *retenu*.\n\n# Suite\n\n- un ;\n- deux."
    blocks = blocks_of(text, {})
    assert said(blocks) == [
        ("p", ["Par la délibération, le bureau a retenu."]), ("h2", ["Suite"]), ("ul", ["un ;", "deux."]),
    ]  # fmt: skip
    marked = [
        (run["text"], run["bold"], run["italic"]) for run in blocks[0]["items"][0] if run["bold"] or run["italic"]
    ]
    assert marked == [("la délibération", True, False), ("retenu", False, True)]


def test_a_field_alone_becomes_what_its_kind_says() -> None:
    values = {"conditions": Points(("une", "deux")), "soutien": Paragraphs(("A.", "B.")), "mot": "C."}
    assert said(blocks_of("{conditions}\n\n{soutien}\n\n{mot}\n\nAvec {conditions}.", values)) == [
        ("ul", ["une", "deux"]), ("p", ["A."]), ("p", ["B."]), ("p", ["C."]), ("p", ["Avec une ; deux."]),
    ]  # fmt: skip


def test_what_only_says_empty_fields_is_left_out() -> None:
    values = {"embargo": "", "rang": "", "motif": "Juste.", "conditions": Points(())}
    assert said(blocks_of("Rien avant le {embargo}.\n\n{rang} {motif}\n\n{conditions}", values)) == [("p", [" Juste."])]


def test_a_value_is_never_markup() -> None:
    blocks = blocks_of("Projet {projet}.", {"projet": "**gras** <b>x</b> {commune}\n\n# Titre"})
    assert [(run["text"], run["bold"]) for run in blocks[0]["items"][0]] == [
        ("Projet **gras** <b>x</b> {commune}\n\n# Titre.", False)
    ]


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(FieldMissing, match="maire"):
        blocks_of("Bonjour {maire}", {})


@given(st.text(max_size=200), st.text(max_size=50))
def test_no_text_makes_it_fall_and_nothing_is_added(text: str, value: str) -> None:
    """Every character printed comes from the text or from the value, but for the space that joins two lines."""
    text = text.replace("{", "").replace("}", "") + "\n\n{x}"
    printed = "".join(run["text"] for block in blocks_of(text, {"x": value}) for item in block["items"] for run in item)
    assert set(printed) <= set(text) | set(value) | {" "}
