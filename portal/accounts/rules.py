"""Who may join, confirm, invite; each refusal with its reason.

Registries, filled by upper apps: `CLAIM_JUDGES` (functions user → claims that this person may settle, as staff
of a call) and `STAFF_CHECKS` (functions user → whether this person is staff: second factor, staff pages).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from portal.core.rules import YES, Answer, no
from portal.core.typography import format_date, format_instant, format_time, masked

from .models import Claim, ClaimLink, Invitation, Membership, Organisation, User
from .queries import claims_of_colleagues, last_link, open_claims, people_in_charge

LINK_EVERY = timedelta(hours=1)

CLAIM_JUDGES: list[Callable[[User], QuerySet[Claim]]] = []
STAFF_CHECKS: list[Callable[[User], bool]] = []
ENTRIES_SEEN: list[Callable[[User], QuerySet[Invitation]]] = []
"""Upper apps add the accepted invitations of another organisation that this person is shown, as staff of a call."""


def is_staff(user: User) -> bool:
    """Administrator of the platform, or staff of a call."""
    return user.is_platform_admin or any(check(user) for check in STAFF_CHECKS)


def claims_judged_by(user: User) -> QuerySet[Claim]:
    """Open claims that this person may settle as staff; never their own."""
    judged = [judge(user).values("pk") for judge in CLAIM_JUDGES]
    claims = open_claims().none()
    for keys in judged:
        claims = claims | open_claims().filter(pk__in=keys)
    judged_by_user = open_claims() if user.is_platform_admin else claims
    return judged_by_user.exclude(membership__user=user).exclude(asked_by=user)


def entries_seen_by(user: User) -> QuerySet[Invitation]:
    """Who entered an organisation on the word of another one, the latest first."""
    keys = [entries(user).values("pk") for entries in ENTRIES_SEEN]
    found = Q(pk__in=[])
    for key in keys:
        found |= Q(pk__in=key)
    rows = Invitation.objects.filter(found, accepted_at__isnull=False)
    return rows.select_related("organisation", "invited_by", "accepted_by").order_by("-accepted_at", "pk")


def can_settle(user: User, claim: Claim) -> Answer:
    """A person in charge of the commune (for a signature: who signs), or staff of a call whose perimeter holds it;
    never the claimant, nor whoever named them."""
    if claim.state != Claim.State.OPEN:
        return no("Cette demande a déjà reçu une réponse.")
    if claim.membership.user_id == user.pk:
        return no("Une autre personne que vous doit confirmer votre rattachement.")
    if claim.asked_by_id == user.pk:
        return no("Vous avez désigné cette personne : une autre que vous doit confirmer qu’elle signe.")
    if claims_of_colleagues(user).filter(pk=claim.pk).exists() or claims_judged_by(user).filter(pk=claim.pk).exists():
        return YES
    return no("Seule une personne en charge de la commune, ou l’équipe d’un appel, peut répondre à cette demande.")


def rights_offered_by(user: User, organisation: Organisation) -> list[str]:
    """The rights that this person may give in this organisation, weakest first.

    In charge: all of them. A confirmed editor may call a colleague or the signatory, never a manager.
    """
    right = confirmed_right(user, organisation)
    choices = Membership.Right
    if right == choices.MANAGER or (user.is_platform_admin and hasattr(organisation, "profile")):
        return [choices.READER, choices.EDITOR, choices.SIGNATORY, choices.MANAGER]
    if right == choices.SIGNATORY:
        return [choices.READER, choices.EDITOR, choices.SIGNATORY, choices.MANAGER]
    if right == choices.EDITOR:
        return [choices.READER, choices.EDITOR, choices.SIGNATORY]
    return []


def can_invite(user: User, organisation: Organisation, right: str) -> Answer:
    offered = rights_offered_by(user, organisation)
    if not offered:
        return no("Seule une personne confirmée dans cet organisme peut y inviter quelqu’un.")
    return YES if right in offered else no("Ce droit ne peut être donné que par une personne en charge de l’organisme.")


def names_signatories(user: User, organisation: Organisation) -> bool:
    """Whose word alone is enough to say who signs: someone who signs already; in an institution, who manages it."""
    right = confirmed_right(user, organisation)
    if hasattr(organisation, "profile"):
        return user.is_platform_admin or right in (Membership.Right.SIGNATORY, Membership.Right.MANAGER)
    return right == Membership.Right.SIGNATORY


def link_words(claim: Claim) -> str:
    """When the link to answer left, to which address, and until when it is good."""
    link, official = last_link(claim), claim.membership.organisation.official_email
    if link is None:
        return "Aucun lien n’est encore parti à l’adresse officielle de la mairie."
    return (
        f"Le lien pour répondre est parti le {format_date(link.sent_at)} à son adresse officielle, {masked(official)}. "
        f"Il vaut jusqu’au {format_instant(link.expires_at)}."
    )


def link_answers(link: ClaimLink, at: datetime) -> Answer:
    """A link answers until its end."""
    if link.expires_at > at:
        return YES
    return no(f"Ce lien a expiré le {format_instant(link.expires_at)}. Demandez-en un autre, puis répondez.")


def link_is_due(claim: Claim, at: datetime) -> Answer:
    """A link may leave for the official address: one is known, and the last one left an hour ago at least."""
    if claim.state != Claim.State.OPEN:
        return no("Cette demande a déjà reçu une réponse.")
    if not claim.membership.organisation.official_email:
        return no("Le portail ne connaît pas l’adresse officielle de la mairie : l’équipe d’un appel peut confirmer.")
    last = last_link(claim)
    if last and at < last.sent_at + LINK_EVERY:
        return no(f"Le lien vient de partir. Il pourra être renvoyé à {format_time(last.sent_at + LINK_EVERY)}.")
    return YES


def can_send_link(user: User, claim: Claim, at: datetime) -> Answer:
    """Send the link again: the claimant, whoever named them, or staff who may answer."""
    concerned = user.pk in (claim.membership.user_id, claim.asked_by_id)
    if concerned or claims_judged_by(user).filter(pk=claim.pk).exists():
        return link_is_due(claim, at)
    return no("Seules la personne concernée et l’équipe d’un appel peuvent renvoyer ce lien.")


def awaited_words(claim: Claim) -> str:
    """What is awaited before a person may sign, from whom, and what to do when the town hall cannot be written to."""
    official = claim.membership.organisation.official_email
    if official:
        who = f"La mairie doit confirmer que {claim.membership.user} signe pour la commune."
        return f"{who} {link_words(claim)}"
    return (
        f"Il reste à confirmer que {claim.membership.user} signe pour la commune. Le portail ne connaît pas l’adresse "
        "officielle de la mairie : appelez le contact de l’appel, son équipe peut confirmer."
    )


@dataclass(frozen=True)
class Charge:
    """Who is in charge of an organisation, read once for a whole page."""

    people: frozenset[int]
    is_institution: bool


def charge_of(organisation: Organisation) -> Charge:
    people = people_in_charge(organisation).values_list("pk", flat=True)
    return Charge(frozenset(people), hasattr(organisation, "profile"))


def can_end(user: User, membership: Membership, charge: Charge) -> Answer:
    """One may leave; a person in charge may end another's access; someone must stay in charge of an institution."""
    if membership.user_id != user.pk and user.pk not in charge.people:
        return no("Seule une personne en charge de l’organisme peut retirer un accès.")
    if charge.is_institution and charge.people == {membership.user_id}:
        return no("Nommez d’abord une autre personne en charge : l’organisme ne peut pas rester sans responsable.")
    return YES


def can_create_institution(user: User) -> Answer:
    if user.is_platform_admin:
        return YES
    return no("Seule l’administration de la plateforme peut créer une institution.")


def can_keep_organisations(user: User) -> Answer:
    """Names, numbers, takeovers: the administration of the platform, no one else."""
    if user.is_authenticated and user.is_platform_admin:
        return YES
    return no("Seule l’administration de la plateforme peut tenir la liste des organismes.")


def can_take_over(predecessors: Sequence[Organisation], successor: Organisation) -> Answer:
    """Whether these organisations may give way to this one: all alive, none of them an organiser of calls."""
    if not predecessors:
        return no("Choisissez au moins un organisme à reprendre.")
    if successor.pk in {row.pk for row in predecessors}:
        return no("Un organisme ne peut pas se reprendre lui-même.")
    for row in [*predecessors, successor]:
        if row.merged_into_id:
            return no(f"«\u00a0{row}\u00a0» a déjà été repris par «\u00a0{row.merged_into}\u00a0».")
    organisers = [row for row in predecessors if hasattr(row, "profile")]
    if organisers:
        return no(f"«\u00a0{organisers[0]}\u00a0» organise des appels\u00a0: une institution ne se reprend pas ainsi.")
    return YES


def confirmed_right(user: User, organisation: Organisation) -> str | None:
    """The right of a person in an organisation once confirmed."""
    confirmed = organisation.memberships.filter(user=user, state=Membership.State.CONFIRMED)
    return confirmed.values_list("right", flat=True).first()
