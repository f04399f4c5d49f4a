"""A logo in SVG keeps its shapes and nothing that acts, fetches or hides."""

import pytest

from portal.accounts.svg import MAX_BYTES, SvgRefused, clean_svg

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10">'


def cleaned(inside: str) -> str:
    return clean_svg(f"{OPEN}{inside}</svg>".encode()).decode()


def test_shapes_gradients_and_inline_paint_stay():
    out = cleaned(
        '<title>Logo</title><defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient></defs>'
        '<g transform="translate(1 2)"><path d="M0 0L5 5" style="fill:url(#g);stroke:#0C4F5C;font-size:3px"/></g>'
    )
    assert 'viewBox="0 0 10 10"' in out
    assert '<path d="M0 0L5 5" fill="url(#g)" stroke="#0C4F5C" />' in out
    assert "<title>Logo</title>" in out
    assert "font-size" not in out


def test_metadata_comments_and_tools_marks_are_dropped():
    out = cleaned(
        '<!-- secret --><metadata>x</metadata><i:pgf xmlns:i="urn:i">y</i:pgf>'
        '<rect xmlns:k="urn:k" k:label="z" width="3" height="3" data-x="1"/>'
    )
    assert out.endswith('viewBox="0 0 10 10"><rect width="3" height="3" /></svg>')


@pytest.mark.parametrize(
    ("inside", "named"),
    [
        ("<script>alert(1)</script>", "« script »"),
        ("<foreignObject/>", "« foreignObject »"),
        ('<image href="x.png"/>', "« image »"),
        ("<text>a</text>", "« text »"),
        ("<style>.a{fill:red}</style>", "« style »"),
        ('<a href="https://x"><path d="M0 0"/></a>', "« a »"),
        ("<animate/>", "« animate »"),
        ('<use href="#a"/>', "« use »"),
        ('<path onload="alert(1)"/>', "« onload »"),
        ('<path ONCLICK="x"/>', "« ONCLICK »"),
        ('<g xlink:href="data:x"/>', "« href »"),
        ('<path class="a"/>', "une feuille de style"),
        ('<path fill="url(https://x/y)"/>', "une valeur inattendue"),
        ('<path fill="url( &quot;x&quot; )"/>', "une valeur inattendue"),
        ('<path style="fill:url(//x)"/>', "une valeur inattendue"),
        ('<path d="&lt;script&gt;"/>', "une valeur inattendue"),
    ],
)
def test_what_acts_or_fetches_is_refused_by_name(inside, named):
    with pytest.raises(SvgRefused) as refusal:
        cleaned(inside)
    assert named in str(refusal.value)


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        b'<?xml version="1.0"?><!ENTITY a "b"><svg/>',
        f"{OPEN}</svg>".encode("utf-16"),
        b"<svg",
        b"<html/>",
        b"<svg/>",
        b"",
        b"\x89PNG",
        b"<svg>" + b" " * MAX_BYTES + b"</svg>",
        (OPEN + "<g>" * 60 + "</g>" * 60 + "</svg>").encode(),
    ],
)
def test_what_is_no_plain_drawing_is_refused(content):
    with pytest.raises(SvgRefused):
        clean_svg(content)


def test_an_external_document_type_is_harmless_and_dropped():
    content = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x/svg11.dtd">' + f"{OPEN}</svg>".encode()
    assert b"DOCTYPE" not in clean_svg(content)
