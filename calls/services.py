"""Acts on a call: import, publication by two persons, invitation of the town halls."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.accounts.models import Organisation, User
from portal.core.mailing import Action, compose
from portal.core.models import OutboundEmail
from portal.core.outbox import enqueue_email
from portal.core.rules import Refused
from portal.core.workflow import fire

from . import states
from .definition.dump import dump
from .definition.load import load
from .definition.reading import canonical, read
from .documents import request_questions, request_rules
from .models import Call, CallRevision, CallRole
from .queries import communes_of_perimeter, sender_of

PUBLISH_ACT = "calls.publish"


@transaction.atomic
def import_call(text: str, *, owner: Organisation, by: User, at: datetime) -> Call:
    """The call of a YAML text, in preparation, in place of one of the same slug. Raises `BadDocument`, `Refused`."""
    document = read(text)
    if document.owner.siren != owner.siren:
        raise Refused(f"Cet appel est celui d’un autre organisme (SIREN {document.owner.siren}).")
    existing = Call.objects.select_for_update().filter(slug=document.slug).first()
    if existing and existing.owner_id != owner.pk:
        raise Refused("Un autre organisme a déjà un appel à cette adresse : changez « slug ».")
    if existing and existing.state != states.DRAFT:
        raise Refused("Cet appel est publié : il ne se remplace plus. Importez-le sous un autre « slug ».")
    call = load(document, owner=owner, at=at, call=existing)
    CallRole.objects.get_or_create(
        user=by, call=call, role=CallRole.Role.MANAGER, defaults={"starts_at": at, "given_by": None}
    )
    return call


def export_call(call: Call) -> str:
    """The canonical YAML text of the call."""
    return canonical(dump(call))


@transaction.atomic
def publish_call(*, call: Call, asked_by: User, by: User, at: datetime) -> CallRevision:
    """Publish: the first revision freezes the document. `by` confirms what `asked_by` asked; two persons."""
    if asked_by == by:
        raise Refused("La personne qui demande la publication ne peut pas la confirmer elle-même.")
    fire(call, states.PUBLISH, by=by, at=at, reason=f"demandée par {asked_by}", stamps={"published_at": at})
    revision = new_revision(call, by=by, at=at, note="Publication")
    request_rules(call, revision, at)
    request_questions(call, at)
    return revision


def new_revision(call: Call, *, by: User, at: datetime, note: str) -> CallRevision:
    """Freeze the present document as the next revision."""
    text = export_call(call)
    last = call.revisions.order_by("-n").first()
    return CallRevision.objects.create(
        call=call,
        n=last.n + 1 if last else 1,
        document=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        made_at=at,
        made_by=by,
        note=note,
    )


def publication_arguments(call: Call) -> dict[str, str]:
    """What the second person confirms: this call, as it is written now."""
    return {"slug": call.slug, "sha256": hashlib.sha256(export_call(call).encode()).hexdigest()}


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
