"""Fictitious answers and files, valid for any form. Pure, but for the bytes of the pieces."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from applications.content.answers import YES, bounds, columns_of
from portal.core.uploads_office import HEADS
from portal.home.playing.files import pdf, photograph

SENTENCE = "Ceci est un texte de répétition, écrit par le portail pour remplir ce champ. "
# A long answer fills a part of what is allowed, never less than a sentence nor more than a page.
LONGEST = 1200
# Digits that keep the rule of SIREN numbers and belong to nobody.
VALID_SIREN = "000000000"


@dataclass(frozen=True)
class Sample:
    """The n-th fictitious file: dates come after `after`; places are its own, (code, name)."""

    n: int
    after: date
    commune: tuple[str, str] = ("", "")
    intercommunality: tuple[str, str] = ("", "")


def answer_to(question: Any, sample: Sample) -> Any:
    """What a fictitious file types in a question."""
    return WRITERS[question.kind](question, sample)


def _text(question: Any, sample: Sample) -> str:
    words = f"Projet fictif n° {sample.n + 1}" if question.is_project_title else f"Réponse fictive n° {sample.n + 1}"
    return words[: question.max_length or len(words)]


def _long_text(question: Any, sample: Sample) -> str:
    length = min(question.max_length or LONGEST, LONGEST)
    text = f"Dossier fictif n° {sample.n + 1}. " + SENTENCE * 20
    return text[: max(1, length * (2 + sample.n % 3) // 5)].strip()


def _number(question: Any, sample: Sample) -> str:
    """A whole number within the bounds when one lies there, else the least value."""
    low, high = bounds(question)
    least = Decimal(0) if low is None else low
    most = least + 100 if high is None else high
    value = least + Decimal(7 * sample.n + 5) % (most - least + 1)
    return f"{min(value, most):f}"


def _date(question: Any, sample: Sample) -> str:
    return (sample.after + timedelta(days=60 + sample.n % 90)).isoformat()


def _choice(question: Any, sample: Sample) -> str:
    return question.options[sample.n % len(question.options)]["code"]


def _choices(question: Any, sample: Sample) -> list[str]:
    """Two neighbours, or one; a choice that excludes the others is never ticked."""
    codes = [option["code"] for option in question.options if not option.get("exclusive")]
    codes = codes or [question.options[0]["code"]]
    return sorted({codes[sample.n % len(codes)], codes[(sample.n + 1) % len(codes)]})


def _table(question: Any, sample: Sample) -> list[dict[str, Any]]:
    """As many rows as are asked, one at least."""
    columns = [SimpleNamespace(**{**vars(column), "is_project_title": False}) for column in columns_of(question)]
    rows = range(max(1, question.min_rows))
    return [{c.code: answer_to(c, replace(sample, n=sample.n + row)) for c in columns} for row in rows]


def _operations(question: Any, sample: Sample) -> list[dict[str, Any]]:
    """As many operations as are asked, one at least; each balances, and its owner pays half of it."""
    start, cost = sample.after + timedelta(days=90), Decimal(20_000 + 1_000 * (sample.n % 9))
    days = {"start": start.isoformat(), "end": (start + timedelta(days=360)).isoformat()}
    half = f"{cost / 2:f}"
    expense = {"label": "Étude", "item": "studies", "nature": "investment", "amount": f"{cost:f}"}
    return [
        {
            "title": f"Opération fictive n° {n + 1}",
            "owner": "Commune fictive",
            "owner_kind": "local",
            "waiver": "",
            **days,
            "expenses": [{**expense, "vat": "20", "eligible": YES}],
            "resources": [
                {"funder": "Organisateur", "kind": "call", "amount": half, "state": "asked"},
                {"funder": "Commune", "kind": "own", "amount": half, "state": "granted"},
            ],
        }
        for n in range(max(1, question.min_rows))
    ]


WRITERS: dict[str, Callable[[Any, Sample], Any]] = {
    "text": _text,
    "long_text": _long_text,
    "number": _number,
    "percent": _number,
    "money": _number,
    "date": _date,
    "single": _choice,
    "multiple": _choices,
    "yes_no": lambda question, sample: YES,
    "email": lambda question, sample: f"dossier-{sample.n + 1}@repetition.invalid",
    "commune": lambda question, sample: "\t".join(sample.commune),
    "intercommunality": lambda question, sample: "\t".join(sample.intercommunality),
    "organisation": lambda question, sample: VALID_SIREN,
    "table": _table,
    "operations": _operations,
    "site": lambda question, sample: [
        {"address": "Place fictive", "communes": [{"commune": "\t".join(sample.commune)}]}
    ],
    "file": lambda question, sample: "",  # the piece itself is attached
    "undertaking": lambda question, sample: YES,
    "phone": lambda question, sample: "02 00 00 00 00",
}


def piece(extension: str, name: str, n: int) -> SimpleUploadedFile:
    """A small real file of one of the types that a call may accept."""
    if extension == "pdf":
        return pdf(name)
    if extension in {"png", "jpg", "jpeg"}:
        return photograph(name, n) if extension == "png" else jpeg(name, n)
    if extension == "geojson":
        content = json.dumps({"type": "Polygon", "coordinates": []}).encode()
        return SimpleUploadedFile(f"{name}.geojson", content, "application/geo+json")
    return SimpleUploadedFile(f"{name}.{extension}", office(extension))


def jpeg(name: str, n: int) -> SimpleUploadedFile:
    stream = io.BytesIO()
    Image.new("RGB", (640, 420), (90, 140, 60 + n % 120)).save(stream, "JPEG")
    return SimpleUploadedFile(f"{name}.jpg", stream.getvalue(), "image/jpeg")


def office(extension: str) -> bytes:
    """An office document without content: its type is what its entries say."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        if HEADS[extension].startswith("application/"):
            archive.writestr("mimetype", HEADS[extension])
        else:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr(HEADS[extension], "<document/>")
    return stream.getvalue()
