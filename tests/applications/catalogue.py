"""The real call of the catalogue, open now, with answers for each of its questions."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from calls.definition.load import load
from calls.definition.reading import read
from calls.definition.schema import CallDocument
from calls.models import Call, Window
from calls.services.publication import publish_call
from portal.core.clock import portal_now
from tests.factories import make_institution, make_role, make_user

FILE = Path(__file__).resolve().parents[2] / "calls" / "catalogue" / "territoire-promoteur-de-sante.yaml"


def make_catalogue_call(*, days_left: int = 19) -> Call:
    """Published, opened a while ago, closing in so many days."""
    owner, now = make_institution(), portal_now().replace(microsecond=0)
    document: CallDocument = read(FILE.read_text(encoding="utf-8"))
    call = load(document, owner=owner, at=now)
    closes_at = (now + timedelta(days=days_left)).replace(hour=22, minute=59, second=59, microsecond=0)
    Window.objects.filter(call=call).update(opens_at=now - timedelta(days=30), closes_at=closes_at)
    publish_call(call=call, asked_by=make_role(call), by=make_user(), at=now)
    return call


def typed_answer(question: Any) -> Any:
    """Something right for any question."""
    return {
        "text": f"Réponse à « {question.label} »"[: question.max_length or 100],
        "long_text": "La place reste vide l’après-midi dès le mois de mai : aucun arbre, un sol sombre, un seul banc.",
        "number": str(int(question.minimum or 12)),
        "percent": "31,4",
        "money": "45 000",
        "date": "15/09/2027",
        "email": "mairie@exemple.fr",
        "phone": "02 35 00 00 00",
        "yes_no": "oui",
        "undertaking": "oui",
        "commune": "76254\tÉtretat (76)",
        "intercommunality": "200084952\tCommunauté urbaine Le Havre Seine Métropole",
        "organisation": "200084952",
        "table": [{column["code"]: typed_cell(column) for column in question.columns}],
        "operations": [operation()] * max(1, question.min_rows),
        "site": [{"address": "Place des Marronniers", "geojson": "", "communes": [{"commune": "76254\tÉtretat (76)"}]}],
        "file": "",
        "single": question.options[0]["code"] if question.options else "",
        "multiple": [option["code"] for option in question.options[:1]],
    }[question.kind]


def operation(cost: str = "40 000", asked: str = "10 000", own: str = "30 000", **changes: Any) -> dict[str, Any]:
    """An operation whose plan balances and keeps every rule."""
    expense = {"label": "Étude", "item": "studies", "nature": "investment", "amount": cost, "vat": "20"}
    return {
        "title": "La halle",
        "owner": "Commune d’Étretat",
        "owner_kind": "local",
        "start": "01/09/2027",
        "end": "31/08/2028",
        "waiver": "",
        "expenses": [{**expense, "eligible": "oui"}],
        "resources": [
            {"funder": "Organisateur", "kind": "call", "amount": asked, "state": "asked"},
            {"funder": "Commune", "kind": "own", "amount": own, "state": "granted"},
        ],
        **changes,
    }


def typed_cell(column: dict[str, Any]) -> str:
    """Something right for any cell of a table."""
    first = column["options"][0]["code"] if column.get("options") else ""
    return {
        "text": "Bancs",
        "number": "3",
        "money": "1 250,50",
        "date": "15/09/2027",
        "yes_no": "oui",
        "single": first,
    }[column.get("kind", "text")]
