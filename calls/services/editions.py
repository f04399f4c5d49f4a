"""A new call from an existing document: another edition, a catalogue file, a local instance of a national template."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.db import transaction

from portal.accounts.models import Organisation, User
from portal.core.calendar import shift_days
from portal.core.rules import Refused

from ..definition.identity import Owner, Perimeter
from ..definition.inheritance import instance_of
from ..definition.reading import canonical, read_file
from ..definition.schema import CallDocument
from ..definition.shifting import new_edition
from ..models import Call
from .publication import import_call
from .templates import document_of, last_revision, template_named

CATALOGUE = Path(__file__).parents[1] / "catalogue"
YEAR = timedelta(weeks=52)


@dataclass(frozen=True)
class Proposal:
    """What the form proposes for the next edition; all of it may be changed."""

    slug: str
    prefix: str
    edition: str
    closes_at: datetime


# --- where one may start from ------------------------------------------------------------------------------------


@cache
def catalogue() -> dict[str, CallDocument]:
    """The calls that the portal brings, by the name of their file."""
    return {path.stem: read_file(path.read_bytes()) for path in sorted(CATALOGUE.glob("*.yaml"))}


def adopted(document: CallDocument, owner: Organisation) -> CallDocument:
    """A document of somebody else made one's own: who calls, whom to call, where. The texts are left to be read."""
    if document.owner.siren == owner.siren:
        return document
    changes = {
        "owner": owner_part(owner),
        "contact": document.contact.model_copy(update=contact_columns(owner)),
        "data_notice": document.data_notice.model_copy(update={"dpo_mail": owner.profile.dpo_email}),
    }
    if owner.intercommunality_id:
        label = f"l’une des communes de {owner.name}"
        changes["perimeter"] = Perimeter(kind="intercommunality", codes=(owner.siren,), label=label)
    return document.model_copy(update=changes)


def owner_part(owner: Organisation) -> Owner:
    return Owner(siren=owner.siren, name=owner.name)


def contact_columns(owner: Organisation) -> dict[str, str | None]:
    profile = owner.profile
    return {
        "service": profile.contact_service,
        "phone": profile.contact_phone,
        "hours": profile.contact_hours,
        "mail": profile.contact_email,
        "address": profile.address_line or None,
    }


# --- what is proposed --------------------------------------------------------------------------------------------


def proposal_for(document: CallDocument) -> Proposal:
    """A year later, to the week; the edition in figures grows by one, and with it the address."""
    edition = str(int(document.edition) + 1) if document.edition.isdigit() else document.edition
    base = document.slug.replace(document.edition, edition) if document.edition in document.slug else document.slug
    return Proposal(
        slug=free_slug(base),
        prefix=document.code_prefix,
        edition=edition,
        closes_at=shift_days(document.closes_at, YEAR.days),
    )


def free_slug(base: str) -> str:
    """The address itself, or the first numbered one that no call has."""
    taken = set(Call.objects.filter(slug__startswith=base[:70]).values_list("slug", flat=True))
    candidates = (base, *(f"{base[:76]}-{n}" for n in range(2, 1000)))
    return next(slug for slug in candidates if slug not in taken)


# --- acts --------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_edition(
    *,
    document: CallDocument,
    owner: Organisation,
    closes_at: datetime,
    slug: str,
    prefix: str,
    edition: str,
    by: User,
    at: datetime,
) -> Call:
    """A call in preparation from this document, its dates moved by whole weeks. Raises `Refused`."""
    refuse_taken(slug, prefix, edition)
    mine = adopted(document, owner)
    moved = new_edition(mine, closes_at=closes_at, slug=slug, prefix=prefix, edition=edition)
    return import_call(canonical(moved), owner=owner, by=by, at=at)


@transaction.atomic
def open_instance(
    *,
    template: str,
    owner: Organisation,
    closes_at: datetime,
    slug: str,
    prefix: str,
    edition: str,
    by: User,
    at: datetime,
) -> Call:
    """A local instance: a full copy of the template's last revision, tied to it. Raises `Refused`."""
    refuse_taken(slug, prefix, edition)
    source = template_named(template)
    if source is None:
        raise Refused("Ce modèle n’est plus proposé.")
    document = instance_of(
        document_of(last_revision(source)),
        owner=owner_part(owner),
        slug=slug,
        prefix=prefix,
        edition=edition,
        closes_at=closes_at,
    )
    return import_call(canonical(document), owner=owner, by=by, at=at, reason="Calendrier local")


def refuse_taken(slug: str, prefix: str, edition: str) -> None:
    """A new call never replaces another one. Raises `Refused`."""
    if Call.objects.filter(slug=slug).exists():
        raise Refused("Un appel a déjà cette adresse : choisissez-en une autre.")
    if Call.objects.filter(code_prefix=prefix, edition=edition).exists():
        raise Refused("Un autre appel numérote déjà ses candidatures ainsi : changez le préfixe ou l’édition.")
