"""A person who files a whole form by pointing at what is on the page; nothing here needs a script."""

import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page, expect

TICKED = "on"  # a box that has no value of its own


def chosen(typed: Any) -> list[str]:
    return typed if isinstance(typed, list) else [typed]


class Finger:
    """Points at what is on the page; nothing here needs a script."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def follow(self, words: str) -> None:
        self.page.get_by_role("link", name=re.compile(words, re.DOTALL)).first.click()

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=re.compile(rf"^\s*{words}")).last.click()

    def write(self, values: Mapping[str, Any], button: str) -> None:
        """Answer every question of the page that `values` knows, then press."""
        for name, typed in values.items():
            field = self.page.locator(f'main [name="{name}"]')
            if not field.count():
                continue
            if field.first.get_attribute("type") in ("radio", "checkbox"):
                for value in chosen(typed):
                    only = "" if value == TICKED else f'[value="{value}"]'
                    self.page.locator(f'main [name="{name}"]{only}').check()
            elif field.first.evaluate("e => e.tagName") == "SELECT":
                field.select_option(typed)
            else:
                field.fill(typed)
        self.press(button)

    def attach(self, file: dict[str, Any]) -> None:
        self.page.get_by_label("Fichier").set_input_files(file)
        self.press("Joindre")
        expect(self.page.get_by_text(file["name"]).first).to_be_visible()
