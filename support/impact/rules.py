"""Who may write, agree to, publish or withdraw a publication."""

from collections.abc import Sequence
from datetime import datetime

from calls.queries import roles_over
from portal.accounts.models import User
from portal.core.rules import YES, Answer, first_refusal, no
from support.plan.rules import can_follow

from . import states
from .completeness import Missing
from .models import Publication
from .queries import of_communes, owners_for

BEING_WRITTEN = frozenset({states.DRAFTING, states.COMMUNE, states.OWNER})


def on_team(user: User, publication: Publication, at: datetime) -> bool:
    """The team that accompanies the project, or the managers of the organiser when there is no project."""
    if publication.plan is None:
        return owners_for(user, at).filter(pk=publication.owner_id).exists()
    return bool(can_follow(user, publication.plan, at))


def manages(user: User, publication: Publication, at: datetime) -> bool:
    if publication.plan is None:
        return on_team(user, publication, at)
    application = publication.plan.application
    return "manager" in roles_over(user, application.call, at, application.lead.commune_id)


def of_commune(user: User, publication: Publication) -> bool:
    return of_communes(user).filter(pk=publication.pk).exists()


def can_write(user: User, publication: Publication, at: datetime) -> Answer:
    """The team until publication; the commune until it has given its agreement."""
    if publication.state not in BEING_WRITTEN:
        return no("Ce texte est publié : reprenez la rédaction pour le changer, la version publique reste en ligne.")
    if on_team(user, publication, at):
        return YES
    if publication.state == states.OWNER:
        return no("La commune a donné son accord : seul l’organisateur peut encore écrire.")
    return YES if of_commune(user, publication) else no("Seules la commune et l’équipe qui l’accompagne écrivent ici.")


def is_ready(missing: Sequence[Missing]) -> Answer:
    return YES if not missing else no(f"Il reste à écrire : {missing[0].sentence}")


def can_submit(user: User, publication: Publication, missing: Sequence[Missing], at: datetime) -> Answer:
    """Ask the commune for its agreement."""
    if publication.plan is None:
        return no("Ce texte ne parle d’aucune commune : publiez-le directement.")
    team = YES if on_team(user, publication, at) else no("L’équipe qui accompagne la commune demande son accord.")
    return first_refusal(team, is_ready(missing))


def can_agree(user: User, publication: Publication) -> Answer:
    return YES if of_commune(user, publication) else no("Seule la commune donne son accord.")


def can_return(user: User, publication: Publication, at: datetime) -> Answer:
    if manages(user, publication, at) or (publication.state == states.COMMUNE and of_commune(user, publication)):
        return YES
    return no("La commune ou la gestion de l’appel renvoie un texte en rédaction.")


def can_publish(user: User, publication: Publication, missing: Sequence[Missing], at: datetime) -> Answer:
    manager = YES if manages(user, publication, at) else no("La gestion de l’appel publie.")
    return first_refusal(manager, is_ready(missing))


def can_revise(user: User, publication: Publication, at: datetime) -> Answer:
    return YES if on_team(user, publication, at) else no("L’équipe de l’organisateur reprend un texte publié.")


def can_withdraw(user: User, publication: Publication, at: datetime) -> Answer:
    """A text may leave the public site whatever is being written of its next version."""
    if publication.current_id is None:
        return no("Ce texte n’est pas public.")
    return YES if manages(user, publication, at) else no("La gestion de l’appel retire un texte du site public.")
