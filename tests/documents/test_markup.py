"""The French pass over a page, the tags of the templates, the QR code, the figures."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
import segno

from portal.core.documents import DocumentError, render_pdf, tags
from portal.core.documents.figures import bar_charts
from portal.core.documents.fonts import FACES, covered, drawable, font_fingerprints, glyphs
from portal.core.documents.logos import read_logo
from portal.core.documents.markup import template_version, typeset_markup
from portal.core.documents.qr import QUIET_ZONE, qr_path
from tests.documents.examples import LOGO, minutes, rules


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>Prêt ?</p>", "<p>Prêt\u202f?</p>"),
        ("<p>L'été : « oui »</p>", "<p>L’été\u00a0: «\u202foui\u202f»</p>"),
        ("<p>le 1er juin</p>", "<p>le 1<sup>er</sup>\u00a0juin</p>"),
        ("<p>a &amp; b ; c</p>", "<p>a &amp; b\u202f; c</p>"),
        ("<p>&lt;b&gt; ?</p>", "<p>&lt;b&gt;\u202f?</p>"),
        ("<code>a ; b ?</code> c ?", "<code>a ; b ?</code> c\u202f?"),
        ("<style>a::b { content: 'x' ; }</style>", "<style>a::b { content: 'x' ; }</style>"),
        ('<p title="a ; b">x</p>', '<p title="a ; b">x</p>'),
        ("<p>arbre 🌳\u200d vert</p>", "<p>arbre □ vert</p>"),
    ],
)
def test_french_pass(page, expected):
    assert typeset_markup(page) == expected


def test_every_face_holds_what_french_documents_need():
    needed = set(map(ord, "\u00a0\u202f–’«»…≥→☐œŒæÆçÇàâéèêëîïôùûüÿÀÂÉÈÊËÎÏÔÙÛÜ€°†•·×−ºª"))
    assert {face.file: needed - glyphs(face) for face in FACES if needed - glyphs(face)} == {}


def test_a_character_without_glyph_is_shown_as_a_box():
    assert (drawable("Ж☃中\u00ad"), 0x2603 in covered()) == ("Ж□□", False)


def test_fonts_are_fingerprinted():
    assert {name: len(digest) for name, digest in font_fingerprints().items()} == {face.file: 64 for face in FACES}


def test_template_version_is_one_fingerprint():
    assert re.fullmatch(r"[0-9a-f]{64}", template_version())


def test_qr_path_redraws_the_code():
    address = "https://ami.exemple.fr/verifier/AD-TPS-2027-0012-1/"
    code = qr_path(address)
    drawn = {
        (int(y), int(x) + i)
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code["path"])
        for i in range(int(width))
    }
    matrix = segno.make(address, error="m", micro=False, boost_error=False).matrix
    dark = {(y + QUIET_ZONE, x + QUIET_ZONE) for y, row in enumerate(matrix) for x, on in enumerate(row) if on}
    assert (drawn, code["size"]) == (dark, len(matrix) + 2 * QUIET_ZONE)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (tags.clock("09:31"), "9\u00a0h\u00a031"),
        (tags.clock(None), "–"),
        (tags.clock("2027-03-30T14:42:08+00:00"), "16\u00a0h\u00a042"),
        (tags.decimal("89.4"), "89,40"),
        (tags.decimal(None), "–"),
        (tags.decimal("10", 0), "10"),
        (tags.day("2027-06-01"), "1er\u00a0juin\u00a02027"),
        (tags.weekday("2027-03-31T23:59:59+02:00"), "mercredi 31\u00a0mars\u00a02027"),
        (tags.number(4700), "4\u202f700"),
        (tags.enumerate_fr(["Cuverville"]), "Cuverville"),
        (tags.enumerate_fr(["Cuverville", "Oudalle", "Turretot"]), "Cuverville, Oudalle et Turretot"),
        (tags.rank(1), "premier"),
        (tags.rank(12), "12e"),
        (tags.spelled(2), "deux"),
        (tags.spelled(17), "17"),
        (tags.plural(1, "retenue,retenues"), "1\u00a0retenue"),
        (
            tags.printed_address("https://a.fr/b/C-1/"),
            '<span class="once">a.fr</span>/<wbr><span class="once">b</span>/<wbr><span class="once">C-1</span>',
        ),
        (tags.numeric_columns([["a", "12", "x"], ["b", "1\u202f200,50", "3"]]), {1}),
    ],
)
def test_filters(result, expected):
    assert result == expected


@pytest.mark.parametrize(("boxes", "height"), [(2, 44), (5, 44), (6, 40), (8, 36), (9, 34), (10, 32)])
def test_signature_boxes_shrink_so_that_the_last_article_stays_beside_them(boxes, height):
    assert tags.signature_height([{}] * (boxes - 1), [{}]) == height


@pytest.mark.parametrize("value", ["abc", "g" * 64, "A" * 64])
def test_a_fingerprint_is_64_digits(value):
    with pytest.raises(DocumentError, match="Empreinte illisible"):
        tags.fingerprint(value)


def test_a_logo_is_fitted_in_its_box():
    assert read_logo(LOGO).fitted(38, 15) == (15, 15)
    assert read_logo(LOGO.replace("0 0 60 60", "0 0 300 60")).fitted(38, 15) == (38, 7.6)


def test_bars_are_drawn_in_order_with_value_threshold_and_groups():
    rows = [
        {"applicant": "Cuverville & <Cie>", "final": "90", "mark": "", "group": "selected"},
        {"applicant": "Oudalle", "final": "60.5", "mark": "†", "group": "reserve"},
    ]
    drawing = bar_charts(rows, threshold="50", maximum="100", colour="#14324a")
    root = ElementTree.fromstring(drawing)
    name = "{http://www.w3.org/2000/svg}"
    assert [text.text for text in root.iter(f"{name}text")] == [
        "Cuverville & <Cie>",
        "90,00",
        "Oudalle",
        "60,50 †",
        "Seuil 50",
    ]
    assert [(bar.get("fill"), bar.get("width")) for bar in root.findall(f"{name}rect")] == [
        ("#14324a", "297.0"),
        ("url(#hatch)", "199.7"),
    ]
    assert (
        root[0].text
        == "Barres des notes de 2 candidatures, de 90 à 60,5, seuil 50 ; mêmes valeurs que le tableau des notes."
    )


def test_sixty_bars_are_shared_between_pages():
    rows = [{"applicant": "x", "final": "60", "mark": "", "group": "selected"}] * 60
    assert bar_charts(rows, threshold=None, maximum="100", colour="#14324a").count("<svg") == 2
    assert bar_charts([], threshold=None, maximum="100", colour="#14324a") == ""


def _minutes(change) -> dict:
    snapshot = minutes()
    change(snapshot)
    return snapshot


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda s: s["votes"][0].update(in_favour=8), "Document incohérent : 8 + 0 + 1 ne font pas 8."),
        (lambda s: s["votes"][0].update(present=4), "Document incohérent : présents au vote, 4 pour 5 requis."),
        (lambda s: s["session"]["counts"].update(selected=5), "Document incohérent : 5 + 3 + 3 ne font pas 10."),
        (lambda s: s["rankings"][0]["scores"][0]["scores"].pop(), "Document incohérent : 5 ne font pas 6."),
    ],
)
def test_minutes_that_contradict_themselves_are_refused(change, sentence):
    with pytest.raises(DocumentError) as refusal:
        render_pdf(template="pdf/juries/minutes.html", snapshot=_minutes(change))
    assert str(refusal.value) == sentence


def test_a_grid_that_does_not_make_its_total_is_refused():
    snapshot = rules()
    snapshot["scale"] = 90
    with pytest.raises(DocumentError, match="25 \\+ 15 \\+ 20 \\+ 15 \\+ 15 \\+ 10 ne font pas 90"):
        render_pdf(template="pdf/calls/rules.html", snapshot=snapshot)
