"""One file reopened on a proven outage: two persons, the deposit rule, the database, the receipt, the screen."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from applications.models import Reopening
from applications.services.reopening import ask_reopening, reopen
from portal.core import approvals
from portal.core.clock import at_instant, portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from tests.applications.files import deposit, make_ready, make_town
from tests.factories import HARFLEUR, make_member, make_role, make_user

pytestmark = pytest.mark.django_db


def closed():
    """A complete draft whose limit passed an hour ago: the instant, the file, its mayor, a manager, a second person."""
    application, secretary, mayor = make_ready()
    manager = make_role(application.call)
    second = make_member(application.call.owner, "editor")
    late = application.window.closes_at + timedelta(hours=1)
    return late, application, secretary, mayor, manager, second


def reopened(application, manager, second, at, **changes) -> Reopening:
    told = {"until": at + timedelta(days=2), "reason": "Coupure du réseau.", "evidence": "Attestation.", **changes}
    return reopen(application=application, asked_by=manager, by=second, at=at, **told)


def test_the_file_alone_is_deposited_after_the_limit() -> None:
    late, application, secretary, mayor, manager, second = closed()
    other, _, other_mayor = make_ready(application.call, make_town(HARFLEUR))
    with at_instant(late):
        with pytest.raises(Refused, match="clos depuis"):
            deposit(application, mayor)
        row = reopened(application, manager, second, late)
        received = deposit(application, mayor)
        with pytest.raises(Refused, match="clos depuis"):
            deposit(other, other_mayor)
    assert received.closes_at == row.until
    told = received.receipt.snapshot["reopening"]
    assert (told["until"], told["reason"]) == (row.until.isoformat(), "Coupure du réseau.")
    mails = OutboundEmail.objects.filter(kind="applications.reopened")
    assert set(mails.values_list("recipient", flat=True)) == {secretary.email, mayor.email}


def test_it_closes_again_at_its_own_last_second() -> None:
    late, application, _, mayor, manager, second = closed()
    row = reopened(application, manager, second, late)
    with at_instant(row.until + timedelta(seconds=1)), pytest.raises(Refused, match="clos depuis"):
        deposit(application, mayor)


def test_a_deposit_in_time_says_nothing_of_a_reopening() -> None:
    _, application, _, mayor, _, _ = closed()
    assert deposit(application, mayor).receipt.snapshot["reopening"] is None


def test_the_database_knows_the_reopening() -> None:
    """Without the row, the same deposit is refused by the trigger (see test_life); beyond it as well."""
    late, application, _, mayor, manager, second = closed()
    row = reopened(application, manager, second, late)
    with at_instant(late):
        first = deposit(application, mayor)
    first.pk, first.uuid, first.idempotency_key, first.n = None, uuid(), uuid(), 2
    first.closes_at = row.until + timedelta(seconds=1)
    with pytest.raises(DatabaseError, match="no such limit"), transaction.atomic():
        first.save()


def uuid():
    from uuid import uuid4

    return uuid4()


def test_it_takes_two_persons_and_a_proof() -> None:
    late, application, _, _, manager, second = closed()
    with pytest.raises(Refused, match="ne peut pas la confirmer elle-même"):
        reopened(application, manager, manager, late)
    with pytest.raises(IntegrityError, match="reopening_proven"), transaction.atomic():
        reopened(application, manager, second, late, evidence="")
    assert not Reopening.objects.exists()


def test_it_is_asked_then_confirmed() -> None:
    late, application, _, _, manager, second = closed()
    with at_instant(late):
        approval = ask_reopening(
            application=application, until=late + timedelta(days=1), reason="Coupure.", evidence="Attestation.",
            approver=second, asked_by=manager, at=late,
        )  # fmt: skip
        assert not Reopening.objects.exists()
        approvals.answer(approval=approval, by=second, approved=True, at=portal_now())
    row = Reopening.objects.get()
    assert (row.asked_by, row.approved_by, row.evidence) == (manager, second, "Attestation.")
    with pytest.raises(DatabaseError), transaction.atomic():
        Reopening.objects.update(evidence="Autre chose.")


def test_nothing_is_reopened_before_the_limit() -> None:
    _, application, _, _, manager, second = closed()
    with pytest.raises(Refused, match="peut encore être déposée"):
        reopened(application, manager, second, portal_now())


def test_the_screen_asks_for_all_of_it(client) -> None:
    late, application, _, _, manager, second = closed()
    address = f"/gestion/appels/{application.call.slug}/communes/{application.lead.commune_id}/"
    client.force_login(manager)
    with at_instant(late):
        assert "Rouvrir sa candidature" in client.get(address).text
        page = client.post(
            f"{address}rouvrir/", {"day": f"{late - timedelta(days=3):%Y-%m-%d}", "hour": "12:00:00"}
        ).text
        for sentence in ("Écrivez le motif", "Décrivez ce qui prouve la panne", "Choisissez un instant à venir"):
            assert sentence in page
        told = {
            "day": f"{late + timedelta(days=3):%Y-%m-%d}",
            "hour": "12:00:00",
            "reason": "Coupure.",
            "evidence": "Oui.",
        }
        answer = client.post(f"{address}rouvrir/", {**told, "approver": second.pk})
        assert answer.status_code == 302
        assert OutboundEmail.objects.filter(kind="approval-asked", recipient=second.email).count() == 1
        client.force_login(make_role(application.call, "officer"))
        assert client.get(f"{address}rouvrir/").status_code == 403
        client.force_login(make_user())
        assert client.get(f"{address}rouvrir/").status_code == 404
