"""A role limited to some communes reads these only, wherever it reads; what cannot be cut needs the whole call."""

import pytest
from django.urls import reverse

from applications.actions import staff as actions_staff
from applications.queries.files import staffed_applications
from applications.queries.staff import decisions_for_staff, files_to_examine
from calls.models import CallRole
from calls.presentation import menu_of
from calls.queries import communes_of_perimeter, held_in, roles_over, scope_of
from juries.queries import sessions_visible_to
from portal.accounts.services import claim_commune
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail, Reminder
from portal.home.queries_mails import failed_mails, reminders_seen
from support.agreements.actions import manager_actions
from support.agreements.queries import agreements_visible_to
from support.network.queries import laureates_of
from support.plan.queries import plans_visible_to
from tests.accounts.helpers import text_of
from tests.applications.staff.makers import client_of, make_deposited, make_staffed_call
from tests.factories import BENOUVILLE, ETRETAT, make_commune, make_member, make_role, make_town_hall, make_user
from tests.support.factories import make_agreement, make_laureate, make_programme, sign_backdated

pytestmark = pytest.mark.django_db
HERE, THERE = ETRETAT, BENOUVILLE


def limited(call, role, **more):
    """A person whose role covers Étretat only."""
    user = make_role(call, role, **more)
    user.call_roles.filter(call=call).update(scope=[HERE[0]])
    return user


@pytest.fixture
def supported():
    """Two communes supported, each with its own agreement, and the manager."""
    call = make_programme()
    manager = make_role(call)
    lines = [make_laureate(call, HERE), make_laureate(call, THERE, n=2)]
    for line in lines:
        sign_backdated(make_agreement(call, line, manager=manager), manager)
    return call, manager


def leads(rows) -> set[str]:
    return {row.lead.commune_id for row in rows}


def test_plans_agreements_and_club_keep_to_the_communes_of_the_role(supported):
    call, manager = supported
    now = portal_now()
    for role in ("adviser", "reader"):
        user = limited(call, role)
        assert leads(plan.application for plan in plans_visible_to(user, now)) == {HERE[0]}
        numbers = set(agreements_visible_to(user, now).values_list("number", flat=True))
        assert numbers == {"CONV-TPS-2027-01"}
        assert leads(plan.application for plan in laureates_of(call.owner, user, now)) == {HERE[0]}
        page = client_of(user).get(reverse("agreements", args=[call.slug])).content.decode()
        assert ("CONV-TPS-2027-01" in page, "CONV-TPS-2027-02" in page) == (True, False)
    assert plans_visible_to(manager, now).count() == agreements_visible_to(manager, now).count() == 2


def test_a_laureate_meets_all_the_others_of_the_club(supported):
    call, _ = supported
    member = make_member(call.applications.get(lead__commune=THERE[0]).lead)
    assert leads(plan.application for plan in laureates_of(call.owner, member, portal_now())) == {HERE[0], THERE[0]}


def test_a_plan_elsewhere_is_neither_read_nor_written(supported):
    call, _ = supported
    user = limited(call, "adviser")
    here, there = (call.applications.get(lead__commune=spec[0]).support_plan.uuid for spec in (HERE, THERE))
    client = client_of(user)
    found = {name: client.get(reverse(name, args=[here])).status_code for name in ("support_plan", "log_new")}
    assert found == {"support_plan": 200, "log_new": 200}
    assert client.get(reverse("support_plan", args=[there])).status_code == 404
    assert client.get(reverse("log_new", args=[there])).status_code == 404


def test_agreements_to_draw_up_keep_to_the_scope():
    call = make_programme()
    make_laureate(call, HERE)
    make_laureate(call, THERE, n=2)
    manager = limited(call, "manager")
    page = text_of(client_of(manager).get(reverse("agreements", args=[call.slug])))
    assert ("Commune de Étretat :" in page, "Commune de Bénouville :" in page) == (True, False)
    (row,) = manager_actions(manager, portal_now())
    assert "1\u00a0candidature retenue sans convention" in row.consequence


def test_the_menu_counts_what_the_role_covers(supported):
    call, manager = supported
    for spec in (HERE, THERE):
        make_mail(call, spec)
    lines = {}
    for who, user in (("all", manager), ("here", limited(call, "officer"))):
        lines[who] = {entry.title: entry.line for entry in menu_of(user, call, portal_now())}
    assert lines["all"]["Courriels aux mairies"] == "2\u00a0invitations parties."
    assert lines["here"]["Courriels aux mairies"] == "1\u00a0invitation partie."
    assert (lines["all"]["Conventions"], lines["here"]["Conventions"]) == ("2 en vigueur sur 2.", "1 en vigueur sur 1.")
    assert lines["here"]["Accompagnement"].startswith("1\u00a0projet suivi")
    assert {"Jury", "Décision et lettres"} & set(lines["here"]) == set()


def make_mail(call, spec, state="sent", **more):
    values = {"kind": "call.invitation", "object_key": f"call:{call.slug}", "call_key": f"call:{call.slug}"}
    now = portal_now()
    return OutboundEmail.objects.create(
        recipient=f"mairie.{spec[0]}@exemple.fr", subject="Appel", body="", from_name="x", guarantee="at_least_once",
        created_at=now, not_before=now, sent_at=now, state=state, **{**values, **more},
    )  # fmt: skip


def test_the_invitations_report_lists_the_communes_of_the_role():
    call, manager = make_staffed_call()
    for spec in (HERE, THERE):
        make_deposited(call, spec)
    pages = {
        who: client_of(user).get(reverse("invitation_report", args=[call.slug])).content.decode()
        for who, user in (("all", manager), ("here", limited(call, "officer")))
    }
    assert {who: ("Étretat" in page, "Bénouville" in page) for who, page in pages.items()} == {
        "all": (True, True),
        "here": (True, False),
    }


def test_the_next_file_and_the_actions_keep_to_the_scope():
    call, manager = make_staffed_call()
    elsewhere, here = make_deposited(call, THERE), make_deposited(call, HERE)
    officer, now = limited(call, "officer"), portal_now()
    assert list(files_to_examine(held_in(manager, call, now), call)) == [elsewhere, here]
    assert list(files_to_examine(held_in(officer, call, now), call)) == [here]
    page = client_of(officer).get(reverse("staff_communes", args=[call.slug])).content.decode()
    assert (str(here.uuid) in page, str(elsewhere.uuid) in page) == (True, False)
    (row,) = actions_staff.actions_for(officer, now)
    assert row.title.startswith("Examiner 1\u00a0candidature,")


def test_the_roles_that_count_before_a_file_are_those_that_cover_it():
    call, _ = make_staffed_call()
    elsewhere, here = make_deposited(call, THERE), make_deposited(call, HERE)
    user = limited(call, "officer")
    CallRole.objects.create(user=user, call=call, role="reader", starts_at=portal_now())
    assert set(staffed_applications(user)) == {here, elsewhere}
    client = client_of(user)
    found = [client.post(reverse("staff_admission", args=[file.uuid])).status_code for file in (elsewhere, here)]
    assert found == [403, 302]


def test_what_cannot_be_cut_needs_the_whole_call():
    call, manager = make_staffed_call()
    user, now = limited(call, "manager"), portal_now()
    assert (scope_of(user, call, now), scope_of(manager, call, now)) == (frozenset({HERE[0]}), None)
    assert (roles_over(user, call, now), roles_over(user, call, now, HERE[0])) == (frozenset(), frozenset({"manager"}))
    client, pages = client_of(user), ("decision", "jury_staff")
    statuses = {name: client.get(reverse(name, args=[call.slug])).status_code for name in pages}
    assert statuses == {"decision": 403, "jury_staff": 404}
    assert not decisions_for_staff(user, now).exists()
    assert not sessions_visible_to(user, now).exists()
    assert communes_of_perimeter(call, frozenset()).count() == 0


# --- mails and reminders ------------------------------------------------------------------------------------------


def test_failed_mails_are_those_of_one_s_calls_not_of_a_shared_address():
    call, manager = make_staffed_call(contact_email="contact@exemple.fr")
    other, _ = make_staffed_call(contact_email="contact@exemple.fr")
    make_town_hall(HERE)
    mine = make_mail(call, HERE, "failed", reply_to="contact@exemple.fr")
    make_mail(other, HERE, "failed", reply_to="contact@exemple.fr")
    uncertain = make_mail(call, THERE, "uncertain", reply_to="contact@exemple.fr")
    make_mail(call, HERE, "sent", kind="autre")
    now = portal_now()
    assert set(failed_mails(manager, now)) == {mine, uncertain}
    assert set(failed_mails(limited(call, "officer"), now)) == {mine}
    assert not failed_mails(make_role(call, "reader"), now).exists()
    page = client_of(manager).get(reverse("mail_failures")).content.decode()
    assert "envoi incertain" in page


def test_a_claim_that_could_not_be_written_is_shown_to_who_may_settle_it():
    call, manager = make_staffed_call()
    town = make_town_hall(HERE)
    claim_commune(user=make_user(), commune=make_commune(HERE), at=portal_now())
    OutboundEmail.objects.filter(kind="claim-official").update(state="failed")
    now = portal_now()
    assert [mail.recipient for mail in failed_mails(manager, now)] == [town.official_email]
    assert not failed_mails(make_role(call, "reader"), now).exists()
    assert failed_mails(make_user(is_platform_admin=True), now).count() == 1


def test_reminders_keep_to_the_scope():
    call, manager = make_staffed_call()
    files = [make_deposited(call, spec) for spec in (HERE, THERE)]
    for file in files:
        Reminder.objects.create(
            rule="draft_not_deposited", object_key=f"application:{file.uuid}", call_key=f"call:{call.slug}",
            recipient="a@exemple.fr", due_at=portal_now(), subject="x", body="x", action_url="/",
        )  # fmt: skip
    now = portal_now()
    assert reminders_seen(manager, now).count() == 2
    (seen,) = reminders_seen(limited(call, "officer"), now)
    assert seen.object_key == f"application:{files[0].uuid}"


def test_a_mail_of_a_call_says_which():
    call, _ = make_staffed_call()
    make_deposited(call)
    assert set(OutboundEmail.objects.filter(kind="applications.receipt").values_list("call_key", flat=True)) == {
        f"call:{call.slug}"
    }
