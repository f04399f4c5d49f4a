"""A fresh code by mail before a grave act."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from portal.core.outbox import enqueue_email
from portal.core.rules import Refused
from portal.core.tokens import hashed

from .. import emails
from ..models import StepUp, User

VALIDITY = timedelta(minutes=15)
MAX_ATTEMPTS = 5
MAX_PER_HOUR = 6


@transaction.atomic
def send_step_up_code(*, user: User, at: datetime) -> StepUp:
    """Mail six digits; earlier codes stop being valid. At most six an hour."""
    recent = StepUp.objects.filter(user=user, created_at__gt=at - timedelta(hours=1))
    if recent.count() >= MAX_PER_HOUR:
        raise Refused("Trop de codes ont été demandés. Attendez une heure, puis recommencez.")
    recent.filter(used_at=None, expires_at__gt=at).update(expires_at=at)
    code = f"{secrets.randbelow(10**6):06d}"
    row = StepUp.objects.create(user=user, code_sha256=code_hash(user, code), created_at=at, expires_at=at + VALIDITY)
    enqueue_email(emails.step_up_code(row, code), at=at)
    return row


@transaction.atomic
def check_step_up_code(*, user: User, code: str, at: datetime) -> bool:
    """Whether this is the code last mailed; it serves once, and five wrong tries kill it."""
    row = StepUp.objects.select_for_update().filter(user=user, used_at=None, expires_at__gt=at).last()
    if row is None or row.attempts >= MAX_ATTEMPTS:
        return False
    row.attempts += 1
    right = secrets.compare_digest(row.code_sha256, code_hash(user, "".join(code.split())))
    row.used_at = at if right else None
    row.save(update_fields=["attempts", "used_at"])
    return right


def code_hash(user: User, code: str) -> str:
    """Hashed with the person's own identifier: the same digits differ from one person to another."""
    return hashed(f"{user.uuid}:{code}")
