"""Acts on publications: begin, write, have the commune agree, publish, revise, withdraw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import F, Value
from django.utils.text import slugify

from portal.accounts.models import Organisation, User
from portal.core.outbox import enqueue_email
from portal.core.rules import Refused, require
from portal.core.workflow import fire
from portal.territories.queries import latest_population
from support.plan.models import SupportPlan
from support.plan.rules import can_follow

from . import emails, rules, states, words
from .completeness import Missing, missing_in
from .drafting import first_texts
from .models import Publication, PublicationSection, PublicationVersion
from .queries import FRENCH, identity_of, known_of, texts_of


@dataclass(frozen=True)
class Written:
    """What the form of a publication says. `cost`: euros excluding VAT; `texts`: by code of section."""

    title: str
    lead: str
    themes: Sequence[str]
    cost: Decimal | None
    texts: Mapping[str, str]


@transaction.atomic
def begin_report(*, plan: SupportPlan, by: User, at: datetime) -> Publication:
    """The experience report of a project, begun with what the portal knows; the same one when it exists already."""
    require(can_follow(by, plan, at))
    SupportPlan.objects.select_for_update().get(pk=plan.pk)
    if known := plan.publications.filter(kind=words.REPORT).first():
        return known
    application = plan.application
    publication = create(
        words.REPORT,
        application.call.owner,
        application.title,
        plan=plan,
        themes=list(application.call.themes),
        by=by,
        at=at,
    )
    PublicationSection.objects.bulk_create(
        PublicationSection(publication=publication, code=code, text=text)
        for code, text in first_texts(known_of(plan, at)).items()
    )
    return publication


@transaction.atomic
def begin_own(*, kind: str, owner: Organisation, title: str, by: User, at: datetime) -> Publication:
    """A testimony, a tool or a piece of news of an organiser."""
    return create(kind, owner, title, plan=None, by=by, at=at)


def create(
    kind: str,
    owner: Organisation,
    title: str,
    *,
    plan: SupportPlan | None,
    themes: Sequence[str] = (),
    by: User,
    at: datetime,
) -> Publication:
    """Its address is that of its first title, with a number when another text has it."""
    base = slugify(f"{title} {place_of(plan)}")[:100].strip("-") or "publication"
    taken = set(Publication.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug = next(name for n in range(1, len(taken) + 2) if (name := base if n == 1 else f"{base}-{n}") not in taken)
    return Publication.objects.create(
        kind=kind,
        owner=owner,
        title=title[:150],
        plan=plan,
        themes=list(themes),
        slug=slug,
        created_by=by,
        created_at=at,
    )


def place_of(plan: SupportPlan | None) -> str:
    """The name of the commune, or of the body that leads the project; nothing without project."""
    if plan is None:
        return ""
    lead = plan.application.lead
    return lead.commune.name if lead.commune else lead.name


@transaction.atomic
def save(*, publication: Publication, version: int, written: Written, by: User, at: datetime) -> None:
    """Keep what was typed. Raises `Refused` when someone has saved since this page was read."""
    publication = locked(publication)
    require(rules.can_write(by, publication, at))
    if publication.version != version:
        raise Refused("Quelqu’un a enregistré ce texte entre-temps. Copiez le vôtre, puis rouvrez la page.")
    Publication.objects.filter(pk=publication.pk).update(
        title=written.title, lead=written.lead, themes=list(written.themes), cost=written.cost, version=F("version") + 1
    )
    for section in words.SECTIONS[publication.kind]:
        values = {"text": written.texts.get(section.code, "")}
        PublicationSection.objects.update_or_create(publication=publication, code=section.code, defaults=values)


def locked(publication: Publication) -> Publication:
    """What is written now, which nobody changes before the act ends."""
    rows = Publication.objects.select_for_update(of=("self",))
    return rows.select_related("owner", "plan__application__lead", "plan__application__call").get(pk=publication.pk)


def missing_of(publication: Publication) -> list[Missing]:
    """What it lacks before it can be shown."""
    return missing_in(
        publication.kind,
        title=publication.title,
        lead=publication.lead,
        texts=texts_of(publication),
        contacts=[(contact.name, contact.agreed_on is not None) for contact in publication.contacts.all()],
    )


# --- the way to the public page ----------------------------------------------------------------------------------


@transaction.atomic
def submit(*, publication: Publication, by: User, at: datetime) -> None:
    """Ask the commune to read it again and to agree. Raises `Refused`."""
    publication = locked(publication)
    require(rules.can_submit(by, publication, missing_of(publication), at))
    log = fire(publication, states.SUBMIT, by=by, at=at)
    tell(emails.to_commune(publication, "publication_submitted", log), at)


@transaction.atomic
def agree(*, publication: Publication, by: User, at: datetime) -> None:
    """The commune agrees to what it has read. Raises `Refused`."""
    publication = locked(publication)
    require(rules.can_agree(by, publication))
    log = fire(publication, states.AGREE, by=by, at=at, on_behalf_of=publication.plan.application.lead)
    tell(emails.to_team(publication, "publication_agreed", log, at), at)


@transaction.atomic
def send_back(*, publication: Publication, reason: str, by: User, at: datetime) -> None:
    """What is to be changed, told to the team that writes. Raises `Refused`."""
    publication = locked(publication)
    require(rules.can_return(by, publication, at))
    log = fire(publication, states.RETURN, by=by, at=at, reason=reason)
    tell(emails.to_team(publication, "publication_returned", log, at), at)


@transaction.atomic
def publish(*, publication: Publication, by: User, at: datetime) -> PublicationVersion:
    """Freeze what is written as a version and show it to everyone. Raises `Refused`."""
    publication = locked(publication)
    require(rules.can_publish(by, publication, missing_of(publication), at))
    log = fire(publication, states.PUBLISH if publication.plan_id else states.PUBLISH_OWN, by=by, at=at)
    version = publication.versions.create(
        n=publication.versions.count() + 1, content=content_of(publication), made_at=at, made_by=by
    )
    show(publication, version, at)
    if publication.plan_id:
        tell(emails.to_commune(publication, "publication_published", log), at)
    return version


@transaction.atomic
def revise(*, publication: Publication, by: User, at: datetime) -> None:
    """Write the next version; the public one stays. Raises `Refused`."""
    publication = locked(publication)
    require(rules.can_revise(by, publication, at))
    fire(publication, states.REVISE, by=by, at=at)


@transaction.atomic
def withdraw(*, publication: Publication, reason: str, by: User, at: datetime) -> None:
    """Take it off the public site; its versions are kept. Raises `Refused`."""
    publication = locked(publication)
    require(rules.can_withdraw(by, publication, at))
    fire(publication, states.WITHDRAW, by=by, at=at, reason=reason, stamps={"current": None, "published_at": None})


def content_of(publication: Publication) -> dict[str, Any]:
    """The words of a version."""
    texts = texts_of(publication)
    contacts = publication.contacts.filter(agreed_on__isnull=False)
    return {
        "title": publication.title,
        "lead": publication.lead,
        "themes": publication.themes,
        "identity": identity_of(publication),
        "sections": [
            {"code": section.code, "title": section.title, "text": texts[section.code]}
            for section in words.SECTIONS[publication.kind]
            if texts.get(section.code, "").strip()
        ],
        "contacts": [
            {"side": c.side, "name": c.name, "role": c.role, "phone": c.phone, "email": c.email} for c in contacts
        ],
    }


def show(publication: Publication, version: PublicationVersion, at: datetime) -> None:
    """Repeat on the row what visitors search by. The first day of publication stays."""
    commune = publication.plan.application.lead.commune if publication.plan else None
    population = latest_population(commune) if commune else None
    Publication.objects.filter(pk=publication.pk).update(
        current=version,
        published_at=publication.published_at or at,
        commune=commune,
        inhabitants=population.value if population else None,
        public_cost=publication.cost,
        public_themes=publication.themes,
        search=search_words(version.content, commune.name if commune else ""),
    )


def search_words(content: Mapping[str, Any], place: str) -> Any:
    """Title and commune weigh most, then the lead, then the text."""
    text = " ".join(section["text"] for section in content["sections"])
    return (
        SearchVector(Value(f"{content['title']} {place}"), weight="A", config=FRENCH)
        + SearchVector(Value(f"{content['lead']} {' '.join(content['themes'])}"), weight="B", config=FRENCH)
        + SearchVector(Value(text), weight="C", config=FRENCH)
    )


def tell(mails: Sequence[Any], at: datetime) -> None:
    for mail in mails:
        enqueue_email(mail, at=at)
