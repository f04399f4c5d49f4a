"""One file per organisation and call: the one that is held, and whether its draft may be deleted to leave room."""

from calls.models import Call
from portal.accounts.models import Organisation, User
from portal.accounts.queries import may_edit
from portal.core.rules import YES, Answer, first_refusal, no
from portal.core.typography import typeset

from . import states
from .models import Application
from .queries import file_held, own_applications
from .words import yours


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
