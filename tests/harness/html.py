"""What a page of the portal may not hold: inline code or style, leftovers of a template, resources of elsewhere."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

_LEFTOVER = re.compile(r"\{\{|\{%|\{#")
_HANDLER = re.compile(r"on[a-z]{3,}")
_DATA_SCRIPTS = {"application/json", "application/ld+json", "importmap"}
_FETCHED = {
    ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("video", "src"),
    ("audio", "src"), ("embed", "src"), ("object", "data"), ("link", "href"), ("use", "href"),
}  # fmt: skip
_FETCHING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch"}


class _Inspector(HTMLParser):
    def __init__(self, host: str) -> None:
        super().__init__(convert_charrefs=True)
        self.host = host
        self.faults: list[str] = []
        self.style_elements = 0
        self._raw_element: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self._raw_element = tag if tag in {"script", "style"} else None
        self.style_elements += tag == "style"
        if tag == "script" and "src" not in attributes and attributes.get("type") not in _DATA_SCRIPTS:
            self.faults.append(f"inline <script> at {self._where()}")
        for name, value in attributes.items():
            self._inspect_attribute(tag, name, value, attributes)

    def _inspect_attribute(self, tag: str, name: str, value: str, attributes: dict[str, str]) -> None:
        if _HANDLER.fullmatch(name):
            self.faults.append(f"inline handler {name}= on <{tag}> at {self._where()}")
        if name == "style":
            self.faults.append(f"inline style= on <{tag}> at {self._where()}")
        if value.strip().lower().startswith("javascript:"):
            self.faults.append(f"javascript: address on <{tag}> at {self._where()}")
        if _LEFTOVER.search(value):
            self.faults.append(f"template leftover {value[:60]!r} in {name}= of <{tag}> at {self._where()}")
        is_fetched = (tag, name) in _FETCHED and (
            tag != "link" or _FETCHING_LINKS & set(attributes.get("rel", "").lower().split())
        )
        if is_fetched and urlsplit(value).netloc not in {"", self.host}:
            self.faults.append(f"resource of another host {value[:80]!r} on <{tag}> at {self._where()}")

    def handle_endtag(self, tag: str) -> None:
        self._raw_element = None

    def handle_data(self, data: str) -> None:
        if self._raw_element is None and (found := _LEFTOVER.search(data)):
            excerpt = data[found.start() : found.start() + 60]
            self.faults.append(f"template leftover {excerpt!r} in the text at {self._where()}")

    def _where(self) -> str:
        line, column = self.getpos()
        return f"line {line}, column {column}"


def html_faults(content: str, *, host: str) -> list[str]:
    """Faults of one page served by `host`, in order. One <style> is allowed: the theme block (hash in the CSP)."""
    inspector = _Inspector(host)
    inspector.feed(content)
    inspector.close()
    if inspector.style_elements > 1:
        inspector.faults.append(f"{inspector.style_elements} <style> elements, only the theme block is allowed")
    return inspector.faults
