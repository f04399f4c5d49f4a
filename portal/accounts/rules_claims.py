"""What helps to settle a claim: what is verified of it, who else claims the same commune, who would be replaced."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from portal.core.rules import Answer
from portal.core.typography import typeset

from .models import Claim, Membership, Organisation
from .queries import open_claims
from .rules import link_is_due, link_words

# Anyone may open a mailbox there: such an address proves nothing of where its holder works.
MOST = 12
OPEN_DOMAINS = """
aol.com bbox.fr free.fr gmail.com gmx.fr hotmail.com hotmail.fr icloud.com laposte.net live.fr neuf.fr orange.fr
outlook.com outlook.fr proton.me sfr.fr wanadoo.fr yahoo.com yahoo.fr
"""
OPEN_TO_ALL = frozenset(OPEN_DOMAINS.split())


@dataclass(frozen=True)
class Evidence:
    """One thing that is true of a claim; `proved`: it speaks for the claimant."""

    proved: bool
    sentence: str


@dataclass(frozen=True)
class Case:
    """A claim with all that whoever settles it looks at. `replaceable`: whose access may end with a yes."""

    claim: Claim
    words: str
    again: Answer
    evidence: tuple[Evidence, ...]
    rivals: tuple[Claim, ...]
    members: tuple[Membership, ...]

    @property
    def replaceable(self) -> tuple[Membership, ...]:
        mine = self.claim.membership.user_id
        return tuple(m for m in self.members if m.user_id != mine) if self.claim.replaces else ()


def cases_of(claims: Sequence[Claim], at: datetime) -> list[Case]:
    """In two queries, whatever their number; their links are read already (`prefetch_related("links")`)."""
    places = {claim.membership.organisation_id for claim in claims}
    members: dict[int, list[Membership]] = defaultdict(list)
    held = Membership.objects.filter(organisation__in=places, state=Membership.State.CONFIRMED)
    for row in first_of_each(held, "organisation", "user__full_name", "user__email").select_related("user"):
        members[row.organisation_id].append(row)
    waiting: dict[int, list[Claim]] = defaultdict(list)
    claimed = open_claims().filter(membership__organisation__in=places)
    for claim in first_of_each(claimed, "membership__organisation", "created_at", "pk"):
        waiting[claim.membership.organisation_id].append(claim)
    return [case_of(claim, members[key], waiting[key], at) for claim in claims if (key := place_of(claim))]


def first_of_each(rows: QuerySet, place: str, *order: str) -> QuerySet:
    """A few rows of each organisation: a page says enough, whatever their number."""
    rank = Window(RowNumber(), partition_by=place, order_by=[F(name).asc() for name in order])
    return rows.annotate(rank=rank).filter(rank__lte=MOST).order_by(*order)


def place_of(claim: Claim) -> int:
    return claim.membership.organisation_id


def case_of(claim: Claim, members: Collection[Membership], waiting: Collection[Claim], at: datetime) -> Case:
    rivals = tuple(other for other in waiting if other.membership.user_id != claim.membership.user_id)
    words, again = link_words(claim), link_is_due(claim, at)
    return Case(claim, words, again, evidence_of(claim, members), rivals, tuple(members))


def evidence_of(claim: Claim, members: Collection[Membership]) -> tuple[Evidence, ...]:
    """The number of the organisation, then the address of the person."""
    organisation, person = claim.membership.organisation, claim.membership.user
    known = {organisation.official_email, *(member.user.email for member in members if member.user_id != person.pk)}
    return number_of(organisation), address_of(person.email, {domain_of(email) for email in known if email})


def number_of(organisation: Organisation) -> Evidence:
    commune = organisation.commune
    if commune and organisation.siren and organisation.siren == commune.siren:
        return Evidence(True, f"SIREN {organisation.siren}, celui de la commune au code officiel géographique.")
    if commune and organisation.siren:
        return Evidence(False, f"SIREN {organisation.siren}, différent de celui de la commune au code officiel.")
    return Evidence(bool(organisation.siren), f"SIREN {organisation.siren or 'inconnu'}.")


def address_of(email: str, known: Collection[str]) -> Evidence:
    """A professional domain is one that the organisation already uses here, and that is not open to everybody."""
    domain = domain_of(email)
    if domain in OPEN_TO_ALL:
        return Evidence(False, typeset(f"Adresse en « {domain} », ouverte à tout le monde : elle ne prouve rien."))
    if domain in known:
        return Evidence(True, typeset(f"Adresse en « {domain} », un domaine que la mairie utilise déjà ici."))
    return Evidence(False, typeset(f"Adresse en « {domain} », un domaine que la mairie n’utilise pas encore ici."))


def domain_of(email: str) -> str:
    return email.rpartition("@")[2].lower()
