"""Filters that make markup of a typed text, and numbers without useless zeros."""

from decimal import Decimal

import pytest

from portal.core.templatetags.texts import fr_plain, paragraphs


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("50.00"), "50"),
        (Decimal("67.50"), "67,5"),
        (Decimal("0.25"), "0,25"),
        (Decimal("1500.00"), "1\u202f500"),
        (100, "100"),
        (None, ""),
    ],
)
def test_numbers_lose_their_useless_zeros(value: Decimal | int | None, shown: str) -> None:
    assert fr_plain(value) == shown


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("Un lieu.\n\nUne idée.", "<p>Un lieu.</p><p>Une idée.</p>"),
        ("Rue du Port\nÉtretat", "<p>Rue du Port<br>Étretat</p>"),
        ("Le jury regarde :\n- l’ombre ;\n- le lien.", "<p>Le jury regarde\u00a0:</p><ul><li>l’ombre\u202f;</li><li>le lien.</li></ul>"),
        ("- un\n- deux\nEt puis trois.", "<ul><li>un</li><li>deux</li></ul><p>Et puis trois.</p>"),
        ("Saint-Denis - une ville", "<p>Saint-Denis - une ville</p>"),
        ("<script>x</script>\n- <b>y</b>", "<p>&lt;script&gt;x&lt;/script&gt;</p><ul><li>&lt;b&gt;y&lt;/b&gt;</li></ul>"),
    ],
)  # fmt: skip
def test_a_typed_text_becomes_paragraphs_and_lists(text: str, markup: str) -> None:
    assert paragraphs(text) == markup
