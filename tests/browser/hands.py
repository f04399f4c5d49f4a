"""People who file a whole form: one points at what is on the page, another one has a keyboard alone."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError, expect

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


class Keys(Finger):
    """No pointer: Tab from one thing to the next, arrows inside a group, Space and Enter to act."""

    MOST_TABS = 400

    def follow(self, words: str) -> None:
        self.reach(self.page.get_by_role("link", name=re.compile(words, re.DOTALL)).first)
        self.page.keyboard.press("Enter")

    def press(self, words: str) -> None:
        self.reach(self.page.get_by_role("button", name=re.compile(rf"^\s*{words}")).last)
        self.page.keyboard.press("Space")

    def reach(self, target: Locator) -> None:
        """Tab until it has the focus, and shows it."""
        target.wait_for()
        self.walk_to(lambda: target.evaluate("e => e === document.activeElement"), str(target))

    def walk_to(self, arrived: Callable[[], bool], what: str) -> None:
        for _ in range(self.MOST_TABS):
            if arrived():
                assert self.page.evaluate("document.activeElement.matches(':focus-visible')"), what
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {what}")

    def write(self, values: Mapping[str, Any], button: str) -> None:
        for name, typed in values.items():
            field = self.page.locator(f'main [name="{name}"]')
            if not field.count():
                continue
            kind = field.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
            {"radio": self.choose, "checkbox": self.tick, "select": self.pick}.get(kind, self.type)(name, typed)
        self.press(button)

    def choose(self, name: str, typed: Any) -> None:
        """Tab enters the group, arrows go round it."""
        (value,) = chosen(typed)
        current = "[document.activeElement.name, document.activeElement.value, document.activeElement.checked]"
        self.walk_to(lambda: self.page.evaluate(current)[0] == name, name)
        for _ in range(self.page.locator(f'main [name="{name}"]').count()):
            _, here, checked = self.page.evaluate(current)
            if here == value:
                if not checked:
                    self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {name} = {value}")

    def tick(self, name: str, typed: Any) -> None:
        for value in chosen(typed):
            only = "" if value == TICKED else f'[value="{value}"]'
            box = self.page.locator(f'main [name="{name}"]{only}')
            self.reach(box)
            if not box.is_checked():
                self.page.keyboard.press("Space")

    def pick(self, name: str, typed: str) -> None:
        field = self.page.locator(f'main [name="{name}"]')
        self.reach(field)
        self.page.keyboard.press("Home")
        for _ in range(field.locator("option").count()):
            if field.input_value() == typed:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {name} = {typed}")

    def type(self, name: str, typed: str) -> None:
        self.reach(self.page.locator(f'main [name="{name}"]'))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(typed)

    def attach(self, file: dict[str, Any]) -> None:
        """The window of the system, which Space opens, is answered for the person."""
        self.reach(self.page.get_by_label("Fichier"))
        self.choose_file(file)
        self.press("Joindre")
        expect(self.page.get_by_text(file["name"]).first).to_be_visible()

    def choose_file(self, file: dict[str, Any]) -> None:
        """A page still busy may swallow a key: one presses again."""
        for _ in range(3):
            try:
                with self.page.expect_file_chooser(timeout=5000) as opened:
                    self.page.keyboard.press("Space")
            except TimeoutError:
                continue
            opened.value.set_files(file)
            return
        raise AssertionError("the keyboard opens no window to choose a file")
