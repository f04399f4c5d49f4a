"""Acts on a call: import, publication by two persons, invitation of the town halls."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.accounts.models import Organisation, User
from portal.core.mailing import Action, compose
from portal.core.models import OutboundEmail
from portal.core.outbox import enqueue_email
from portal.core.rules import Refused
from portal.core.typography import format_date
from portal.core.workflow import fire

from .. import states
from ..definition.dump import dump
from ..definition.load import load
from ..definition.reading import canonical, read
from ..definition.schema import CallDocument
from ..documents import request_questions, request_rules
from ..models import Call, CallRevision, CallRole
from ..queries import communes_of_perimeter, sender_of
from .templates import check_instance, record_overrides

PUBLISH_ACT = "calls.publish"


@transaction.atomic
def import_call(text: str, *, owner: Organisation, by: User, at: datetime, reason: str = "") -> Call:
    """The call of a YAML text, in preparation, in place of one of the same slug. Raises `BadDocument`, `Refused`."""
    document = read(text)
    if document.owner.siren != owner.siren:
        raise Refused(f"Cet appel est celui d’un autre organisme (SIREN {document.owner.siren}).")
    existing = Call.objects.select_for_update().filter(slug=document.slug).first()
    if existing and existing.owner_id != owner.pk:
        raise Refused("Un autre organisme a déjà un appel à cette adresse : changez « slug ».")
    if existing and existing.state not in states.PREPARATION:
        raise Refused("Cet appel est publié : il ne se remplace plus. Importez-le sous un autre « slug ».")
    call = write_document(document, owner=owner, call=existing, by=by, at=at, reason=reason)
    CallRole.objects.get_or_create(
        user=by, call=call, role=CallRole.Role.MANAGER, defaults={"starts_at": at, "given_by": None}
    )
    return call


@transaction.atomic
def write_document(
    document: CallDocument, *, owner: Organisation, call: Call | None, by: User | None, at: datetime, reason: str = ""
) -> Call:
    """The rows of a call in preparation, whole. Every edit comes through here: a visa falls, locks hold."""
    check_instance(document, call)
    if call:
        undo_visa(call=call, by=by, at=at)
    written = load(document, owner=owner, at=at, call=call)
    record_overrides(written, document, reason=reason, by=by, at=at)
    return written


def document_now(call: Call) -> CallDocument:
    """The document of the call as its rows stand."""
    return dump(call)


def export_call(call: Call) -> str:
    """The canonical YAML text of the call."""
    return canonical(document_now(call))


@transaction.atomic
def publish_call(*, call: Call, asked_by: User, by: User, at: datetime) -> CallRevision:
    """Publish: the first revision freezes the document. `by` confirms what `asked_by` asked; two persons."""
    if asked_by == by:
        raise Refused("La personne qui demande la publication ne peut pas la confirmer elle-même.")
    if call.state == states.VALIDATED and call.visa_sha256 != document_sha256(call):
        raise Refused("L’appel a changé depuis son visa : enregistrez un nouveau visa avant de publier.")
    check_instance(dump(call), call)
    fire(call, states.PUBLISH, by=by, at=at, reason=f"demandée par {asked_by}", stamps={"published_at": at})
    revision = new_revision(call, by=by, at=at, note="Publication")
    request_rules(call, revision, at)
    request_questions(call, at)
    return revision


def new_revision(call: Call, *, by: User, at: datetime, note: str, changes: Sequence[str] = ()) -> CallRevision:
    """Freeze the present document as the next revision; `changes` says in words what it changed."""
    text = export_call(call)
    last = call.revisions.order_by("-n").first()
    return CallRevision.objects.create(
        call=call,
        n=last.n + 1 if last else 1,
        document=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        made_at=at,
        made_by=by,
        note=note[:300],
        changes=list(changes),
    )


def document_sha256(call: Call) -> str:
    """The fingerprint of the call as it is written now."""
    return hashlib.sha256(export_call(call).encode()).hexdigest()


def sha256_of(document: CallDocument) -> str:
    """The fingerprint of a document, written as the portal writes it."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def undo_visa(*, call: Call, by: User | None, at: datetime) -> None:
    """A change of the document: what was approved is no more what is written. To be called by every edit."""
    if call.state == states.VALIDATED:
        stamps = {"visa_number": "", "visa_on": None, "visa_sha256": ""}
        fire(call, states.AMEND, by=by, at=at, reason=f"modifié après le visa {call.visa_number}", stamps=stamps)


def publication_arguments(call: Call) -> dict[str, Any]:
    """What the second person confirms: this call, as it is written now, and the act that approves it."""
    visa = [f"Visa : acte {call.visa_number} du {format_date(call.visa_on)}."] if call.visa_on else []
    return {"slug": call.slug, "sha256": document_sha256(call), "details": visa}


def run_publication(approval: Any, at: datetime) -> None:
    """What happens when the second person confirms (act `calls.publish`)."""
    call = Call.objects.select_for_update().get(slug=approval.arguments["slug"])
    if publication_arguments(call) != approval.arguments:
        raise Refused("L’appel a changé depuis la demande : il faut demander de nouveau la publication.")
    publish_call(call=call, asked_by=approval.asked_by, by=approval.approved_by, at=at)


@transaction.atomic
def invite_communes(*, call: Call, at: datetime) -> int:
    """Write to every town hall of the perimeter whose address is known, once. Returns how many new mails."""
    sender = sender_of(call)
    window = call.windows.order_by("closes_at").last()
    communes = communes_of_perimeter(call).filter(organisation__official_email__gt="").select_related("organisation")
    written = 0
    for commune in communes:
        mail = compose(
            "calls/invitation",
            kind="call.invitation",
            object_key=f"call:{call.slug}",
            recipient=commune.organisation.official_email,
            sender=sender,
            context={"call": call, "commune": commune, "window": window},
            action=Action("Lire l’appel et préparer notre candidature", f"/appels/{call.slug}/"),
            guarantee=OutboundEmail.Guarantee.AT_LEAST_ONCE,
        )
        written += enqueue_email(mail, at=at)
    return written
