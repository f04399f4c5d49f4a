"""The two-person act: one asks, another answers from a mail link on a phone. What is asked is frozen and hashed.

An app declares an act with `register_act(name, run)`; `run(approval, at=…)` does it with `approval.arguments`, in the
transaction of the answer. Nothing is done before.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from .mailing import Action, Sender, compose
from .models import Approval
from .outbox import enqueue_email
from .rules import YES, Answer, Refused, no, require
from .tokens import hashed, new_secret
from .typography import format_instant
from .ui import Action as AwaitedAction

VALIDITY = timedelta(days=7)
ACTS: dict[str, Callable[..., Any]] = {}


def register_act(act: str, run: Callable[..., Any]) -> None:
    """Declare what an approval of this kind does once given: `run(approval, at=…)`."""
    ACTS[act] = run


def fingerprint(act: str, object_key: str, arguments: dict[str, Any]) -> str:
    """SHA-256 of what is asked: the act, its object, its arguments."""
    text = json.dumps([act, object_key, arguments], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def ask(
    *,
    act: str,
    object_key: str,
    title: str,
    arguments: dict[str, Any],
    asked_by: Any,
    approver: Any,
    reason: str,
    at: datetime,
    sender: Sender | None = None,
) -> Approval:
    """Write the request and its mail. Asking again replaces one's own request, or one that has expired."""
    if act not in ACTS:
        raise LookupError(f"no act is registered under the name {act!r}")
    if asked_by == approver:
        raise Refused("Une autre personne que vous doit confirmer. Choisissez-la dans la liste.")
    approval = Approval.objects.select_for_update().filter(act=act, object_key=object_key, state="asked").first()
    if approval and approval.expires_at > at and approval.asked_by_id != asked_by.pk:
        raise Refused(f"Cette confirmation est déjà demandée à {approval.approver}.")
    secret = new_secret()
    approval = approval or Approval(act=act, object_key=object_key)
    approval.title, approval.arguments, approval.reason = title, arguments, reason
    approval.arguments_sha256, approval.token_sha256 = fingerprint(act, object_key, arguments), hashed(secret)
    approval.asked_by, approval.asked_at, approval.approver = asked_by, at, approver
    approval.expires_at = at + VALIDITY
    approval.save()
    enqueue_email(request_mail(approval, secret, sender), at=at)
    return approval


def request_mail(approval: Approval, secret: str, sender: Sender | None) -> Any:
    return compose(
        "approvals/asked",
        kind="approval-asked",
        object_key=f"approval:{approval.pk}",
        recipient=approval.approver.email,
        sender=sender or Sender(settings.PORTAL_NAME, approval.asked_by.email),
        context={"approval": approval, "expires": format_instant(approval.expires_at)},
        action=Action("Lire et répondre", reverse("approval_answer", args=[secret])),
        period=approval.token_sha256[:16],
    )


def approval_of_secret(secret: str) -> Approval | None:
    found = Approval.objects.select_related("asked_by", "approver")
    return found.filter(token_sha256=hashed(secret)).first()


def can_answer(approval: Approval, by: Any, at: datetime) -> Answer:
    """Only the person asked, another than the one who asks, before the request expires."""
    if approval.state != Approval.State.ASKED:
        return no(f"Cette demande a déjà reçu une réponse : {approval.get_state_display()}.")
    if approval.expires_at <= at:
        return no(f"Cette demande a expiré le {format_instant(approval.expires_at)}. Elle peut être faite de nouveau.")
    if by.pk == approval.asked_by_id:
        return no("La personne qui demande ne peut pas confirmer elle-même.")
    if by.pk != approval.approver_id or not by.is_active:
        return no("Cette demande est adressée à une autre personne.")
    return YES


@transaction.atomic
def answer(*, approval: Approval, by: Any, approved: bool, at: datetime, reason: str = "") -> Approval:
    """Confirm (the act is done, in this transaction) or decline with a reason. Raises `Refused`."""
    row = Approval.objects.select_for_update(of=("self",)).select_related("asked_by", "approver").get(pk=approval.pk)
    require(can_answer(row, by, at))
    if fingerprint(row.act, row.object_key, row.arguments) != row.arguments_sha256:
        raise Refused("Ce qui est demandé a changé depuis la demande. Rien n’est fait ; faites une nouvelle demande.")
    if not approved and not reason.strip():
        raise Refused("Dites pourquoi vous refusez : la personne qui demande lira votre motif.")
    row.state = Approval.State.APPROVED if approved else Approval.State.DECLINED
    row.approved_by, row.answered_at, row.answer_reason = by, at, reason.strip()
    row.save(update_fields=["state", "approved_by", "answered_at", "answer_reason"])
    if approved:
        ACTS[row.act](row, at=at)
    enqueue_email(answer_mail(row), at=at)
    return row


def answer_mail(approval: Approval) -> Any:
    return compose(
        "approvals/answered",
        kind="approval-answered",
        object_key=f"approval:{approval.pk}",
        recipient=approval.asked_by.email,
        sender=Sender(settings.PORTAL_NAME, approval.approver.email),
        context={"approval": approval, "approved": approval.state == Approval.State.APPROVED},
        period=approval.token_sha256[:16],
    )


def awaited_from(user: Any, at: datetime) -> Any:
    """Requests that this person can answer now, the nearest to expire first."""
    asked = Approval.objects.filter(approver=user, state=Approval.State.ASKED, expires_at__gt=at)
    return asked.select_related("asked_by", "approver").order_by("expires_at")


def actions_for(user: Any, at: datetime) -> list[AwaitedAction]:
    """Rows of *Mes actions*."""
    return [
        AwaitedAction(
            title=f"Répondre : {approval.title}",
            url=reverse("approval_awaited", args=[approval.pk]),
            verb="Lire et répondre",
            due=approval.expires_at,
            consequence=f"Demandé par {approval.asked_by}.",
            holds_up="La demande expire et doit être refaite.",
        )
        for approval in awaited_from(user, at)
    ]
