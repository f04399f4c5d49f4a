"""The Atom feeds: the calls, and what changes in one of them."""

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from portal.core.typography import format_instant, typeset

from ..models import Call
from ..queries_enquiries import published_answers
from ..queries_public import cancelled_at, of_window
from .open_data import absolute
from .rows import CallRow

MOST = 50
# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Entry:
    """One news: `key` never changes."""

    key: str
    title: str
    text: str
    url: str
    published: datetime
    updated: datetime


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


def written(title: str, *, author: str, key: str, url: str, feed_url: str, entries: Iterable[Entry]) -> str:
    """The feed as a text."""
    feed = Atom1Feed(
        title=clean(title), link=url, description="", language="fr", author_name=clean(author), feed_url=feed_url
    )
    feed.feed["id"] = key
    for entry in entries:
        feed.add_item(
            title=clean(entry.title),
            link=entry.url,
            description=escape(clean(entry.text)),
            unique_id=entry.key,
            pubdate=entry.published,
            updateddate=entry.updated,
        )
    return feed.writeString("utf-8")


def clean(text: str) -> str:
    return _UNWRITABLE.sub(" ", typeset(text))
