"""From a document to the rows of a call in preparation, named by their codes; whole, or only what has changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from calls.definition.rows import GROUPS, SINGLE, Columns, Group, Row
from calls.definition.schema import CallDocument
from calls.definition.values import plain
from calls.models import Call, Programme
from portal.accounts.models import Organisation

# Parts that nothing filters, sorts or scores: kept as data, validated by the schema on the way out.
EXTRA_PARTS = ("support", "money", "applicants", "access", "template", "examination", "decision", "data_notice")
JURY_EXTRAS = (
    "quorum_share",
    "quorum_strict",
    "quorum_colleges",
    "proxies",
    "proxies_in_quorum",
    "tie",
    "required_seats",
    "readers",
    "max_load",
    "phases",
)
EXTRA_LISTS = ("frame", "objectives", "axes", "documents", "outcomes", "reminders")


@transaction.atomic
def load(document: CallDocument, *, owner: Organisation, at: datetime, call: Call | None = None) -> Call:
    """Write the document as rows of `call` (in preparation), or of a new call of `owner`."""
    values = {**identity(document), "owner": owner, "programme": programme_of(document, owner)}
    if call is None:
        call = Call.objects.create(created_at=at, **values)
    else:
        Call.objects.filter(pk=call.pk).update(**values)
        call.refresh_from_db()
        clear(call)
    write(call, document)
    return call


def programme_of(document: CallDocument, owner: Organisation) -> Programme:
    """The programme of that code, made when it is new; its title stays that of its first edition."""
    programme, _ = Programme.objects.get_or_create(
        owner=owner, code=document.programme.code, defaults={"title": document.programme.title}
    )
    return programme


def identity(document: CallDocument) -> dict[str, Any]:
    """The columns of the call itself."""
    return {
        "slug": document.slug,
        "code_prefix": document.code_prefix,
        "edition": document.edition,
        "call_type": document.call_type,
        "title": document.title,
        "summary": document.summary,
        "themes": list(document.themes),
        "texts": {
            "goal": document.goal,
            "brief": [plain(entry) for entry in document.brief],
            "texts": [plain(entry) for entry in document.texts],
        },
        "support_kinds": list(document.support.kinds),
        "applicant_kinds": list(document.applicants.kinds),
        "perimeter_kind": document.perimeter.kind,
        "perimeter_codes": list(document.perimeter.codes),
        "contact_service": document.contact.service,
        "contact_phone": document.contact.phone,
        "contact_hours": document.contact.hours,
        "contact_email": document.contact.mail,
        "extras": extras(document),
    }


def extras(document: CallDocument) -> dict[str, Any]:
    """The parts without a row of their own."""
    agreement = document.agreement
    head = {k: v for k, v in plain(agreement).items() if k != "articles"} if agreement else None
    return {
        **{name: plain(getattr(document, name)) for name in EXTRA_PARTS},
        **{name: [plain(item) for item in getattr(document, name)] for name in EXTRA_LISTS},
        "inherits": document.inherits,
        "owner": plain(document.owner),
        "contact_address": document.contact.address,
        "perimeter_label": document.perimeter.label,
        "levels": [plain(level) for level in document.grid.levels],
        "hearing": plain(document.jury.hearing) if document.jury else None,
        "jury": plain_of(document.jury, *JURY_EXTRAS),
        "agreement": head,
    }


def plain_of(part: Any, *names: str) -> dict[str, Any]:
    """Some keys of a piece of the document, as JSON data."""
    return {name: value for name, value in (plain(part) or {}).items() if name in names}


def clear(call: Call) -> None:
    """Remove the rows of the working copy; refused by the database once a file points to them."""
    for group in reversed(GROUPS):
        group.model.objects.filter(call=call).delete()
    for model, _ in SINGLE:
        model.objects.filter(call=call).delete()


def write(call: Call, document: CallDocument, before: CallDocument | None = None) -> None:
    """Write the rows of the document; of those that `before` made, only what differs is touched."""
    gone = []
    for group in GROUPS:
        old = {row.code: row for row in group.rows(before)} if before else {}
        new = {row.code: row for row in group.rows(document)}
        changed = [row for code, row in new.items() if row != old.get(code)]
        _put(call, group, changed, known=old)
        gone.append((group, old.keys() - new.keys()))
    for group, codes in reversed(gone):
        if codes:
            group.model.objects.filter(call=call, code__in=codes).delete()
    for model, columns in SINGLE:
        _put_single(call, model, columns(document), columns(before) if before else None)


def _put(call: Call, group: Group, rows: list[Row], *, known: Mapping[str, Row]) -> None:
    linked = {
        name: dict(model.objects.filter(call=call).values_list("code", "pk"))
        for name, model in group.links.items()
        if any(row.links[name] for row in rows)
    }
    fresh = []
    for row in rows:
        columns = {**row.columns, **{f"{name}_id": linked[name][code] for name, code in row.links.items() if code}}
        if row.code in known:
            empty = {f"{name}_id": None for name, code in row.links.items() if not code}
            group.model.objects.filter(call=call, code=row.code).update(**columns, **empty)
        else:
            fresh.append(group.model(call=call, code=row.code, **columns))
    if fresh:
        group.model.objects.bulk_create(fresh)


def _put_single(call: Call, model: Any, columns: Columns | None, before: Columns | None) -> None:
    if columns == before:
        return
    if columns is None:
        model.objects.filter(call=call).delete()
    elif before is None:
        model.objects.create(call=call, **columns)
    else:
        model.objects.filter(call=call).update(**columns)


@transaction.atomic
def amend(call: Call, before: CallDocument, after: CallDocument) -> None:
    """Turn the rows of `before`, as they stand, into those of `after`: what has not changed is not written."""
    values = {name: value for name, value in identity(after).items() if value != identity(before)[name]}
    if after.programme != before.programme:
        programme = programme_of(after, call.owner)
        Programme.objects.filter(pk=programme.pk).update(title=after.programme.title)
        values["programme"] = programme
    if values:
        Call.objects.filter(pk=call.pk).update(**values)
    write(call, after, before)
    call.refresh_from_db()
