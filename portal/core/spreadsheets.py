"""Tables as spreadsheets: XLSX (ISO/IEC 29500) and ODS (ISO/IEC 26300), one sheet, a bold first row. Pure.

Every cell is written as text, or as a number when it is one: nothing is ever a formula, whatever it begins with.
"""

import re
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def is_number(cell: Any) -> bool:
    return isinstance(cell, int | Decimal | float) and not isinstance(cell, bool)


def clean(cell: Any) -> str:
    """The text of a cell, without what XML cannot hold."""
    return escape(_UNFIT.sub("", "" if cell is None else str(cell)))


# --- XLSX --------------------------------------------------------------------------------------------------------

_XLSX_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{XLSX_TYPE}.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/styles.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    "xl/styles.xml": (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font/>'
        '<font><b/></font></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs>'
        "</styleSheet>"
    ),
}
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx(title: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """The workbook, at its beginning; rows are read one at a time and never all held."""
    whole: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=5_000_000)  # noqa: SIM115 - handed to the caller
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in _XLSX_PARTS.items():
            book.writestr(name, _DECLARATION + text)
        sheet = f'<sheet name={quoteattr(clean(title)[:31])} sheetId="1" r:id="r1"/>'
        book.writestr(
            "xl/workbook.xml",
            f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{sheet}</sheets></workbook>',
        )
        with book.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            part.write(_xlsx_row(head, style=' s="1"').encode())
            for row in rows:
                part.write(_xlsx_row(row).encode())
            part.write(b"</sheetData></worksheet>")
    whole.seek(0)
    return whole


def _xlsx_row(cells: Sequence[Any], style: str = "") -> str:
    return f"<row>{''.join(_xlsx_cell(cell, style) for cell in cells)}</row>"


def _xlsx_cell(cell: Any, style: str) -> str:
    if is_number(cell):
        return f"<c{style}><v>{cell}</v></c>"
    return f'<c{style} t="inlineStr"><is><t xml:space="preserve">{clean(cell)}</t></is></c>'


# --- ODS ---------------------------------------------------------------------------------------------------------

_ODS_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" office:version="1.3"><office:automatic-styles>'
    '<style:style style:name="head" style:family="table-cell"><style:text-properties fo:font-weight="bold"/>'
    "</style:style></office:automatic-styles><office:body><office:spreadsheet>"
)
_ODS_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def ods(title: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """The same as an OpenDocument spreadsheet."""
    whole: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=5_000_000)  # noqa: SIM115 - handed to the caller
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", ODS_TYPE, zipfile.ZIP_STORED)
        book.writestr("META-INF/manifest.xml", _DECLARATION + _ODS_MANIFEST)
        with book.open("content.xml", "w") as part:
            part.write(f"{_DECLARATION}{_ODS_HEAD}<table:table table:name={quoteattr(clean(title)[:31])}>".encode())
            part.write(_ods_row(head, style=' table:style-name="head"').encode())
            for row in rows:
                part.write(_ods_row(row).encode())
            part.write(b"</table:table></office:spreadsheet></office:body></office:document-content>")
    whole.seek(0)
    return whole


def _ods_row(cells: Sequence[Any], style: str = "") -> str:
    return f"<table:table-row>{''.join(_ods_cell(cell, style) for cell in cells)}</table:table-row>"


def _ods_cell(cell: Any, style: str) -> str:
    text = f"<text:p>{clean(cell)}</text:p>"
    if is_number(cell):
        return f'<table:table-cell{style} office:value-type="float" office:value="{cell}">{text}</table:table-cell>'
    return f'<table:table-cell{style} office:value-type="string">{text}</table:table-cell>'
