"""Atom feeds: what is new, for readers of news and other sites."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from .typography import typeset

ATOM = "application/atom+xml; charset=utf-8"
# Any site may read public facts: they depend on nobody.
FOR_ALL = {"Access-Control-Allow-Origin": "*"}
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
