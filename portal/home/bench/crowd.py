"""The crowd: N files of N communes, and drafts ready to be written or deposited by people of their own."""

from dataclasses import dataclass
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import models

from applications.models import Application
from juries.models import Assessment
from portal.accounts.models import Membership, Organisation, User
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail

from .copies import copy_row, run
from .world import MAILS, World

FIRST_DRAFT = 50_000
SILENT = 10  # one commune in ten has begun nothing
NEW = "(SELECT a.* FROM applications_application a WHERE a.id > {last}) a"


def count_files(world: World) -> int:
    return world.call.applications.filter(number__isnull=False).count()


def grow(world: World, n: int) -> None:
    """Bring the call to `n` deposited files, and a tenth more communes that are silent."""
    have = count_files(world)
    if n <= have:
        return
    reached = run("SELECT max(insee)::int FROM territories_commune WHERE insee < %s", str(FIRST_DRAFT))[0][0]
    make_places(world, reached + 1, n + n // SILENT - 1)
    last = Application.objects.aggregate(last=models.Max("id"))["last"]
    copy_files(world, have, n - have)
    copy_parts(world, NEW.format(last=last))
    copy_scores(world, last)
    run("ANALYZE")


def make_places(world: World, first: int, last: int) -> None:
    """Communes with population, town hall and the mail that told it that the call is open."""
    commune = world.template.lead.commune
    assert commune is not None
    places, insee = f"generate_series({first}, {last}) AS g(i)", "lpad(i::text, 5, '0')"
    named = {"name": f"'Commune ' || {insee}", "search_name": f"'commune ' || {insee}", "siren": "900000000 + i"}
    copy_row(commune, places, insee=insee, **named)
    figure = commune.populations.get()
    copy_row(figure, places, commune_id=insee, value="100 + (i * 7919) % 9000")
    address = f"'mairie-' || {insee} || '{MAILS}'"
    copy_row(
        world.template.lead, places, uuid="gen_random_uuid()", name=named["name"], siren=named["siren"],
        commune_id=insee, official_email=address,
    )  # fmt: skip
    opening = OutboundEmail.objects.get(kind="call.invitation", recipient=world.template.lead.official_email)
    copy_row(opening, places, uuid="gen_random_uuid()", recipient=address)


def copy_files(world: World, have: int, more: int) -> None:
    """`more` files of communes that have none, numbered from `have` + 1."""
    free = (
        "(SELECT o.id, row_number() OVER (ORDER BY o.commune_id) AS i FROM accounts_organisation o"  # noqa: S608
        f" WHERE o.commune_id < '{FIRST_DRAFT}' AND NOT EXISTS (SELECT FROM applications_application x"
        f" WHERE x.lead_id = o.id) ORDER BY o.commune_id LIMIT {more}) s"
    )
    prefix = f"{world.call.code_prefix}-{world.call.edition}-"
    copy_row(
        world.template, free, uuid="gen_random_uuid()", lead_id="s.id",
        number=f"'{prefix}' || lpad((s.i + {have})::text, greatest(4, length((s.i + {have})::text)), '0')",
        last_activity_at="t.last_activity_at - s.i * interval '1 minute'",
    )  # fmt: skip


def copy_parts(world: World, source: str) -> None:
    """What each new file holds: member, answers, deposit with its parts, place on the agenda."""
    template = world.template
    deposit = template.deposits.get()
    copy_row(template.members.get(), source, application_id="a.id", organisation_id="a.lead_id")
    for section in template.sections.all():
        copy_row(section, source, application_id="a.id")
    copy_row(deposit.receipt, source, uuid="a.uuid", number="'AD-' || a.number || '-1'")
    copy_row(
        deposit, source, uuid="gen_random_uuid()", idempotency_key="gen_random_uuid()", application_id="a.id",
        on_behalf_of_id="a.lead_id", receipt_id="a.uuid",
    )  # fmt: skip
    deposits = f"applications_deposit d JOIN {source} ON a.id = d.application_id"
    for parts in (deposit.pieces, deposit.answer_facts, deposit.verdicts):
        for part in parts.all():
            copy_row(part, deposits, deposit_id="d.id")
    copy_row(
        template.agenda_items.get(), source, uuid="gen_random_uuid()", application_id="a.id",
        position="(SELECT count(*) FROM applications_application b WHERE b.id <= a.id)",
        result="CASE WHEN a.id % 12 = 0 THEN 'unfavourable' ELSE 'favourable' END",
    )  # fmt: skip


def copy_scores(world: World, last: int) -> None:
    """Three to nine members score each new file; its stored score is their mean."""
    seats = (
        f"(SELECT a.id AS application_id, s.id AS seat_id, h.user_id FROM {NEW.format(last=last)} JOIN juries_seat s"  # noqa: S608
        f" ON s.call_id = a.call_id JOIN juries_seatholder h ON h.seat_id = s.id WHERE s.position <= 3 + a.id % 7) s"
    )
    run("SELECT setseed(0.42)")
    copy_row(
        Assessment.objects.get(application=world.template), seats, application_id="s.application_id",
        seat_id="s.seat_id", author_id="s.user_id", total="round((25 + random() * 70)::numeric, 2)",
    )  # fmt: skip
    means = (
        "(SELECT application_id, count(*) AS n, round(avg(total), 2) AS mean FROM juries_assessment"  # noqa: S608
        f" WHERE application_id > {int(last)} GROUP BY application_id) s"
    )
    copy_row(
        world.template.jury_score, means, application_id="s.application_id", members="s.n", base="s.mean",
        total="s.mean", knocked_out="random() < 0.02",
        tie_break="ARRAY[round((s.mean / 4 + random() * 5)::numeric, 2)]",
    )  # fmt: skip


# --- people who write and deposit ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Writer:
    """A person logged in, with the draft of their commune."""

    user: User
    session: str
    uuid: UUID


def make_writers(world: World, count: int) -> list[Writer]:
    """`count` complete drafts, each of a commune with a secretary and a mayor; the mayor is logged in."""
    first = max(FIRST_DRAFT, run("SELECT max(insee)::int FROM territories_commune")[0][0] + 1)
    make_places(world, first, first + count - 1)
    halls = list(Organisation.objects.filter(commune_id__gte=str(first)).order_by("commune_id"))
    mayors = add_people(halls, "maire", Membership.Right.SIGNATORY)
    add_people(halls, "secretariat", Membership.Right.EDITOR)
    last = Application.objects.aggregate(last=models.Max("id"))["last"]
    copy_row(
        world.template, f"(SELECT id FROM accounts_organisation WHERE commune_id >= '{first}') s",  # noqa: S608
        uuid="gen_random_uuid()", lead_id="s.id", number="NULL", state="'draft'",
    )  # fmt: skip
    copy_draft(world.template, NEW.format(last=last))
    run("ANALYZE")
    drafts = dict(Application.objects.filter(lead__in=halls).values_list("lead_id", "uuid"))
    return [Writer(user, log_in(user), drafts[hall.pk]) for hall, user in zip(halls, mayors, strict=True)]


def add_people(halls: list[Organisation], name: str, right: str) -> list[User]:
    """One confirmed person per town hall, in the same order."""
    at = portal_now()
    users = [User(email=f"{name}-{hall.commune_id}{MAILS}", role_title=name.capitalize()) for hall in halls]
    for user in users:
        user.set_unusable_password()
    User.objects.bulk_create(users)
    Membership.objects.bulk_create(
        Membership(user=user, organisation=hall, right=right, state="confirmed", created_at=at, confirmed_at=at)
        for user, hall in zip(users, halls, strict=True)
    )
    return users


def copy_draft(template: Application, source: str) -> None:
    copy_row(template.members.get(), source, application_id="a.id", organisation_id="a.lead_id")
    for parts in (template.sections, template.attachments, template.promises):
        for part in parts.all():
            copy_row(part, source, application_id="a.id")


def log_in(user: User) -> str:
    """The key of a session of this person, as logging in makes it."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key
