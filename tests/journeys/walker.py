"""A person with a browser without JavaScript: reads pages, follows links by their words, presses buttons by theirs.

Nothing is typed by hand in an address but where a person would: the start page and the links of mails.
"""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.core.models import Job, OutboundEmail
from portal.core.outbox import deliver_emails, run_jobs

_CONTROLS = {"input", "textarea", "select", "button"}
_BLOCKS = {"p", "div", "li", "tr", "td", "th", "dt", "dd", "h1", "h2", "h3", "h4", "label", "legend", "option", "br"}


def words(text: str) -> str:
    """The text on one line, with ordinary spaces."""
    return " ".join(text.split())


@dataclass
class Form:
    """One form of a page as the browser would send it: `fields` are the values shown, `offered` the possible ones."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """The links, the forms and the text of a page."""

    def __init__(self, path: str, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path, self.links, self.forms = path, [], []
        self._form: Form | None = None
        self._by_id: dict[str, Form] = {}
        self._link: tuple[str, list[str]] | None = None
        self._button: tuple[Form | None, str, str, list[str]] | None = None
        self._area: tuple[Form | None, str, list[str]] | None = None
        self._select: str | None = None
        self._text: list[str] = []
        self._raw = False
        self.feed(re.sub(r"<!--.*?-->", "", content, flags=re.S))
        self.close()

    @property
    def text(self) -> str:
        return words("".join(self._text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._raw = tag in {"script", "style"}
        if tag in _BLOCKS:
            self._text.append(" ")
        if tag == "a" and "href" in values:
            self._link = (values["href"], [])
        elif tag == "form":
            self._form = Form(values.get("action") or self.path, values.get("method", "get").lower())
            self.forms.append(self._form)
            self._by_id[values.get("id", "")] = self._form
        elif tag in _CONTROLS:
            self._control(tag, values, self._by_id.get(values.get("form", ""), self._form))
        elif tag == "option" and self._select and self._form:
            self._option(values)

    def _control(self, tag: str, values: dict[str, str], form: Form | None) -> None:
        name = values.get("name", "")
        if tag == "button":
            self._button = (form, name, values.get("value", ""), [])
        elif form is not None and name:
            form.names.add(name)
            if tag == "textarea":
                self._area = (form, name, [])
            elif tag == "select":
                self._select = name
            else:
                self._input(form, name, values)

    @staticmethod
    def _input(form: Form, name: str, values: dict[str, str]) -> None:
        kind, value = values.get("type", "text"), values.get("value", "")
        if kind in {"checkbox", "radio"}:
            form.offered.setdefault(name, []).append(value or "on")
            if "checked" in values:
                form.fields.setdefault(name, []).append(value or "on")
        elif kind not in {"file", "submit"}:
            form.fields.setdefault(name, []).append(value)

    def _option(self, values: dict[str, str]) -> None:
        assert self._form is not None
        assert self._select is not None
        offered = self._form.offered.setdefault(self._select, [])
        offered.append(values.get("value", ""))
        if len(offered) == 1 or "selected" in values:
            self._form.fields[self._select] = [values.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        self._raw = False
        if tag in _BLOCKS:
            self._text.append(" ")
        if tag == "a" and self._link:
            self.links.append((words("".join(self._link[1])), self._link[0]))
            self._link = None
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "button" and self._button:
            form, name, value, label = self._button
            if form is not None:
                form.buttons.append((words("".join(label)), name, value))
            self._button = None
        elif tag == "textarea" and self._area:
            form, name, content = self._area
            form.fields.setdefault(name, []).append("".join(content).removeprefix("\n"))
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._raw:
            return
        self._text.append(data)
        for holder in (self._link, self._button, self._area):
            if holder:
                holder[-1].append(data)

    def link(self, label: str) -> str:
        """The address behind these words; the words in full, or their visible beginning when only one link has it."""
        exact = {href for text, href in self.links if text == label}
        found = exact or {href for text, href in self.links if text.startswith(label)}
        assert len(found) == 1, f"link {label!r} on {self.path}: {sorted(found)} among {[t for t, _ in self.links]}"
        return html.unescape(found.pop())

    def form(self, button: str) -> tuple[Form, tuple[str, str]]:
        """The one form that holds this button, and what the button itself sends."""
        every = [(form, *row) for form in self.forms for row in form.buttons]
        found = [row for row in every if row[1] == button] or [row for row in every if row[1].startswith(button)]
        assert len(found) == 1, f"button {button!r} on {self.path}: {len(found)} among {[row[1] for row in every]}"
        return found[0][0], (found[0][2], found[0][3])


@dataclass
class Person:
    """Someone with a mailbox and a browser."""

    email: str
    client: Client = field(default_factory=Client)
    page: Page = field(default_factory=lambda: Page("", ""))
    codes: int = 0
    status: int = 0

    def open(self, path: str, status: int = 200) -> Page:
        """Open a page, through its redirections."""
        self._arrive(self.client.get(path, follow=True), path)
        return self._ended(status)

    def follow(self, label: str, status: int = 200) -> Page:
        """Click on a link."""
        path = urljoin(self.page.path, self.page.link(label))
        assert not urlsplit(path).netloc, path
        return self.open(path.partition("#")[0], status)

    def press(self, button: str, /, status: int = 200, **typed: Any) -> Page:
        """Fill the form of this button, then press it; a code asked on the way is read in the mailbox and given."""
        form, (name, value) = self.page.form(button)
        data: dict[str, Any] = {key: list(values) for key, values in form.fields.items()}
        for key, given in typed.items():
            assert key in form.names, f"no field {key!r} in the form of {button!r}: {sorted(form.names)}"
            chosen = given if isinstance(given, list) else [given]
            assert set(chosen) <= set(form.offered.get(key, chosen)), f"{key}: {chosen} not in {form.offered[key]}"
            data[key] = chosen
        if name:
            data[name] = [value]
        act = self.client.post if form.method == "post" else self.client.get
        path = urljoin(self.page.path, form.action).partition("#")[0]
        self._arrive(act(path, data, follow=True), path)
        return self._ended(status)

    def _ended(self, status: int) -> Page:
        if self.page.path.startswith("/confirmer-identite/"):
            self._prove()
        assert self.status == status, f"{self.page.path}: {self.status} {self.page.text[:600]}"
        return self.page

    def give_a_code_first(self, path: str) -> Page:
        """Confirm who one is, then land on `path`."""
        return self.open(f"/confirmer-identite/?next={path}")

    def _prove(self) -> None:
        """The step-up: a code by mail, then what was being sent."""
        self.press_here("Recevoir le code")
        code = re.search(r"\d{6}", self.last_mail("Votre code de confirmation").subject)
        assert code is not None
        self.codes += 1
        self.press_here("Continuer", code=code[0])
        if "Merci, c’est bien vous" in self.page.text:
            self.press_here("Reprendre où j’en étais")

    def press_here(self, button: str, **typed: str) -> None:
        form, (name, value) = self.page.form(button)
        fields = {**form.fields, **({name: [value]} if name else {}), **typed}
        path = urljoin(self.page.path, form.action)
        self._arrive(self.client.post(path, fields, follow=True), path)

    def _arrive(self, answer: Any, path: str) -> None:
        chain = getattr(answer, "redirect_chain", [])
        self.page, self.status = Page(chain[-1][0] if chain else path, answer.content.decode()), answer.status_code

    def reads(self, *sentences: str) -> None:
        """Each sentence is on the page."""
        for sentence in sentences:
            assert sentence in self.page.text, f"« {sentence} » is not on {self.page.path}: {self.page.text[:2500]}"

    def download(self, label: str) -> bytes:
        """The bytes behind a link."""
        answer = self.client.get(urljoin(self.page.path, self.page.link(label)))
        assert answer.status_code == 200
        return answer.content

    # --- mail --------------------------------------------------------------------------------------------------

    def last_mail(self, subject: str) -> Any:
        """The last mail received whose subject begins so."""
        deliver()
        found = [m for m in mail.outbox if m.to == [self.email] and words(m.subject).startswith(subject)]
        assert found, (
            f"{self.email} has no mail {subject!r}: {[m.subject for m in mail.outbox if m.to == [self.email]]}"
        )
        return found[-1]

    def mails(self) -> list[str]:
        """The subjects received so far, in order."""
        deliver()
        return [words(m.subject) for m in mail.outbox if m.to == [self.email]]

    def open_mail(self, subject: str) -> Page:
        """Read the last such mail and open its one link."""
        links = re.findall(r"https://ami\.exemple\.fr(/\S+)", self.last_mail(subject).body)
        assert len(links) == 1, links
        return self.open(links[0])

    def enter_by_code(self) -> Page:
        """Log in from the menu, with a code received by mail."""
        self.open("/")
        self.follow("Se connecter")
        self.press("Recevoir un code", login=self.email)
        return self.give_login_code()

    def give_login_code(self) -> Page:
        code = re.search(r"\S+$", words(self.last_mail("Votre code de connexion").subject))
        assert code is not None
        return self.press("Continuer", code=code[0])


def deliver() -> None:
    """What the worker does: documents first, then the mails that wait for them; nothing may fail."""
    while run_jobs(200):
        pass
    while deliver_emails(500):
        pass
    assert not Job.objects.exclude(state="done").exists()
    assert not OutboundEmail.objects.filter(state__in=["failed", "uncertain", "sending"]).exists()


def attached(message: Any) -> tuple[str, bytes]:
    """Name and bytes of the one file of a mail."""
    ((name, content, kind),) = message.attachments
    assert kind == "application/pdf"
    return name, content


def pdf_file(name: str) -> SimpleUploadedFile:
    """A real PDF of one empty page."""
    import io

    import pikepdf

    document, buffer = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(buffer)
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="application/pdf")
