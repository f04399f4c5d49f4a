"""One file per organisation and call: the one that is held, and whether its draft may be deleted to leave room."""

from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet

from calls.models import Call
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.queries import WRITING_RIGHTS, may_edit
from portal.core.rules import YES, Answer, first_refusal, no
from portal.core.typography import format_instant, typeset

from .. import states
from ..models import Application, ApplicationMember
from ..queries.files import file_held, own_applications
from ..words import yours

# How long a deleted draft may be taken back (handbook B4).
RECOVERABLE = timedelta(days=14)


def no_file_yet(organisation: Organisation, call: Call, user: User | None = None) -> Answer:
    """No file of this call is held; to a person who may read the one that is, it is named, with what may be done."""
    held = file_held(organisation, call)
    if held is None:
        return YES
    reads = user is not None and own_applications(user).filter(pk=held.pk).exists()
    return no(typeset(f"{yours(organisation)} a déjà une candidature à cet appel{named(held, organisation, reads)}."))


def named(held: Application, organisation: Organisation, reads: bool) -> str:
    """The end of the sentence: which file, and how to join another one."""
    if not reads:
        return ""
    title = f"« {held.title} »" if held.title else "sans intitulé"
    if held.lead_id != organisation.pk:
        return f" : {title}, portée par {held.lead}. Pour en rejoindre une autre, retirez-vous d’abord de celle-ci"
    if held.state == states.DRAFT:
        return f" : le brouillon {title}. Pour en rejoindre une autre, supprimez d’abord ce brouillon"
    return f" : {title}, numéro {held.number}. Déposée, elle ne se supprime pas"


def can_abandon(user: User, application: Application) -> Answer:
    """Delete a draft: who writes for the organisation that leads it; nothing deposited, nor what follows a deposit."""
    writes = may_edit(user, application.lead)
    never_deposited = application.state == states.DRAFT
    return first_refusal(
        YES if writes else no("Seules les personnes qui écrivent pour l’organisme porteur suppriment son brouillon."),
        YES if never_deposited else no("Seul un brouillon se supprime ; une candidature déposée, elle, se retire."),
        no("Ce dossier suit une lettre d’intention retenue : il ne se supprime pas.")
        if application.previous_id
        else YES,
    )


def abandoned_files() -> QuerySet[Application]:
    """Deleted drafts, with `abandoned_at`: when the last deletion was written."""
    latest = Max("transitions__happened_at", filter=Q(transitions__transition=states.ABANDON.name))
    return Application.objects.filter(state=states.ABANDONED, erasure=None).annotate(abandoned_at=latest)


def recoverable_drafts(user: User, at: datetime) -> QuerySet[Application]:
    """The drafts deleted a short while ago of the organisations that a person writes for, the latest first."""
    if not user.is_authenticated:
        return Application.objects.none()
    live = (Membership.State.PENDING, Membership.State.CONFIRMED)
    mine = user.memberships.filter(state__in=live, right__in=WRITING_RIGHTS).values("organisation")
    kept = abandoned_files().filter(abandoned_at__gt=at - RECOVERABLE, lead__in=mine)
    return kept.select_related("call__owner__profile", "lead", "window").order_by("-abandoned_at", "pk")


def can_restore(user: User, application: Application, at: datetime) -> Answer:
    """Take a deleted draft back: who writes for the organisation that leads it, in time, if it has begun no other."""
    found = abandoned_files().filter(pk=application.pk).first()
    writes = may_edit(user, application.lead)
    return first_refusal(
        YES if writes else no("Seules les personnes qui écrivent pour l’organisme porteur récupèrent son brouillon."),
        YES if found else no("Ce brouillon n’est pas supprimé."),
        in_time_to_restore(found, at) if found else YES,
        no_file_yet(application.lead, application.call, user),
    )


def in_time_to_restore(application: Application, at: datetime) -> Answer:
    until = application.abandoned_at + RECOVERABLE  # type: ignore[attr-defined]  # see abandoned_files
    return YES if at < until else no(f"Ce brouillon se récupérait jusqu’au {format_instant(until)}.")


def leads_of(application: Application) -> QuerySet[ApplicationMember]:
    """The rows of the organisation that leads a file, left ones included."""
    return application.members.filter(role=ApplicationMember.Role.LEAD)
