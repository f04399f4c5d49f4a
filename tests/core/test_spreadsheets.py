"""XLSX and ODS as other programs read them: text stays text, numbers are numbers, nothing is a formula."""

import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from portal.core.spreadsheets import ods, xlsx

HEAD = ("Commune", "Habitants")
ROWS = [("Étretat", 1102), ('=HYPERLINK("x")', Decimal("3.5")), ("a & <b>\x00", None), ("+33 2 35", -4)]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXTS = ["Commune", "Étretat", '=HYPERLINK("x")', "a & <b>", "+33 2 35"]


def part(book, name):
    with book, zipfile.ZipFile(io.BytesIO(book.read())) as archive:
        assert archive.testzip() is None
        return archive.namelist(), ElementTree.fromstring(archive.read(name))


def test_a_workbook_holds_every_row_as_typed():
    names, sheet = part(xlsx("Communes", HEAD, iter(ROWS)), "xl/worksheets/sheet1.xml")
    rows = [list(row) for row in sheet.iter(f"{SHEET}row")]
    assert ["".join(row[0].itertext()) for row in rows] == TEXTS
    assert [(row[1].get("t"), "".join(row[1].itertext())) for row in rows] == [
        ("inlineStr", "Habitants"), (None, "1102"), (None, "3.5"), ("inlineStr", ""), (None, "-4"),
    ]  # fmt: skip
    assert (list(sheet.iter(f"{SHEET}f")), "[Content_Types].xml" in names) == ([], True)


def test_an_opendocument_begins_with_its_type_and_has_no_formula():
    names, content = part(ods("Communes", HEAD, iter(ROWS)), "content.xml")
    assert (names[0], set(names)) == ("mimetype", {"mimetype", "META-INF/manifest.xml", "content.xml"})
    rows = [list(row) for row in content.iter(f"{TABLE}table-row")]
    assert ["".join(row[0].itertext()) for row in rows] == TEXTS
    assert [row[1].get(f"{OFFICE}value") for row in rows] == [None, "1102", "3.5", None, "-4"]
    assert [cell.get(f"{TABLE}formula") for row in rows for cell in row] == [None] * 10


@pytest.mark.parametrize("write", [xlsx, ods])
def test_a_long_title_is_cut_and_quotes_are_safe(write):
    with write('Un "titre" & ' + "long " * 20, HEAD, []) as book, zipfile.ZipFile(io.BytesIO(book.read())) as archive:
        assert archive.testzip() is None
