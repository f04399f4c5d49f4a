"""The Atom feeds: the calls, and what changes in one of them."""

import uuid
from collections.abc import Iterable, Iterator

from django.conf import settings

from portal.core.feeds import Entry, written
from portal.core.typography import format_instant

from ..models import Call
from ..queries_enquiries import published_answers
from ..queries_public import cancelled_at, of_window
from .open_data import absolute
from .rows import CallRow

MOST = 50


def calls_feed(rows: Iterable[CallRow]) -> str:
    """The calls (`with_changes`), the last published first."""
    return written(
        "Appels à manifestation d’intérêt",
        author=settings.PORTAL_NAME,
        key=absolute("calls_feed"),
        url=absolute("call_list"),
        feed_url=absolute("calls_feed"),
        entries=[call_entry(row) for row in rows],
    )


def call_entry(row: CallRow) -> Entry:
    call = row.call
    text = f"{row.status}. {call.summary} {windows_sentence(call)}"
    published = call.published_at or call.created_at
    changed = call.changed_at or published
    return Entry(call.uuid.urn, str(call), text, absolute("call_page", call.slug), published, changed)


def windows_sentence(call: Call) -> str:
    """« Candidatures du vendredi 15 janvier 2027 à 9 h 00 au mercredi 31 mars 2027 à 23 h 59, heure de Paris. »"""
    windows = list(call.windows.all())
    parts = []
    for window in windows:
        what = of_window(window, windows)
        opens, closes = format_instant(window.opens_at), format_instant(window.closes_at)
        parts.append(f"{what[0].upper()}{what[1:]} : du {opens} au {closes}, heure de Paris.")
    return " ".join(parts)


def call_feed(call: Call) -> str:
    """What changed in a call: publication, corrections and extensions, answers, end."""
    entries = sorted([*change_entries(call), *answer_entries(call)], key=lambda entry: entry.updated, reverse=True)
    return written(
        str(call),
        author=call.owner.name,
        key=call.uuid.urn,
        url=absolute("call_page", call.slug),
        feed_url=absolute("call_feed", call.slug),
        entries=entries[:MOST],
    )


def change_entries(call: Call) -> Iterator[Entry]:
    page = absolute("call_page", call.slug)
    for revision in call.revisions.order_by("-n")[:MOST]:
        first = revision.n == 1
        title = "L’appel est publié" if first else f"Version {revision.n} : {revision.note or 'l’appel a changé'}"
        text = f"{call.summary} {windows_sentence(call)}" if first else revision.note or "Relisez la page de l’appel."
        key = uuid.uuid5(call.uuid, f"revision-{revision.n}").urn
        yield Entry(key, title, text, page, revision.made_at, revision.made_at)
    if at := cancelled_at(call):
        key = uuid.uuid5(call.uuid, "cancelled").urn
        yield Entry(key, "L’appel est classé sans suite", "Aucune candidature n’est plus reçue.", page, at, at)


def answer_entries(call: Call) -> Iterator[Entry]:
    page = absolute("call_answers", call.slug)
    for enquiry in published_answers(call)[:MOST]:
        at, title = enquiry.settled_at, f"Question : {enquiry.question}"
        updated = enquiry.corrected_at or at
        yield Entry(enquiry.uuid.urn, title, enquiry.answer, f"{page}#q-{enquiry.uuid}", at, updated)
