"""What a text or a page may try: addresses, files, endless layouts. The canary listens on this machine."""

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pikepdf
import pytest
from weasyprint import HTML

from portal.core.documents import DocumentError, DocumentTooHeavy, render_pdf
from portal.core.documents.markup import to_html
from portal.core.documents.renderer import Renderer, html_to_pdf
from tests.documents.examples import notice_selected, receipt
from tests.documents.pdftools import text_of

NAMESPACES = "xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'"


def carried(content: str) -> str:
    """An image whose SVG source is in its address."""
    return f"<img alt='x' src=\"data:image/svg+xml;utf8,<svg {NAMESPACES} viewBox='0 0 9 9'>{content}</svg>\">"


# `@` is the address under test.
VECTORS = {
    "image": '<img src="@" alt="x">',
    "image set": '<img srcset="@ 2x" src="@" alt="x">',
    "style sheet": '<link rel="stylesheet" href="@">',
    "import": "<style>@import url(@);</style>",
    "import as text": '<style>@import "@";</style>',
    "background": "<style>p { background: url(@) }</style><p>x</p>",
    "page background": "<style>@page { background: url(@) }</style>",
    "margin box": "<style>@page { @top-left { content: url(@) } }</style>",
    "font": "<style>@font-face { font-family: f; src: url(@) } p { font-family: f }</style><p>x</p>",
    "list mark": "<style>li { list-style-image: url(@) }</style><ul><li>x</ul>",
    "content": "<style>p::before { content: url(@) }</style><p>x</p>",
    "border image": "<style>p { border: 3px solid; border-image: url(@) 3 }</style><p>x</p>",
    "style attribute": '<p style="background-image: url(@)">x</p>',
    "object": '<object data="@" type="image/png"></object>',
    "embed": '<embed src="@" type="image/png">',
    "input": '<input type="image" src="@">',
    "base": '<base href="@"><img src="dessin.png" alt="x">',
    "attachment in the head": '<link rel="attachment" href="@" title="x">',
    "attachment link": '<a rel="attachment" href="@">x</a>',
    "inline svg image": f'<svg {NAMESPACES}><title>x</title><image href="@" width="9" height="9"/></svg>',
    "inline svg use": f'<svg {NAMESPACES}><title>x</title><use href="@#a"/></svg>',
    "svg of an image": carried("<image xlink:href=&quot;@&quot; width=&quot;9&quot; height=&quot;9&quot;/>"),
    "svg style": carried("<style>@import url(@);</style>"),
}


class Canary:
    """A server of this machine that counts the requests it gets; `/ailleurs` redirects."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary.hits.append(self.path)
                self.send_response(302 if self.path.startswith("/ailleurs") else 404)
                self.send_header("Location", "/canari.png")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    bird = Canary()
    thread = threading.Thread(target=bird.server.serve_forever)
    thread.start()
    yield bird
    bird.server.shutdown()
    thread.join()
    bird.server.server_close()


def page(vector: str, address: str) -> str:
    # `@` is also the first character of CSS rules: those are followed by a letter.
    content = vector
    for mark in ('"@', "(@", "&quot;@"):
        content = content.replace(mark, mark[:-1] + address)
    return f"<html lang=fr><head><title>x</title></head><body><h1>x</h1>{content}</body></html>"


def try_page(content: str) -> bytes:
    """The PDF, or nothing when the page is refused."""
    try:
        return html_to_pdf(content, [])[0]
    except DocumentError as error:
        assert "adresse interdite" in str(error)  # noqa: PT017
        return b""


def test_there_are_23_vectors():
    assert len(VECTORS) == 23


@pytest.mark.parametrize("name", VECTORS)
def test_no_address_is_fetched(canary, name):
    try_page(page(VECTORS[name], f"{canary.address}/ailleurs/{name.replace(' ', '-')}"))
    assert canary.hits == []


def test_the_canary_hears_the_default_fetcher(canary):
    HTML(string=page(VECTORS["image"], f"{canary.address}/ailleurs")).write_pdf()
    heard, canary.hits = canary.hits, []
    assert heard == ["/ailleurs", "/canari.png"]


@pytest.mark.parametrize("name", VECTORS)
def test_no_file_of_the_machine_enters_a_document(tmp_path, name):
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><text>SECRET-4711</text></svg>")
    pdf = try_page(page(VECTORS[name], secret.as_uri()))
    if pdf:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert list(opened.attachments) == []
        assert "SECRET" not in text_of(pdf)


def test_a_hostile_text_is_printed_as_it_is(canary):
    snapshot = receipt()
    title = (
        f"<img src={canary.address}/x> {{{{ 7|add:7 }}}} {{% debug %}} </style><script>alert(1)</script> &lt;b&gt; 🌳"
    )
    snapshot["application"]["project_title"] = title
    snapshot["pieces"][1]["filename"] = '"><link rel=attachment href=file:///etc/passwd>.pdf'
    pdf = render_pdf(template="pdf/applications/receipt.html", snapshot=snapshot)
    text = text_of(pdf)
    shown = title.replace("🌳", "\u25a1")
    assert shown in text
    assert '"><link rel=attachment href=file:///etc/passwd>.pdf' in text
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert list(opened.attachments) == []
    assert canary.hits == []


@pytest.mark.parametrize("colour", ["red", "#12345", "#123456; } @import url(x); a {", "url(x)", None])
def test_a_colour_is_six_digits_and_nothing_else(colour):
    snapshot = receipt()
    snapshot["institution"]["colour1"] = colour
    with pytest.raises(DocumentError, match="Couleur de l’organisme illisible"):
        render_pdf(template="pdf/applications/receipt.html", snapshot=snapshot)


@pytest.mark.parametrize(
    "logo", ["https://exemple.fr/logo.svg", "data:text/html;base64,PGI+", "data:image/png;base64,AAAA", "<svg/>", ""]
)
def test_a_logo_is_an_image_carried_by_the_snapshot(logo):
    snapshot = receipt()
    snapshot["institution"]["logo_svg"] = logo or "néant"
    with pytest.raises(DocumentError, match="Logo de l’organisme illisible"):
        render_pdf(template="pdf/applications/receipt.html", snapshot=snapshot)


def test_a_logo_that_calls_elsewhere_is_not_listened_to(canary):
    snapshot = receipt()
    image = f'<image href="{canary.address}/logo" width="9" height="9"/>'
    snapshot["institution"]["logo_svg"] = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{image}</svg>'
    render_pdf(template="pdf/applications/receipt.html", snapshot=snapshot)
    assert canary.hits == []


HEAVY = {
    "table": "<table>" + ("<tr>" + "<td>x" * 200) * 150 + "</table>",
    "columns": "<table><tr><td colspan=1000000000>x</table>",
    "font": "<p style='font-size: 1000000000px'>x",
    "nesting": "<div style='display: flex'>" * 220,
    "pages": "<p style='break-after: page'>x</p>" * 500,
}


@pytest.mark.parametrize("name", HEAVY)
def test_an_endless_layout_is_stopped_and_the_next_document_comes_out(name):
    content = f"<html lang=fr><head><title>x</title></head><body><h1>x</h1>{HEAVY[name]}</body></html>"
    with pytest.raises(DocumentTooHeavy, match=r"^La mise en page a dépassé"):
        html_to_pdf(content, [], time_limit=2)
    light = "<html lang=fr><head><title>x</title></head><body><h1>Suivant</h1></body></html>"
    assert "Suivant" in text_of(html_to_pdf(light, [])[0])


def test_a_page_too_long_is_refused_before_any_work():
    snapshot = notice_selected()
    snapshot["reason"] = "mot " * 1_000_000
    with pytest.raises(DocumentTooHeavy, match="Le document dépasse la longueur permise"):
        to_html("pdf/applications/notice_selected.html", snapshot)


def test_the_rendering_process_has_neither_database_nor_settings_nor_more_memory_than_told():
    renderer = Renderer()
    try:
        environment = Path(f"/proc/{renderer._process.pid}/environ").read_text().split("\0")
        names = {entry.partition("=")[0] for entry in environment if entry}
        renderer.exchange({"html": "<h1>x</h1>", "attachments": [], "max_pages": 1}, time_limit=30)
        limits = Path(f"/proc/{renderer._process.pid}/limits").read_text()
    finally:
        renderer.close()
    assert names == {
        "FONTCONFIG_FILE",
        "HOME",
        "LANG",
        "PATH",
        "PYTHONHASHSEED",
        "PYTHONDONTWRITEBYTECODE",
        "TMPDIR",
        "TZ",
    }
    assert "Max address space 1500000000 1500000000 bytes" in " ".join(limits.split())


def test_unknown_data_and_contradictions_are_refused():
    snapshot = notice_selected()
    del snapshot["letter"]["salutation"]
    with pytest.raises(DocumentError, match=r"^Donnée absente du document : letter\.salutation$"):
        render_pdf(template="pdf/applications/notice_selected.html", snapshot=snapshot)
