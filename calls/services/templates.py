"""National templates and their local instances: locks refused, departures written down, changes offered one by one."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from pydantic import ValidationError

from portal.accounts.models import User
from portal.core.rules import Refused

from .. import states
from ..definition.consistency import inconsistencies
from ..definition.diff import Change
from ..definition.dump import dump
from ..definition.inheritance import departures, locked_refusals, offered, patched
from ..definition.reading import read
from ..definition.schema import CallDocument
from ..models import Call, CallRevision, Override, TemplateAnswer

LOCAL = "Adaptation locale"
SEPARATE = (
    "Ces changements du modèle ne vont pas l’un sans l’autre : acceptez-les ensemble, ou corrigez l’appel par fichier."
)


def template_named(slug: str) -> Call | None:
    """A published call that is a template; the others are nobody's model."""
    found = Call.objects.exclude(state__in=states.PREPARATION).filter(slug=slug).first()
    return found if found and document_of(last_revision(found)).template else None


def last_revision(call: Call) -> CallRevision:
    revision: CallRevision = call.revisions.order_by("-n")[0]
    return revision


def document_of(revision: CallRevision) -> CallDocument:
    return read(revision.document)


def followed(document: CallDocument, call: Call | None) -> CallRevision | None:
    """The revision of the template that a document follows; None when the template is not published here."""
    if call and call.template_id:
        model = call.template.slug
        if document.inherits != model:
            raise Refused(f"Cet appel suit le modèle « {model} » : gardez « inherits: {model} ».")
        return call.template_revision
    if not document.inherits:
        return None
    template = template_named(document.inherits)
    return last_revision(template) if template else None


def check_instance(document: CallDocument, call: Call | None) -> None:
    """Refuse what the template locks, with a sentence that names the place. Raises `Refused`."""
    revision = followed(document, call)
    refused = locked_refusals(document_of(revision), document) if revision else []
    if refused:
        raise Refused(refused[0].sentence)


@transaction.atomic
def record_overrides(call: Call, document: CallDocument, *, reason: str, by: User | None, at: datetime) -> None:
    """Tie an instance to its template's revision and write down each departure; those that stay keep their reason."""
    revision = followed(document, call)
    if revision is None:
        return
    Call.objects.filter(pk=call.pk).update(template=revision.call, template_revision=revision)
    call.refresh_from_db(fields=["template", "template_revision"])
    paths = list(dict.fromkeys(change.path for change in departures(document_of(revision), document)))
    call.overrides.exclude(path__in=paths).delete()
    known = set(call.overrides.values_list("path", flat=True))
    Override.objects.bulk_create(
        Override(call=call, path=path, reason=reason.strip()[:300] or LOCAL, made_by=by, made_at=at)
        for path in paths
        if path not in known
    )


def changes_offered(call: Call) -> list[Change]:
    """What the present template brings to an instance, since the revision that it follows."""
    if not call.template_id:
        return []
    last = last_revision(call.template)
    if last.pk == call.template_revision_id:
        return []
    return offered(document_of(call.template_revision), document_of(last), dump(call))


def with_template_changes(call: Call, accepted: Collection[str]) -> CallDocument:
    """The instance with the changes accepted, by path. Raises `Refused` when together they make no call."""
    chosen = [change for change in changes_offered(call) if change.path in accepted]
    try:
        document = patched(dump(call), chosen)
    except ValidationError as error:
        raise Refused(SEPARATE) from error
    if inconsistencies(document):
        raise Refused(SEPARATE)
    return document


def settle_offer(call: Call, changes: Sequence[Change], accepted: Collection[str], *, by: User, at: datetime) -> None:
    """Log each answer and follow the present revision of the template from now on."""
    last = last_revision(call.template)
    TemplateAnswer.objects.bulk_create(
        TemplateAnswer(
            call=call,
            revision=last,
            path=change.path,
            accepted=change.path in accepted,
            answered_by=by,
            answered_at=at,
        )
        for change in changes
    )
    Call.objects.filter(pk=call.pk).update(template_revision=last)
    call.refresh_from_db(fields=["template_revision"])
