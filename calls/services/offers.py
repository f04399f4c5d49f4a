"""What an instance answers to the changes of its national template."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from portal.accounts.models import User
from portal.core.rules import Refused

from .. import states
from ..definition.diff import diff
from ..definition.dump import dump
from ..definition.freeze import refusals
from ..models import Call
from .correction import publish_changes
from .life import locked
from .publication import write_document
from .templates import changes_offered, record_overrides, settle_offer, with_template_changes


@transaction.atomic
def answer_offer(*, call: Call, accepted: Collection[str], by: User, at: datetime) -> None:
    """Take the changes accepted, decline the others, and follow the present template from now on. Raises `Refused`."""
    current = locked(call)
    offer = changes_offered(current)
    before, document = dump(current), with_template_changes(current, accepted)
    changes = diff(before, document)
    if current.state in states.PREPARATION:
        write_document(document, owner=current.owner, call=current, by=by, at=at)
    elif current.state in states.LIVE and changes:
        refused = refusals(changes, closed=before.closes_at < at)
        if refused:
            raise Refused(refused[0].sentence)
        publish_changes(
            current, document, [c.sentence for c in changes], reason="Correction du modèle national", by=by, at=at
        )
    settle_offer(current, offer, accepted, by=by, at=at)
    record_overrides(current, document, reason="Changement du modèle décliné", by=by, at=at)
