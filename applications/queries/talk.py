"""Questions about what is said around a file."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, QuerySet

from calls.models import Call
from portal.core.models import StoredFile

from ..models import Application, ContactEntry, InternalNote, Message, MessageFile, ProgressUpdate
from ..rules.talk import PENDING


def messages_of(application: Application) -> QuerySet[Message]:
    """The latest first."""
    return application.messages.select_related("author").prefetch_related("files__file").order_by("-sent_at", "-pk")


def file_of_message(application: Application, key: Any) -> StoredFile | None:
    row = MessageFile.objects.filter(message__application=application, file_id=key).select_related("file").first()
    return row.file if row else None


def notes_of(application: Application) -> QuerySet[InternalNote]:
    return application.notes.select_related("author")


def contacts_of(call: Call, insee: str) -> QuerySet[ContactEntry]:
    return ContactEntry.objects.filter(call=call, commune_id=insee).select_related("author")


def pending_files(call: Call, only: Collection[int] | None = None) -> QuerySet[Application]:
    """The files that wait for an answer of the call; those of `only` (keys) when it says some."""
    files = call.applications.filter(state__in=PENDING)
    return files if only is None else files.filter(pk__in=only)


def updates_of(call: Call) -> QuerySet[ProgressUpdate]:
    """Each with `written`: to how many files it was written."""
    return call.updates.select_related("asked_by").annotate(written=Count("messages")).order_by("-asked_at", "-pk")


def last_correspondent(application: Application) -> str:
    """Whom the service's side of the talk is told at: who wrote last for it, else the contact of the call."""
    last = application.messages.filter(side=Message.Side.SERVICE, update_of=None).select_related("author").last()
    return last.author.email if last else application.call.contact_email
