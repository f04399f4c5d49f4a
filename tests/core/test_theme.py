"""Two colours become a theme that stays readable, whatever was chosen."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core import theme as th

colours = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06X}")


@pytest.mark.parametrize(
    ("brand", "light", "on_white", "ink_on_light"),
    [
        ("#0C4F5C", "#F5B841", 9.2, 9.3),
        ("#2F5A2B", "#F28C5B", 8.0, 6.8),
        ("#5B2E63", "#7CCBC4", 10.4, 8.8),
    ],
)
def test_the_three_tried_pairs_are_kept_as_they_are(brand, light, on_white, ink_on_light):
    theme = th.make_theme(brand, light)
    assert (theme.brand, theme.lit, theme.problems, theme.changes) == (brand, light, (), ())
    assert round(th.contrast(brand, th.WHITE), 1) == on_white
    assert round(th.contrast(th.INK, light), 1) == ink_on_light


def test_known_contrasts():
    assert round(th.contrast("#000000", "#FFFFFF"), 2) == 21.0
    assert round(th.contrast("#16211F", "#FFFFFF"), 1) == 16.5


def test_a_pale_brand_is_darkened_hue_kept():
    theme = th.make_theme("#5BC0DE", "#F5B841")
    assert th.contrast(theme.brand, th.WHITE) >= 7
    assert th.hue_gap(theme.brand, "#5BC0DE") < 6
    assert theme.changes == (f"La marque #5BC0DE a été assombrie en {theme.brand} pour rester lisible sur blanc.",)


def test_a_person_may_insist_down_to_four_and_a_half_never_less():
    insisted = th.make_theme("#5BC0DE", "#F5B841", minimum=4.5)
    assert 4.5 <= th.contrast(insisted.brand, th.WHITE) < 7
    with pytest.raises(ValueError, match=r"under 4\.5"):
        th.make_theme("#5BC0DE", "#F5B841", minimum=3)


def test_a_dark_light_is_raised():
    theme = th.make_theme("#0C4F5C", "#804000")
    assert th.contrast(th.INK, theme.lit) >= 4.5
    assert theme.changes == (f"La lumière #804000 a été ajustée en {theme.lit} pour porter un texte sombre.",)


@settings(max_examples=150)
@given(colours, colours)
def test_every_pair_gives_readable_colours(brand, light):
    theme = th.make_theme(brand, light)
    assert th.contrast(theme.brand, th.WHITE) >= 7
    assert th.contrast(theme.brand, theme.brand_tint) >= 4.5
    assert th.contrast(theme.brand_deep, theme.brand_tint) >= 7
    assert th.contrast(theme.brand_mid, th.WHITE) >= 3
    assert th.contrast(th.INK, theme.lit) >= 4.5
    assert th.contrast(th.INK, theme.lit_tint) >= 10


def test_two_colours_that_look_alike_are_refused():
    # A dark brand and a bounded light always differ by lightness, unless the brand may be lighter.
    theme = th.make_theme("#767676", "#9A9A9A", minimum=4.5)
    assert theme.problems == ()
    close = th.make_theme("#8A6D00", "#B08A00", minimum=4.5)
    assert close.problems == (
        "La marque et la lumière se confondent\u00a0: prenez une lumière d’une autre teinte ou plus claire.",
    )


def test_the_state_block_is_refused():
    theme = th.make_theme("#000091", "#FF8A80")
    assert theme.problems == (
        "Bleu et rouge ensemble rappellent le bloc de l’État\u00a0: changez l’une des deux couleurs.",
    )


def test_a_brand_close_to_red_or_to_the_green_of_deposits_is_warned_with_a_proposal():
    (red,) = th.make_theme("#9B1B30", "#F5B841").warnings
    proposal = red.split("Essayez ")[1].rstrip(".")
    assert red == f"Cette marque ressemble à la couleur qui signale un refus ou une erreur. Essayez {proposal}."
    assert th.hue_gap(proposal, th.ERROR) >= 20
    (green,) = th.make_theme("#14502F", "#F5B841").warnings
    assert green.startswith("Cette marque ressemble à la couleur qui signale une candidature déposée. Essayez #")


def test_the_style_block_and_its_hash():
    css = th.theme_css(th.make_theme("#0C4F5C", "#F5B841"))
    assert css.startswith(":root{--brand:#0C4F5C;--brand-deep:#")
    assert css.endswith("}")
    assert "<" not in css
    assert th.csp_hash("p{}") == "'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='"


@pytest.mark.parametrize("text", ["", "#12345", "rouge", "#GG0000", "#0C4F5C;}"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(th.InvalidColour, match="six chiffres hexadécimaux"):
        th.make_theme(text, "#F5B841")
