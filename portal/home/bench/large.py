"""The big call of the benchmark: 200 questions, 60 criteria, 40 documents, in preparation, written by the officer."""

from typing import Any

from calls.definition.dump import dump
from calls.definition.editing import checked, plain_data, token
from calls.definition.load import load
from calls.definition.reading import canonical, read
from calls.editor.entries import entries_of
from calls.models import Call, CallRole
from portal.accounts.models import Organisation, User
from portal.core.clock import portal_now

QUESTIONS, SECTIONS, CRITERIA, DOCUMENTS = 200, 10, 60, 40
SECTION, QUESTION = "s3", "q3_4"


def make_large(owner: Organisation, manager: User, source: str) -> Call:
    """A call as large as the issue says, from the text of another one."""
    raw = plain_data(read(source))
    raw.update(slug="grand-appel", code_prefix="GRAND", sections=sections())
    raw["eligibility"] = [rule for rule in raw["eligibility"] if rule["kind"] == "perimeter"]
    raw["pieces"] = [piece for piece in raw["pieces"] if "condition" not in piece]
    raw["grid"] = {"mode": "numeric", "criteria": criteria()}
    raw["documents"] = [{"code": f"d{n}", "label": f"Document {n}"} for n in range(DOCUMENTS)]
    call = load(read(canonical(checked(raw))), owner=owner, at=portal_now())
    CallRole.objects.create(user=manager, call=call, role=CallRole.Role.MANAGER, starts_at=portal_now())
    return call


def sections() -> list[dict[str, Any]]:
    each = QUESTIONS // SECTIONS
    return [
        {"code": f"s{n}", "title": f"Section {n}", "questions": [question(n, m) for m in range(each)]}
        for n in range(SECTIONS)
    ]


def question(section: int, rank: int) -> dict[str, Any]:
    code = f"q{section}_{rank}"
    said = {"code": code, "label": f"Question {rank} de la section {section}", "hint": "Trois phrases au plus."}
    return {**said, "kind": "long_text", "max_length": 2000}


def criteria() -> list[dict[str, Any]]:
    """They make a hundred points."""
    points = [2] * (100 - CRITERIA) + [1] * (2 * CRITERIA - 100)
    return [
        {"code": f"K{n}", "label": f"Critère {n}", "points": value, "sections": [f"s{n % SECTIONS}"]}
        for n, value in enumerate(points)
    ]


def edited_question(call: Call, label: str) -> dict[str, str]:
    """What the form of one question sends, with what its page showed."""
    document = dump(call)
    here = next(item for item in document.questions if item.code == QUESTION)
    shown = [entry.path for entry in entries_of(type(here), here.kind)]
    return {"label": label, "hint": here.hint or "", "max_length": "2000", "code": QUESTION, "vu": token(here, shown)}
