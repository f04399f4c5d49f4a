"""The two-person act: asked is not approved; frozen arguments; another person; expiry; answered once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from portal.core import approvals
from portal.core.clock import at_instant, portal_now
from portal.core.models import Approval, OutboundEmail
from portal.core.rules import Refused
from tests.accounts.helpers import mails, path_in, text_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch) -> list[Any]:
    """What the act did."""
    seen: list[Any] = []
    monkeypatch.setattr(approvals, "ACTS", {"extend": lambda approval, at: seen.append(approval.arguments)})
    return seen


@pytest.fixture
def asker():
    return make_user("gestion@exemple.fr", full_name="Andrea Essai")


@pytest.fixture
def approver():
    return make_user("direction@exemple.fr", full_name="Morgan Essai")


def ask(asker, approver, **changes) -> Approval:
    values = {
        "act": "extend",
        "object_key": "call:tps-2027",
        "title": "Repousser la clôture au 7 avril 2027",
        "arguments": {"days": 7},
        "reason": "Panne du 30 mars.",
        "at": portal_now(),
    }
    return approvals.ask(asked_by=asker, approver=approver, **{**values, **changes})


def link() -> str:
    return path_in(mails("approval-asked")[-1])


def test_asking_does_nothing_but_write_to_the_approver(done, asker, approver):
    ask(asker, approver)
    assert done == []
    mail = OutboundEmail.objects.get()
    assert (mail.recipient, mail.subject) == (
        "direction@exemple.fr",
        "À confirmer\u00a0: Repousser la clôture au 7\u00a0avril\u00a02027",
    )
    assert "Raison donnée" in mail.body


def test_a_get_never_acts(client, done, asker, approver):
    ask(asker, approver)
    page = text_of(client.get(link()))
    assert "Repousser la clôture au 7 avril 2027" in page
    assert "Andrea Essai vous demande de confirmer cet acte." in page
    assert (done, Approval.objects.get().state) == ([], "asked")


def test_the_approver_confirms_from_the_mail_without_an_account(client, done, asker, approver):
    ask(asker, approver)
    client.post(link(), {"answer": "yes"})
    row = Approval.objects.get()
    assert done == [{"days": 7}]
    assert (row.state, row.approved_by) == ("approved", approver)
    answered = mails("approval-answered")[0]
    assert (answered.recipient, answered.subject[:8]) == ("gestion@exemple.fr", "Confirmé")
    assert "_auth_user_id" not in client.session


def test_declining_needs_a_reason_and_does_nothing(client, done, asker, approver):
    ask(asker, approver)
    assert "Dites pourquoi vous refusez" in text_of(client.post(link(), {"answer": "no", "reason": " "}))
    client.post(link(), {"answer": "no", "reason": "Pas avant le conseil."})
    row = Approval.objects.get()
    assert (row.state, row.answer_reason, done) == ("declined", "Pas avant le conseil.", [])
    assert "Pas avant le conseil." in mails("approval-answered")[0].body


def test_an_answer_is_given_once(client, done, asker, approver):
    ask(asker, approver)
    client.post(link(), {"answer": "yes"})
    page = text_of(client.post(link(), {"answer": "no", "reason": "non"}))
    assert "Cette demande a déjà reçu une réponse : confirmé." in page
    assert done == [{"days": 7}]


def test_no_one_confirms_their_own_request(done, asker, approver):
    with pytest.raises(Refused, match="Une autre personne que vous doit confirmer"):
        ask(asker, asker)
    approval = ask(asker, approver)
    with pytest.raises(Refused, match="La personne qui demande ne peut pas confirmer elle-même"):
        approvals.answer(approval=approval, by=asker, approved=True, at=portal_now())
    values = {"state": "approved", "approved_by": asker, "answered_at": portal_now()}
    with pytest.raises(IntegrityError, match="approval_needs_two_persons"), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(**values)


def test_the_asker_who_opens_the_link_in_a_shared_mailbox_is_refused(client, done, asker, approver):
    ask(asker, approver)
    client.force_login(asker)
    page = text_of(client.post(link(), {"answer": "yes"}))
    assert ("ne peut pas confirmer elle-même" in page, done) == (True, [])


def test_another_person_is_refused(client, done, asker, approver):
    approval = ask(asker, approver)
    client.force_login(make_user())
    assert "adressée à une autre personne" in text_of(client.post(link(), {"answer": "yes"}))
    assert client.get(f"/confirmations/demande/{approval.pk}/").status_code == 404
    assert done == []


def test_changed_arguments_are_not_confirmed(done, asker, approver):
    approval = ask(asker, approver)
    Approval.objects.update(arguments={"days": 700})
    with pytest.raises(Refused, match="Ce qui est demandé a changé depuis la demande"):
        approvals.answer(approval=approval, by=approver, approved=True, at=portal_now())
    assert done == []


@pytest.mark.parametrize(
    "other",
    [
        approvals.fingerprint("close", "call:a", {"days": 7}),
        approvals.fingerprint("extend", "call:b", {"days": 7}),
        approvals.fingerprint("extend", "call:a", {"days": 8}),
    ],
)
def test_the_fingerprint_covers_act_object_and_arguments(other):
    assert other != approvals.fingerprint("extend", "call:a", {"days": 7})


def test_a_request_expires(client, done, asker, approver):
    approval = ask(asker, approver)
    path = link()
    with at_instant(approval.expires_at):
        assert "Cette demande a expiré le" in text_of(client.post(path, {"answer": "yes"}))
    assert done == []


def test_asking_again_replaces_one_s_own_request(client, done, asker, approver):
    ask(asker, approver)
    former = link()
    ask(asker, approver, arguments={"days": 9})
    assert client.post(former, {"answer": "yes"}).status_code == 404
    client.post(link(), {"answer": "yes"})
    assert done == [{"days": 9}]
    assert Approval.objects.count() == 1


def test_another_person_cannot_replace_a_request_that_still_runs(done, asker, approver):
    approval = ask(asker, approver)
    with pytest.raises(Refused, match=r"Cette confirmation est déjà demandée à Morgan Essai\."):
        ask(make_user(), approver)
    ask(make_user(), approver, at=approval.expires_at + timedelta(seconds=1))


def test_an_act_that_is_refused_leaves_the_request_open(monkeypatch, asker, approver):
    def refuse(approval, at):
        raise Refused("L’appel a changé entre-temps.")

    monkeypatch.setattr(approvals, "ACTS", {"extend": refuse})
    approval = ask(asker, approver)
    with pytest.raises(Refused, match="entre-temps"):
        approvals.answer(approval=approval, by=approver, approved=True, at=portal_now())
    approval.refresh_from_db()
    assert (approval.state, len(mails("approval-answered"))) == ("asked", 0)


def test_an_unknown_act_is_a_mistake_of_the_program(done, asker, approver):
    with pytest.raises(LookupError, match="'unknown'"):
        ask(asker, approver, act="unknown")


def test_the_approver_signed_in_answers_from_their_actions(client, done, asker, approver):
    approval = ask(asker, approver)
    rows = approvals.actions_for(approver, portal_now())
    assert [(row.title, row.url, row.due) for row in rows] == [
        (f"Répondre : {approval.title}", f"/confirmations/demande/{approval.pk}/", approval.expires_at)
    ]
    assert approvals.actions_for(asker, portal_now()) == []
    client.force_login(approver)
    assert client.post(rows[0].url, {"answer": "yes"}).headers["Location"] == "/mes-actions/"
    assert (done, approvals.actions_for(approver, portal_now())) == ([{"days": 7}], [])


def test_an_unknown_link_is_not_found(client):
    assert client.get("/confirmations/inconnu/").status_code == 404


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_act_once(done):
    asker, approver = make_user(), make_user()
    approval = ask(asker, approver)
    barrier, results = threading.Barrier(2), []

    def click():
        barrier.wait()
        try:
            approvals.answer(approval=approval, by=approver, approved=True, at=portal_now())
            results.append("done")
        except Refused:
            results.append("refused")
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert (sorted(results), done) == (["done", "refused"], [{"days": 7}])
