"""Lists as files that a French spreadsheet opens without harm: CSV (UTF-8 with its mark, semicolons), XLSX, ODS."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from portal.core.spreadsheets import ODS_TYPE, XLSX_TYPE, ods, xlsx

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def harmless(cell: Any) -> str:
    """The text of a cell; one that a spreadsheet would run is kept as text by an apostrophe."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_lines(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of the file, one at a time."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield BOM + writer.writerow([harmless(cell) for cell in head])
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


BOOKS = {"xlsx": (xlsx, XLSX_TYPE), "ods": (ods, ODS_TYPE)}


def table_response(
    name: str, title: str, head: Sequence[str], rows: Iterable[Sequence[Any]], book: str
) -> HttpResponseBase:
    """A list to save: as a spreadsheet when `book` names one, else as CSV, line by line."""
    if book in BOOKS:
        write, content_type = BOOKS[book]
        return FileResponse(
            write(title, head, rows), as_attachment=True, filename=f"{name}.{book}", content_type=content_type
        )
    response = StreamingHttpResponse(csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
