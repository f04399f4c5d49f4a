"""The list of laureates lives: departures, promotion by rank, a member leaves a group; counts are computed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import ApplicationMember, DecisionLine, MemberDeparture
from applications.queries.laureates import history_of, laureates, reserve_of
from applications.services.laureates import (
    promote,
    record_departure,
    record_leaving,
    settle_departure,
)
from applications.services.notices import prepare_notices
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused
from tests.applications.staff.makers import client_of, make_decision, make_staffed_call, yesterday
from tests.factories import make_town_hall

pytestmark = pytest.mark.django_db
TURRETOT = ("76657", "217606573", "Turretot", 0, 1500)


@pytest.fixture
def told():
    """Étretat selected, Harfleur on the reserve list, all told."""
    call, manager = make_staffed_call()
    decision = make_decision(call, manager)
    decision.notified_at = decision.recorded_at
    decision.save(update_fields=["notified_at"])
    files = {line.outcome: line.application for line in decision.lines.select_related("application")}
    return call, manager, files


def leave(call, manager, file, outcome="withdrawn", number="C-1", **more):
    told = {"act_kind": "courrier", "act_on": yesterday(), "reason": "La commune renonce."}
    return record_leaving(
        call=call, application=file, outcome=outcome, act_number=number, by=manager, at=portal_now(), **told | more
    )


def call_next(call, manager, file, number="BU-2", **more):
    values = {"body": "bureau communautaire", "act_kind": "délibération", "act_on": yesterday(), "reason": ""}
    return promote(call=call, application=file, act_number=number, by=manager, at=portal_now(), **values | more)


def names(lines):
    return [line.application.lead.commune.name for line in lines]


def test_a_withdrawal_leaves_the_list_and_keeps_its_history(told, client) -> None:
    call, manager, files = told
    leave(call, manager, files["selected"])
    assert (laureates(call).count(), names(reserve_of(call, ""))) == (0, ["Harfleur"])
    assert [(line.outcome, line.reason) for line in history_of(call)] == [("withdrawn", "La commune renonce.")]
    page = client_of(manager).get(reverse("laureate_list", args=[call.slug])).content.decode()
    assert "0\u00a0candidature retenue" in page
    assert "La commune renonce." in page
    with pytest.raises(Refused, match="ni retenue ni en liste"):
        leave(call, manager, files["selected"], number="C-2")


def test_the_next_by_rank_takes_the_free_place_and_has_its_letter(told) -> None:
    call, manager, files = told
    with pytest.raises(Refused, match=r"^Aucune place n’est libre"):
        call_next(call, manager, files["reserve"])
    leave(call, manager, files["selected"], "lapsed")
    line = call_next(call, manager, files["reserve"])
    assert (line.outcome, line.rank, line.decision.body) == ("selected", 2, "le bureau communautaire")
    assert laureates(call, notified=True).count() == 0
    assert prepare_notices(decision=line.decision, by=manager, at=portal_now()) == 1
    with pytest.raises(Refused, match="n’est ni retenue|pas en liste complémentaire|Aucune place"):
        call_next(call, manager, files["reserve"], number="BU-3")


def test_ranks_are_called_in_order(told) -> None:
    call, manager, files = told
    DecisionLine.objects.filter(application=files["not_selected"]).update(outcome="reserve", rank=3)
    leave(call, manager, files["selected"])
    with pytest.raises(Refused, match=r"^La liste s’appelle dans l’ordre des rangs : .*Harfleur.* d’abord\.$"):
        call_next(call, manager, files["not_selected"])
    leave(call, manager, files["reserve"], "declined", "C-2")
    assert call_next(call, manager, files["not_selected"]).rank == 3


def test_the_reserve_list_ends_with_its_validity(told) -> None:
    call, manager, files = told
    leave(call, manager, files["selected"])
    late = portal_now() + timedelta(days=200)
    with pytest.raises(Refused, match="n’est plus valable depuis"):
        promote(
            call=call, application=files["reserve"], act_number="BU-2", act_on=yesterday(), body="le bureau",
            act_kind="délibération", reason="", by=manager, at=late,
        )  # fmt: skip


def test_a_member_leaves_a_selected_group_rules_are_replayed_and_the_decision_is_reasoned(told) -> None:
    call, manager, files = told
    member = ApplicationMember.objects.create(
        application=files["selected"], call=call, organisation=make_town_hall(TURRETOT),
        role="member", confirmed_at=portal_now(),
    )  # fmt: skip
    departure = record_departure(
        member=member, told="Délibération n° 4.", left_on=day_of(portal_now()), by=manager, at=portal_now()
    )
    assert (departure.faults, departure.kept) == ([], None)
    actions = client_of(manager).get(reverse("my_actions")).content.decode()
    assert "Décider de la suite pour le groupe" in actions
    with pytest.raises(Refused, match="Écrivez le motif"):
        settle_departure(departure=departure, kept=True, reason=" ", by=manager, at=portal_now())
    settle_departure(departure=departure, kept=True, reason="Le projet reste entier.", by=manager, at=portal_now())
    with pytest.raises(Refused, match="déjà tranché"):
        settle_departure(departure=departure, kept=False, reason="Autre.", by=manager, at=portal_now())
    with pytest.raises(Refused, match="ne fait pas partie du groupe"):
        record_departure(member=member, told="X", left_on=day_of(portal_now()), by=manager, at=portal_now())
    assert MemberDeparture.objects.get().reason == "Le projet reste entier."


def test_the_rules_that_the_group_no_longer_keeps_are_told(told) -> None:
    call, manager, files = told
    call.eligibility_rules.create(
        code="R9", position=9, kind="members", label="Deux communes au moins", effect="blocking",
        parameters={"at_least": 2, "sentence": "La candidature réunit deux communes au moins."},
    )  # fmt: skip
    member = ApplicationMember.objects.create(
        application=files["selected"], call=call, organisation=make_town_hall(TURRETOT), role="member",
        confirmed_at=portal_now(),
    )  # fmt: skip
    departure = record_departure(
        member=member, told="Délibération n° 4.", left_on=day_of(portal_now()), by=manager, at=portal_now()
    )
    assert departure.faults
