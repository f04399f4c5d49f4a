"""Every list costs the same whatever its length: as many queries, and beyond its first page as many rows fetched.

One real call, its rows copied by the database (as `make bench` does) to one, three, a full page and more, a thousand
at full counts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Max
from django.test import Client
from django.urls import reverse

from applications.models import (
    Application,
    ContactEntry,
    Decision,
    DecisionLine,
    DecisionNotice,
    Expert,
    Export,
    InternalNote,
    Mandate,
    Message,
    OpinionRequest,
    OutsideReceipt,
    ProgressUpdate,
)
from calls.models import Call
from portal.accounts.models import Claim, Membership, User
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import FrozenDocument, OutboundEmail, Reminder
from portal.core.uploads import store_bytes
from portal.home.bench import crowd
from portal.home.bench.copies import copy_row, run
from portal.home.bench.world import World, make_user, make_world
from support.agreements.models import Agreement, Party
from support.impact.models import Publication, PublicationVersion
from support.money.models import Award, FundingRequest, FundingScheme, Payment
from support.network.models import ClubEvent, EngineeringBody, ExpertiseRequest
from support.plan.models import LogEntry, Meeting, Parcel, Phase, PlanAction, SupportPlan, Workshop
from support.plan.models import Message as PlanMessage
from tests.harness import caches

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Read whole: what each file takes of an envelope is spread to the cent, file by file.
WHOLE = {"enveloppe", "candidatures de l’enveloppe"}
# Counts come as one row for each state met in each stratum: as many more at most, whatever the number of communes.
BY_STATE = 5
FULL_PAGE, MORE = 70, 140  # more than the longest page (60 rows), then as many again
NEW_FILES = "(SELECT a.* FROM applications_application a WHERE a.id > {last} AND a.number IS NOT NULL) a"


@dataclass
class Cost:
    """What one page asked of the database. `rows`: those that SELECT statements gave."""

    queries: int = 0
    rows: int = 0
    statements: list[str] = field(default_factory=list)


@contextmanager
def counted() -> Iterator[Cost]:
    cost = Cost()

    def count(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        cost.queries += 1
        cost.statements.append(str(sql)[:200])
        if str(sql).lstrip().upper().startswith("SELECT"):
            cost.rows += max(0, context["cursor"].rowcount)
        return result

    with connection.execute_wrapper(count):
        yield cost


@dataclass
class Lists:
    """The call with as many of each thing as asked."""

    world: World
    manager: User
    n: int = 1

    @property
    def call(self) -> Call:
        return self.world.call

    def grow(self, n: int) -> None:
        """From `self.n` things of each kind to `n`."""
        last = Application.objects.aggregate(last=Max("id"))["last"]
        crowd.grow(self.world, n)
        source = NEW_FILES.format(last=last)
        for copy in (self.decide, self.agree, self.support, self.receive):
            copy(source)
        more = f"generate_series({self.n + 1}, {n}) AS g(i)"
        for copy in (
            self.repeat_calls,
            self.repeat_people,
            self.repeat_mails,
            self.repeat_events,
            self.repeat_publications,
            self.repeat_examination,
        ):
            copy(more)
        self.n = n
        caches.forget()
        run("ANALYZE")

    # --- what hangs on a file ---

    def decide(self, source: str) -> None:
        line = DecisionLine.objects.order_by("pk")[0]
        copy_row(line, source, application_id="a.id", rank="a.id")
        document = FrozenDocument.objects.get(pk=line.notice.document_id)
        copy_row(document, source, uuid="gen_random_uuid()", number="'L-' || a.number")
        letters = (
            "(SELECT l.id, d.uuid, d.number FROM applications_decisionline l"
            f" JOIN {source} ON a.id = l.application_id JOIN core_frozendocument d ON d.number = 'L-' || a.number) s"
        )
        copy_row(line.notice, letters, line_id="s.id", number="s.number", document_id="s.uuid")

    def agree(self, source: str) -> None:
        agreement = Agreement.objects.order_by("pk")[0]
        copy_row(agreement, source, uuid="gen_random_uuid()", number="'C-' || a.number")
        made = (
            f"(SELECT g.id, a.lead_id, a.id AS file FROM {Agreement._meta.db_table} g"
            f" JOIN {source} ON g.number = 'C-' || a.number) s"
        )
        for party in agreement.parties.all():
            organisation = {"organisation_id": "s.lead_id"} if party.side == Party.Side.BENEFICIARY else {}
            copy_row(party, made, agreement_id="s.id", **organisation)
        links = Agreement.beneficiaries.through._meta.db_table
        run(
            f"INSERT INTO {links} (agreement_id, decisionline_id) SELECT s.id, l.id FROM {made}"
            f" JOIN applications_decisionline l ON l.application_id = s.file"
        )

    def support(self, source: str) -> None:
        plan = SupportPlan.objects.order_by("pk")[0]
        table = Agreement._meta.db_table
        copy_row(
            plan, source, uuid="gen_random_uuid()", application_id="a.id",
            agreement_id=f"(SELECT g.id FROM {table} g WHERE g.number = 'C-' || a.number)",
        )  # fmt: skip
        plans = f"(SELECT p.id FROM {SupportPlan._meta.db_table} p JOIN {source} ON a.id = p.application_id) s"
        for phase in plan.phases.all():
            copy_row(phase, plans, plan_id="s.id")

    def receive(self, source: str) -> None:
        copy_row(OutsideReceipt.objects.order_by("pk")[0], source, application_id="a.id")

    # --- the rest ---

    def repeat_calls(self, more: str) -> None:
        """Other calls of the same owner, in each a draft of the same commune."""
        last = Call.objects.aggregate(last=Max("pk"))["last"]
        copy_row(self.call, more, uuid="gen_random_uuid()", slug="'autre-' || i", edition="'X' || i")
        new = f"(SELECT c.id FROM calls_call c WHERE c.id > {last}) s"
        for part in (
            *self.call.windows.all(),
            *self.call.milestones.all(),
            self.call.roles.get(user=self.world.officer),
        ):
            copy_row(part, new, call_id="s.id")
        file = self.world.template
        window = "(SELECT w.id FROM calls_window w WHERE w.call_id = s.id LIMIT 1)"
        copy_row(file, new, uuid="gen_random_uuid()", call_id="s.id", number="NULL", state="'draft'", window_id=window)
        drafts = f"(SELECT a.id, a.call_id FROM applications_application a JOIN {new} ON s.id = a.call_id) d"
        copy_row(file.members.get(), drafts, application_id="d.id", call_id="d.call_id")

    def repeat_people(self, more: str) -> None:
        """Members of the town hall, and claims to settle."""
        at, town = portal_now(), self.world.template.lead
        users = User.objects.bulk_create(
            User(email=f"agent-{i}@mesure.exemple.fr")
            for i in range(2 * self.n, 2 * self.n + 2 * len(run(f"SELECT * FROM {more}")))
        )
        half = len(users) // 2
        Membership.objects.bulk_create(
            Membership(user=user, organisation=town, right="editor", state="confirmed", created_at=at, confirmed_at=at)
            for user in users[:half]
        )
        waiting = Membership.objects.bulk_create(
            Membership(user=user, organisation=town, right="editor", state="pending", created_at=at)
            for user in users[half:]
        )
        Claim.objects.bulk_create(Claim(membership=membership, created_at=at) for membership in waiting)

    def repeat_mails(self, more: str) -> None:
        mail = OutboundEmail.objects.get(recipient="echec@mesure.exemple.fr")
        copy_row(mail, more, uuid="gen_random_uuid()", recipient="'echec-' || i || '@mesure.exemple.fr'")
        copy_row(
            Reminder.objects.get(recipient="relance@mesure.exemple.fr"),
            more,
            recipient="'relance-' || i || '@mesure.exemple.fr'",
        )

    def repeat_publications(self, more: str) -> None:
        copy_row(Publication.objects.get(slug="outil"), more, uuid="gen_random_uuid()", slug="'outil-' || i")

    def repeat_events(self, more: str) -> None:
        copy_row(LogEntry.objects.get(title="Visite 1"), more, title="'Visite ' || i")
        copy_row(
            PlanAction.objects.get(title="Action 1"), more, title="'Action ' || i", reference="'A' || i", position="i"
        )
        copy_row(EngineeringBody.objects.get(name="CAUE 1"), more, name="'CAUE ' || i")
        copy_row(ExpertiseRequest.objects.get(subject="Avis 1"), more, uuid="gen_random_uuid()", subject="'Avis ' || i")
        copy_row(Workshop.objects.get(title="Atelier 1"), more, title="'Atelier ' || i")
        copy_row(Parcel.objects.get(reference="AB 1"), more, reference="'AB ' || i")
        copy_row(PlanMessage.objects.get(text="Message 1"), more, text="'Message ' || i")
        copy_row(Meeting.objects.get(place="Salle 1"), more, uuid="gen_random_uuid()", place="'Salle ' || i")
        copy_row(Award.objects.earliest("pk"), more, uuid="gen_random_uuid()")
        copy_row(FundingRequest.objects.get(funder="Aide 1"), more, funder="'Aide ' || i")
        copy_row(Payment.objects.get(n=1), more, uuid="gen_random_uuid()", n="i")
        copy_row(FundingScheme.objects.get(code="S1"), more, code="'S' || i", name="'Aide ' || i")
        copy_row(ClubEvent.objects.get(title="Rencontre 1"), more, title="'Rencontre ' || i")
        later = "DATE '2040-01-01' + i::int"
        copy_row(Mandate.objects.earliest("pk"), more, uuid="gen_random_uuid()", from_on=later, until_on=later)

    def repeat_examination(self, more: str) -> None:
        """What is said and asked around one file, and what its officer has exported."""
        for row, changed in (
            (Message.objects.get(text="Message 1"), {"uuid": "gen_random_uuid()", "text": "'Message ' || i"}),
            (InternalNote.objects.get(text="Note 1"), {"text": "'Note ' || i"}),
            (ContactEntry.objects.get(text="Contact 1"), {"text": "'Contact ' || i"}),
            (
                OpinionRequest.objects.get(service="Service 1"),
                {"uuid": "gen_random_uuid()", "service": "'Service ' || i"},
            ),
            (Export.objects.earliest("pk"), {"uuid": "gen_random_uuid()"}),
            (ProgressUpdate.objects.get(text="Point 1"), {"uuid": "gen_random_uuid()", "text": "'Point ' || i"}),
        ):
            copy_row(row, more, **changed)


# --- one of each --------------------------------------------------------------------------------------------------


@pytest.fixture
def lists(settings: Any, tmp_path: Path) -> Lists:
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    world = make_world()
    made = Lists(world, User.objects.get(email="direction@mesure.exemple.fr"))
    begin_support(made, decided(made))
    begin_the_rest(made)
    begin_examination(made)
    return made


def decided(lists: Lists) -> DecisionLine:
    """The one file selected, its letter prepared and sent."""
    at, manager, call = portal_now(), lists.manager, lists.call
    decision = Decision.objects.create(
        call=call, body="bureau", act_number="1", act_on=day_of(at), recorded_at=at, recorded_by=manager,
        notified_at=at, notified_by=manager,
    )  # fmt: skip
    line = DecisionLine.objects.create(
        decision=decision, application=lists.world.template, outcome="selected", rank=1, reason="Utile."
    )
    document = FrozenDocument.objects.create(
        kind="notice", number="L-1", title="Lettre", template="pdf/x.html", snapshot={}, issued_at=at
    )
    DecisionNotice.objects.create(
        line=line, number="L-1", document=document, prepared_at=at, read_at=at, read_by=manager, sent_at=at
    )
    return line


def begin_support(lists: Lists, line: DecisionLine) -> None:
    at, manager, file = portal_now(), lists.manager, lists.world.template
    agreement = Agreement.objects.create(
        call=lists.call, number="C-1", title="Convention", starts_on=day_of(at), months=12, created_at=at,
        created_by=manager,
    )  # fmt: skip
    agreement.beneficiaries.add(line)
    for n, (side, organisation) in enumerate(
        ((Party.Side.OWNER, lists.call.owner), (Party.Side.BENEFICIARY, file.lead))
    ):
        Party.objects.create(
            agreement=agreement, position=n, organisation=organisation, side=side, representative_title="Maire"
        )
    plan = SupportPlan.objects.create(
        application=file, agreement=agreement, adviser=manager, starts_on=day_of(at),
        ends_on=day_of(at) + timedelta(days=364), opened_at=at,
    )  # fmt: skip
    Phase.objects.create(plan=plan, code="P1", position=1, title="Cadrage", starts_on=day_of(at), ends_on=day_of(at))
    PlanAction.objects.create(plan=plan, reference="A1", title="Action 1")
    body = EngineeringBody.objects.create(
        owner=lists.call.owner, name="CAUE 1", themes=["Paysage"], email="c@exemple.fr"
    )
    ExpertiseRequest.objects.create(
        plan=plan, theme="Paysage", subject="Avis 1", question="Quoi ?", due_on=day_of(at), body=body,
        asked_by=manager, asked_at=at,
    )  # fmt: skip
    Workshop.objects.create(
        plan=plan, title="Atelier 1", held_on=day_of(at), place="Préau", objective="Voir", recorded_by=manager
    )
    begin_money(lists, plan)
    Parcel.objects.create(plan=plan, recorded_by=manager, reference="AB 1", area=1, owner="Un", control="none")
    PlanMessage.objects.create(plan=plan, author=manager, text="Message 1", written_at=at, from_commune=False)
    Meeting.objects.create(
        call=lists.call, plan=plan, kind="steering", held_at=at + timedelta(days=9), place="Salle 1", chair="Maire",
        agenda="Un", convened_by=manager,
    )  # fmt: skip
    LogEntry.objects.create(
        plan=plan,
        kind="visit",
        happened_on=day_of(at),
        title="Visite 1",
        visibility="shared",
        author=manager,
        written_at=at,
    )


def begin_money(lists: Lists, plan: SupportPlan) -> None:
    """An aid, a request returned, a scheme of the institution."""
    at, manager = portal_now(), lists.manager
    terms = {"rate": 40, "recorded_by": manager}
    FundingRequest.objects.create(
        plan=plan, funder="Aide 1", base=10, amount=1, status_on=day_of(at), recorded_by=manager,
        deadline_on=day_of(at) + timedelta(days=9),
    )  # fmt: skip
    award = Award.objects.create(
        plan=plan, funder="Région", act_number="R-1", granted_on=day_of(at), amount=400, eligible=1000,
        recorded_at=at, **terms,
    )  # fmt: skip
    Payment.objects.create(
        award=award, n=1, kind="advance", amount=100, state="returned", asked_at=at, asked_by=manager
    )
    FundingScheme.objects.create(
        owner=lists.call.owner, code="S1", name="Aide 1", funder="Région", valid_from=day_of(at), source="CGCT", **terms
    )


def begin_the_rest(lists: Lists) -> None:
    """A claim to settle, a mail that failed, a reminder to come, a meeting of the club."""
    at, town = portal_now(), lists.world.template.lead
    waiting = Membership.objects.create(
        user=make_user("demande"), organisation=town, right="editor", state="pending", created_at=at
    )
    Claim.objects.create(membership=waiting, created_at=at)
    OutboundEmail.objects.create(
        kind="call.invitation", object_key=f"call:{lists.call.slug}", recipient="echec@mesure.exemple.fr",
        guarantee="at_least_once", subject="Un appel", body="Un appel.", from_name="Service", created_at=at, not_before=at,
        reply_to=lists.call.contact_email, state="failed", last_error="550",
    )  # fmt: skip
    Reminder.objects.create(
        rule="draft_not_deposited", object_key="essai", call_key=lists.call.slug, recipient="relance@mesure.exemple.fr",
        due_at=at + timedelta(days=2), subject="Votre brouillon", body="Bonjour.", action_url="/candidatures/",
    )  # fmt: skip
    file, past = lists.world.template, day_of(at) - timedelta(days=9)
    proof = store_bytes(b"%PDF-1.7", name="preuve.pdf", detected_type="application/pdf", by=lists.manager, at=at)
    OutsideReceipt.objects.create(
        application=file, channel="paper", received_on=day_of(file.window.closes_at) - timedelta(days=1), proof=proof,
        entered_at=at, entered_by=lists.manager,
    )  # fmt: skip
    Mandate.objects.create(
        principal=town, mandatary=lists.call.owner, from_on=past, until_on=past, state="given", given_at=at,
        given_by=lists.manager,
    )  # fmt: skip
    ClubEvent.objects.create(
        owner=lists.call.owner,
        title="Rencontre 1",
        held_at=at + timedelta(days=9),
        place="Mairie",
        created_by=lists.manager,
    )
    publish_a_tool(lists)


def publish_a_tool(lists: Lists) -> None:
    """A published text, which its writers see in their list and everyone in the library."""
    at = portal_now()
    row = Publication.objects.create(
        kind="tool", owner=lists.call.owner, title="Outil", slug="outil", created_at=at, created_by=lists.manager
    )
    content = {"title": "Outil", "lead": "", "themes": [], "identity": [], "sections": [], "contacts": []}
    version = PublicationVersion.objects.create(
        publication=row, n=1, content=content, made_at=at, made_by=lists.manager
    )
    Publication.objects.filter(pk=row.pk).update(state="published", current=version, published_at=at)


def begin_examination(lists: Lists) -> None:
    """A message, a note, a contact, an opinion given, an export, a word to all, an expert."""
    at, file, by = portal_now(), lists.world.template, lists.manager
    Message.objects.create(application=file, side="service", author=by, text="Message 1", sent_at=at)
    InternalNote.objects.create(application=file, author=by, text="Note 1", at=at)
    ContactEntry.objects.create(
        call=lists.call, commune=file.lead.commune, kind="phone", happened_on=day_of(at), text="Contact 1", author=by,
        at=at,
    )  # fmt: skip
    OpinionRequest.objects.create(
        application=file, giver=lists.world.officer, service="Service 1", question="?", due_at=at + timedelta(days=9),
        asked_at=at, asked_by=by, state="given", verdict="favourable", given_at=at,
    )  # fmt: skip
    Export.objects.create(call=lists.call, kind="file", asked_at=at, asked_by=by)
    ProgressUpdate.objects.create(call=lists.call, text="Point 1", asked_at=at, asked_by=by)
    Expert.objects.create(call=lists.call, person=lists.world.officer, service="Service", added_at=at, added_by=by)


# --- the lists ----------------------------------------------------------------------------------------------------


def pages(lists: Lists) -> dict[str, tuple[User, str]]:
    """Who reads which list."""
    call, session = lists.call, lists.world.session
    town = lists.world.template.lead
    secretary = User.objects.get(email="secretariat@mesure.exemple.fr")
    juror = User.objects.filter(jury_seats__seat__call=call, jury_seats__seat__president=False).order_by("pk")[0]
    decision, plan = Decision.objects.get(), SupportPlan.objects.earliest("pk")
    manager, president = lists.manager, lists.world.president
    file = lists.world.template
    return {
        "messages": (manager, reverse("staff_messages", args=[file.uuid])),
        "messages de la commune": (secretary, reverse("messages", args=[file.uuid])),
        "notes": (manager, reverse("staff_notes", args=[file.uuid])),
        "contacts": (manager, reverse("staff_contacts", args=[call.slug, town.commune_id])),
        "chronologie": (manager, reverse("staff_timeline", args=[file.uuid])),
        "avis demandés": (lists.world.officer, reverse("opinions")),
        "experts": (manager, reverse("experts", args=[call.slug])),
        "répartition": (manager, reverse("staff_workload", args=[call.slug])),
        "exports": (manager, reverse("exports")),
        "points d’étape": (manager, reverse("staff_update", args=[call.slug])),
        "appels": (secretary, reverse("call_list")),
        "lauréates": (secretary, reverse("call_laureates", args=[call.slug])),
        "candidatures de la commune": (secretary, reverse("applications")),
        "mandats": (secretary, reverse("mandates")),
        "reçues ailleurs": (manager, reverse("outside", args=[call.slug])),
        "actions de la commune": (secretary, reverse("my_actions")),
        "membres": (secretary, reverse("members", args=[town.uuid])),
        "appels du service": (lists.world.officer, reverse("staff_calls")),
        "actions de l’instruction": (lists.world.officer, reverse("my_actions")),
        "actions du service": (manager, reverse("my_actions")),
        "communes": (manager, reverse("staff_communes", args=[call.slug])),
        "invitations": (manager, reverse("invitation_report", args=[call.slug])),
        "rattachements": (manager, reverse("claims")),
        "relances": (manager, reverse("reminders")),
        "courriels en échec": (manager, reverse("mail_failures")),
        "jury": (manager, reverse("jury_staff", args=[call.slug])),
        "avancement des notes": (manager, reverse("jury_progress", args=[call.slug])),
        "registre des intérêts": (manager, reverse("jury_interests", args=[call.slug])),
        "lettres": (manager, reverse("staff_letters", args=[decision.uuid])),
        "documents émis": (manager, reverse("document_register", args=[call.slug])),
        "liste des lauréats": (manager, reverse("laureate_list", args=[call.slug])),
        "enveloppe": (manager, reverse("envelope", args=[call.slug])),
        "candidatures de l’enveloppe": (manager, reverse("envelope_files", args=[call.slug])),
        "argent d’un projet": (manager, reverse("plan_money", args=[plan.uuid])),
        "versements d’une aide": (manager, reverse("award", args=[Award.objects.earliest("pk").uuid])),
        "aides cherchées": (manager, reverse("funding_board")),
        "dispositifs": (manager, reverse("schemes", args=[call.owner.uuid])),
        "conventions": (manager, reverse("agreements", args=[call.slug])),
        "charge": (manager, reverse("support_load")),
        "accompagnements": (manager, reverse("support_home")),
        "actions des projets suivis": (manager, reverse("action_board")),
        "actions d’un projet": (manager, reverse("action_list", args=[plan.uuid])),
        "journal": (manager, reverse("support_plan", args=[plan.uuid])),
        "table du dossier": (manager, reverse("sheet", args=[plan.uuid, "foncier"])),
        "fil des messages": (manager, reverse("plan_messages", args=[plan.uuid])),
        "réunions": (manager, reverse("meetings", args=[plan.uuid])),
        "ateliers": (manager, reverse("workshops", args=[plan.uuid])),
        "expertises": (manager, reverse("expertises", args=[plan.uuid])),
        "annuaire": (manager, reverse("directory", args=[call.owner.uuid])),
        "club": (manager, reverse("club", args=[call.owner.uuid])),
        "publications": (secretary, reverse("publications")),
        "publications à écrire": (manager, reverse("publication_drafts")),
        "dossiers du juré": (juror, reverse("jury_home")),
        "déclaration du juré": (juror, reverse("jury_declare", args=[call.slug])),
        "actions du juré": (juror, reverse("my_actions")),
        "classement": (president, reverse("jury_ranking", args=[session.uuid])),
    }


def costs(lists: Lists) -> dict[str, Cost]:
    found = {}
    for name, (person, path) in pages(lists).items():
        client = Client()
        client.force_login(person)
        client.get(path)
        with counted() as cost:
            response = client.get(path)
        assert response.status_code == 200, (name, response.status_code)
        found[name] = cost
    return found


def test_every_list_costs_the_same_at_one_three_and_a_thousand(lists: Lists, full_counts: bool) -> None:
    measured = {1: costs(lists)}
    for n in (3, FULL_PAGE, 1000 if full_counts else MORE):
        lists.grow(n)
        measured[n] = costs(lists)
    queries = {name: [found[name].queries for found in measured.values()] for name in measured[1]}
    assert {name: found for name, found in queries.items() if max(found) > found[0]} == {}
    *_, page, more = measured.values()
    rows = {name: (page[name].rows, more[name].rows) for name in page if name not in WHOLE}
    assert {name: found for name, found in rows.items() if found[1] > found[0] + BY_STATE} == {}
