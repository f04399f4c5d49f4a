"""Reads the forms of a page as a browser without script would send them, and writes calls through the screens."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

from calls.definition.dump import dump
from calls.definition.schema import CallDocument
from calls.models import Call


class _Reader(HTMLParser):
    """The successful controls of the forms that carry no `action`: those of the page itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.data: dict[str, list[str]] = {}
        self.inside = False
        self.select = self.area = ""
        self.chosen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = "action" not in told and told.get("method") == "post"
        if not self.inside or not told.get("name", self.select):
            return
        if tag == "input" and ("checked" in told or told.get("type", "text") not in ("checkbox", "radio", "file")):
            empty = "on" if told.get("type") in ("checkbox", "radio") else ""
            self.data.setdefault(told["name"], []).append(told.get("value", empty))
        elif tag == "textarea":
            self.area = told["name"]
            self.data.setdefault(self.area, []).append("")
        elif tag == "select":
            self.select, self.chosen = told["name"], []
            self.first: str | None = None
        elif tag == "option" and self.select:
            self.first = told.get("value", "") if self.first is None else self.first
            if "selected" in told:
                self.chosen.append(told.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            self.data.setdefault(self.select, []).append((self.chosen or [self.first or ""])[0])
            self.select = ""
        elif tag == "textarea":
            self.area = ""
        elif tag == "form":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.area:
            self.data[self.area][-1] += data


def typed(response: HttpResponse) -> dict[str, list[str]]:
    """What the form of a page would send as it stands."""
    reader = _Reader()
    reader.feed(response.content.decode())
    # A browser drops the first line feed of a text area.
    return {name: [value.removeprefix("\n") for value in values] for name, values in reader.data.items()}


def save(client: Client, url: str, **changes: Any) -> HttpResponse:
    """Open a page, change some of its fields, send its form."""
    page = client.get(url)
    assert page.status_code == 200, f"{url} : {page.status_code}"
    return client.post(url, {**typed(page), **changes})


def errors(response: HttpResponse) -> dict[str, list[str]]:
    """The errors of the form of a page, with plain spaces; the form was refused and shown again."""
    assert response.status_code == 200, response.status_code
    found = response.context["form"].errors
    return {
        name: [str(text).replace("\u202f", " ").replace("\u00a0", " ") for text in texts]
        for name, texts in found.items()
    }


def at(call: Call, path: str = "") -> str:
    """An address of the back office of a call."""
    return f"/gestion/appels/{call.slug}/ecrire/{path}"


def document_of(call: Call) -> CallDocument:
    """The document as it is in the database now."""
    return dump(Call.objects.get(pk=call.pk))
