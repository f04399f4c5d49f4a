"""The public facts of the calls as data: what `/appels.json` and `/appels/<slug>.json` say. Documented for re-users."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from portal.core.calendar import PARIS

from ..models import Window
from ..queries_public import public_dates
from ..words import PHASES
from .page import documents_of
from .rows import CallRow

STATES: Mapping[str, str] = {phase: code for code, (phase, _) in PHASES.items()}


def absolute(name: str, *args: str) -> str:
    """An address that stands alone, never taken from the request."""
    return settings.PORTAL_URL + reverse(name, args=args)


def page_address(query: QueryDict, number: int) -> str:
    """Another page of the same list."""
    address = query.copy()
    address["page"] = str(number)
    return f"{absolute('calls_json')}?{address.urlencode()}"


def moment(at: date | datetime | None) -> str | None:
    """« 2027-03-31T23:59:59+02:00 » on the Paris wall clock; a day alone stays a day."""
    if at is None:
        return None
    return at.astimezone(PARIS).isoformat(timespec="seconds") if isinstance(at, datetime) else at.isoformat()


def call_summary(row: CallRow) -> dict[str, Any]:
    """What a line of the list says."""
    call, windows = row.call, list(row.call.windows.all())
    return {
        "url": absolute("call_page", call.slug),
        "data": absolute("call_json", call.slug),
        "slug": call.slug,
        "title": call.title,
        "edition": call.edition,
        "call_type": call.call_type,
        "programme": call.programme.title,
        "summary": call.summary,
        "themes": call.themes,
        "owner": {"siren": call.owner.siren, "name": call.owner.name},
        "applicants": call.applicant_kinds,
        "perimeter": {
            "kind": call.perimeter_kind,
            "codes": call.perimeter_codes,
            "label": call.extras["perimeter_label"],
        },
        "state": STATES[row.phase],
        "state_label": row.status,
        "published_at": moment(call.published_at),
        "opens_at": moment(min(window.opens_at for window in windows)),
        "closes_at": moment(max(window.closes_at for window in windows)),
        "laureates": absolute("call_laureates", call.slug) if row.figures.laureates else None,
    }


def call_facts(row: CallRow) -> dict[str, Any]:
    """What the page of a call says."""
    call = row.call
    return {
        **call_summary(row),
        "goal": call.texts.get("goal", ""),
        "contact": {
            "service": call.contact_service,
            "phone": call.contact_phone,
            "hours": call.contact_hours,
            "mail": call.contact_email,
        },
        "partners": [{"name": partner.name, "role": partner.role} for partner in call.partners.all()],
        "support": call.extras.get("support"),
        "windows": [window_facts(window) for window in call.windows.all()],
        "calendar": [
            {"code": entry.key, "label": entry.label, "when": moment(entry.at), "note": entry.note}
            for entry in public_dates(call)
        ],
        "tracks": list(call.tracks.values("code", "label")),
        "strata": list(call.strata.values("code", "label")),
        "eligibility": [
            {"code": rule.code, "label": rule.label, "sentence": rule.parameters.get("sentence"), "effect": rule.effect}
            for rule in call.eligibility_rules.all()
        ],
        "criteria": list(call.criteria.values("code", "label", "points")),
        "documents": [
            {"label": document.label, "url": absolute(document.url_name, call.slug)} for document in documents_of(call)
        ],
        "questions": absolute("call_questions", call.slug),
        "answers": absolute("call_answers", call.slug),
        "ics": absolute("call_calendar", call.slug),
        "atom": absolute("call_feed", call.slug),
    }


def window_facts(window: Window) -> dict[str, Any]:
    return {
        "code": window.code,
        "stage": window.stage,
        "wave": window.wave,
        "track": window.track.code if window.track else None,
        "opens_at": moment(window.opens_at),
        "closes_at": moment(window.closes_at),
    }
