"""The rendering process: HTML in, PDF/A-3a and PDF/UA-1 out. Started by `renderer.py`; imports nothing of the portal.

It has no database, no settings, no network and no file but the fonts it is told of; its memory is capped by
RLIMIT_AS and its parent kills it when a document takes too long. Messages on both pipes: 8 bytes of length, then JSON;
an answer with `ok` is followed by one more block, the bytes of the PDF.
"""

import base64
import io
import json
import os
import re
import resource
import signal
import struct
import sys
from datetime import datetime
from pathlib import Path

LENGTH = struct.Struct(">Q")
UA_XMP = """<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def cap(memory_bytes: int) -> None:
    """Bound the memory of this process; leave Ctrl-C to the parent (end of the pipe ends this process)."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def make_fetcher(assets: dict[str, bytes]):
    """A WeasyPrint fetcher that knows `asset:` (memory) and `data:`; anything else stops the rendering."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class PackagedFetcher(URLFetcher):
        def __init__(self) -> None:
            super().__init__(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)

        def fetch(self, url, headers=None):
            if url.startswith("asset:"):
                return URLFetcherResponse(url, assets[url.removeprefix("asset:")], {"Content-Type": "font/ttf"})
            if not url.startswith("data:"):
                raise ValueError(f"adresse interdite : {url[:80]}")
            return super().fetch(url, headers)

    return PackagedFetcher()


def draw(request: dict, fetcher, font_config) -> bytes:
    """The PDF of one request: {html, attachments, max_pages}."""
    from weasyprint import HTML, Attachment

    attachments = [
        Attachment(
            file_obj=io.BytesIO(base64.b64decode(item["content"])),
            name=item["name"],
            description=item["description"],
            relationship=item["relationship"],
            created=datetime.fromisoformat(item["at"]),
            modified=datetime.fromisoformat(item["at"]),
        )
        for item in request["attachments"]
    ]
    html = HTML(string=request["html"], url_fetcher=fetcher)
    document = html.render(font_config=font_config, pdf_variant="pdf/a-3a")
    if len(document.pages) > request["max_pages"]:
        raise MemoryError(f"{len(document.pages)} pages")
    return document.write_pdf(pdf_variant="pdf/a-3a", attachments=attachments)


def declare_ua(pdf_bytes: bytes) -> bytes:
    """Add the PDF/UA-1 identification to the XMP metadata (WeasyPrint writes one variant at a time)."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        stream = pdf.Root.Metadata
        xmp = stream.read_bytes().decode()
        stream.write(re.sub(r"(</rdf:RDF>)", lambda match: UA_XMP + match[1], xmp, count=1).encode())
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def engine() -> dict[str, str]:
    """Versions of what draws."""
    import pikepdf
    import weasyprint
    from weasyprint.text.ffi import pango

    number = pango.pango_version()
    return {
        "weasyprint": weasyprint.__version__,
        "pango": f"{number // 10000}.{number // 100 % 100}.{number % 100}",
        "pikepdf": pikepdf.__version__,
        "qpdf": pikepdf.__libqpdf_version__,
    }


def answer(request: dict, fetcher, font_config) -> tuple[dict, bytes]:
    """The reply to one request. Whatever the libraries raise becomes a refusal: this process contains them."""
    try:
        pdf = declare_ua(draw(request, fetcher, font_config))
    except (MemoryError, RecursionError, OverflowError, ZeroDivisionError) as error:
        return {"ok": False, "heavy": True, "error": f"{type(error).__name__} {error}"}, b""
    except BaseException as error:  # noqa: BLE001  FatalURLFetchingError is not an Exception
        return {"ok": False, "heavy": False, "error": f"{error.__cause__ or error} ({type(error).__name__})"[:400]}, b""
    return {"ok": True, "engine": engine()}, pdf


def read_block(stream) -> bytes | None:
    header = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(header)[0]) if len(header) == LENGTH.size else None


def write_block(stream, content: bytes) -> None:
    stream.write(LENGTH.pack(len(content)) + content)
    stream.flush()


def main() -> None:
    """Serve requests until the parent closes the pipe."""
    incoming, outgoing = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints may reach the answers
    setup = json.loads(read_block(incoming) or b"{}")
    cap(setup["memory_bytes"])
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fetcher = make_fetcher({name: Path(path).read_bytes() for name, path in setup["assets"].items()})
    font_config = FontConfiguration()
    CSS(string=setup["style"], url_fetcher=fetcher, font_config=font_config)  # the only fonts of this process
    while (block := read_block(incoming)) is not None:
        reply, pdf = answer(json.loads(block), fetcher, font_config)
        write_block(outgoing, json.dumps(reply).encode())
        write_block(outgoing, pdf)


if __name__ == "__main__":
    main()
