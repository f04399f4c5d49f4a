"""Files that lie, act, swell or hide something (H4 to H9): each is refused with a sentence, and honest ones go through."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image

from portal.core.uploads import TYPES, UploadRefused, check_content, safe_name

EVERY = sorted(TYPES)


# --- honest ---------------------------------------------------------------------------------------------------------


def pdf(change: Callable[[pikepdf.Pdf], None] = lambda made: None, **save: object) -> bytes:
    made, buffer = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    change(made)
    made.save(buffer, **save)
    return buffer.getvalue()


def image(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "#12482B").save(buffer, kind)
    return buffer.getvalue()


def archive(parts: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return buffer.getvalue()


TYPES_PART = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
HEADS = {
    "docx": {"[Content_Types].xml": TYPES_PART, "word/document.xml": b"<?xml version='1.0'?><w:document/>"},
    "xlsx": {"[Content_Types].xml": TYPES_PART, "xl/workbook.xml": b"<?xml version='1.0'?><workbook/>"},
    "odt": {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office:document-content/>"},
    "ods": {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": b"<office:document-content/>",
    },
}


def office(kind: str, **more: bytes) -> bytes:
    parts = {**HEADS[kind], **more}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            made.writestr(zipfile.ZipInfo(name), content, stored)
    return buffer.getvalue()


def with_link(made: pikepdf.Pdf) -> None:
    """A hyperlink is not an active content."""
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9])
    link.A = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://exemple.fr")
    made.pages[0].Annots = made.make_indirect(pikepdf.Array([link]))


HONEST = {
    "simple.pdf": pdf(),
    "compressed.pdf": pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate),
    "with a link.pdf": pdf(with_link),
    "with blanks after its end.pdf": pdf() + b"\r\n\0\0\0\n",
    "photo.jpg": image("JPEG"),
    "photo with a film after it.jpeg": image("JPEG") + b"\0\0\0\x18ftypmp42" + bytes(500),
    "plan.png": image("PNG"),
    "devis.docx": office("docx"),
    "devis.xlsx": office("xlsx"),
    "lettre.odt": office("odt"),
    "tableau.ods": office("ods"),
    "long tableau.xlsx": office("xlsx", **{"xl/sheet1.xml": b"<c><v>0</v></c>" * 40_000}),
    "perimetre.geojson": b'{"type": "FeatureCollection", "features": []}',
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_goes_through(name: str) -> None:
    assert check_content(name, HONEST[name], EVERY) in TYPES[name.rpartition(".")[2]]


# --- hostile --------------------------------------------------------------------------------------------------------


def action(kind: str, **more: object) -> Callable[[pikepdf.Pdf], None]:
    def change(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **more)

    return change


def in_annotation(made: pikepdf.Pdf) -> None:
    made.pages[0].Annots = pikepdf.Array([
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, A=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))
    ])  # fmt: skip


def embedding(made: pikepdf.Pdf) -> None:
    made.attachments["programme.exe"] = b"MZ" + bytes(100)


def named_script(made: pikepdf.Pdf) -> None:
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    made.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["a", script])))


def png_of(width: int, height: int) -> bytes:
    """A few hundred octets that ask for a huge image."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def linked(name: str) -> bytes:
    """An archive whose entry is a symbolic link."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for part, content in HEADS["docx"].items():
            made.writestr(part, content)
        entry = zipfile.ZipInfo(name)
        entry.external_attr = 0o120777 << 16
        made.writestr(entry, "/etc/passwd")
    return buffer.getvalue()


def ciphered() -> bytes:
    content = bytearray(office("docx"))
    for start in (content.find(b"PK\x01\x02") + 8, content.find(b"PK\x03\x04") + 6):
        content[start] |= 1
    return bytes(content)


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document>&e;</w:document>'
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><w:document>&b;</w:document>'
SCRIPT = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
EXE = b"MZ\x90\0" + bytes(300)
PHP = b"<?php system($_GET['c']); ?>"
ZIP = archive({"a.txt": b"a"})
BOMB = b"0" * 101_000_000

HOSTILE: dict[str, bytes] = {
    # A program that runs when the document opens, in the open or in a compressed stream.
    **{
        f"{kind} {mode}.pdf": pdf(change, object_stream_mode=stream)
        for kind, change in {
            "script": action("JavaScript", JS="app.alert(1)"),
            "launch": action("Launch", F="cmd.exe", Launch=True),
            "form sent": action("SubmitForm", SubmitForm="https://exemple.net"),
            "data brought": action("ImportData", ImportData="x.fdf"),
            "media": action("Rendition", RichMedia=True),
            "script on a note": in_annotation,
            "named script": named_script,
            "file embedded": embedding,
        }.items()
        for mode, stream in (("plain", pikepdf.ObjectStreamMode.disable), ("hidden", pikepdf.ObjectStreamMode.generate))
    },
    "locked.pdf": pdf(encryption=pikepdf.Encryption(owner="a", user="b")),
    "cut.pdf": pdf()[:120],
    "empty but its head.pdf": b"%PDF-1.7\n",
    "late head.pdf": b"<html>" + pdf(),
    # One kind under the name of another.
    **{
        f"{what}.{extension}": content
        for extension in ("pdf", "jpg", "jpeg", "png", "docx", "xlsx", "odt", "ods", "geojson")
        for what, content in {"page": SCRIPT, "program": EXE, "server script": PHP, "drawing": SVG}.items()
    },
    **{f"archive.{extension}": ZIP for extension in ("pdf", "jpg", "png", "docx", "xlsx", "odt", "ods", "geojson")},
    **{f"image.{extension}": image("PNG") for extension in ("pdf", "jpg", "docx", "geojson")},
    "photo.png": image("JPEG"),
    "plan.jpg": pdf(),
    "text.docx": office("odt"),
    "letter.odt": office("docx"),
    "sheet.xlsx": office("docx"),
    "sheet.ods": office("odt"),
    "old.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    # Two files in one.
    "and an archive.pdf": pdf() + ZIP,
    "and an archive.png": image("PNG") + ZIP,
    "and an archive.jpg": image("JPEG") + ZIP,
    # Images that swell, or that do not open.
    "flood.png": png_of(100_000, 100_000),
    "wide flood.png": png_of(60_000_000, 1),
    "cut.png": image("PNG", (400, 300))[:60],
    "cut.jpg": image("JPEG", (400, 300))[:200],
    # Archives that swell.
    "bomb.docx": office("docx", **{"word/bomb.xml": BOMB}),
    "bomb.xlsx": office("xlsx", **{"xl/bomb.xml": BOMB}),
    "bomb.odt": office("odt", **{"bomb.xml": BOMB}),
    "ratio.docx": office("docx", **{"word/ratio.bin": b"0" * 30_000_000}),
    "crowd.ods": office("ods", **{f"p{n}": b"" for n in range(2100)}),
    # Macros, links, paths, entities, passwords.
    "macro.docx": office("docx", **{"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    "macro.xlsx": office("xlsx", **{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    "macro.odt": office("odt", **{"Basic/Standard/Module1.xml": b"<script/>"}),
    "macro.ods": office("ods", **{"Scripts/python/a.py": b"import os"}),
    "control.docx": office("docx", **{"word/activeX/activeX1.xml": b"<ax/>"}),
    "program inside.docx": office("docx", **{"word/embeddings/oleObject1.bin": EXE}),
    "up.docx": office("docx", **{"../../etc/cron.d/a": b"x"}),
    "root.xlsx": office("xlsx", **{"/etc/passwd": b"x"}),
    "other slash.odt": office("odt", **{"..\\..\\a": b"x"}),
    "drive.docx": office("docx", **{"C:/a": b"x"}),
    "link.docx": linked("word/link.xml"),
    "entity.docx": office("docx", **{"word/document.xml": ENTITY}),
    "laughs.docx": office("docx", **{"word/styles.xml": LAUGHS}),
    "entity.odt": office("odt", **{"content.xml": ENTITY}),
    "entity.xlsx": office("xlsx", **{"_rels/.rels": ENTITY}),
    "locked.docx": ciphered(),
    "cut.docx": office("docx")[:-30],
    # Not a perimeter.
    "list.geojson": b"[1, 2, 3]",
    "deep.geojson": b"[" * 100_000,
    "point.geojson": b'{"type": "Point", "coordinates": [0, 0]}',
    # Names that are not asked for.
    **{
        f"virus.{extension}": EXE
        for extension in ("exe", "bat", "com", "scr", "ps1", "js", "html", "svg", "zip", "docm", "pdf.exe", "php", "")
    },
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(UploadRefused) as refusal:
        check_content(name, HOSTILE[name], EVERY)
    said = str(refusal.value)
    assert said.endswith(".")
    assert "puis joignez" in said or "Joignez" in said or "Exportez" in said or "Réduisez" in said, said


def test_the_corpus_is_large_enough() -> None:
    assert len(HOSTILE) >= 120


@pytest.mark.parametrize(
    "name",
    [
        "a\r\nSet-Cookie: x", "../../etc/passwd", "..\\..\\x", "a" * 300 + ".pdf", "\u202efdp.exe", "a\x00b.pdf", '"><script>.pdf',
        "C:\\x.pdf", "con:|*?.pdf", " .. ", "", "é" * 400, "\ud83d\ude00.pdf".encode("utf-16", "surrogatepass").decode("utf-16"),
    ],
)  # fmt: skip
def test_a_name_is_only_a_name(name: str) -> None:
    """H8: no path, no line, no direction mark; never empty."""
    kept = safe_name(name)
    assert 0 < len(kept) <= 150
    assert not set(kept) & set('/\\"<>|:*?\r\n\x00\u202e')
