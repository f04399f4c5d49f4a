"""Files shared out: by hand, in equal parts, by territory; who has what in hand; the table says it and filters it."""

from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications.models import Application, Assignment
from applications.queries.assignment import workload
from applications.services.assignment import assign, share_out
from applications.services.examination import admit, reject
from applications.services.opinions import Asked, ask_opinions, give_opinion, save_opinion
from applications.sharing import by_territory, evenly
from calls.models import CallRole
from portal.core.calendar import add_months, day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused
from tests.applications.staff.makers import client_of, make_deposited, make_staffed_call
from tests.calls.documents import ordinary
from tests.factories import BENOUVILLE, ETRETAT, HARFLEUR, TILLEUL, make_role

TOWNS = (ETRETAT, HARFLEUR, TILLEUL, BENOUVILLE)


@pytest.fixture
def shared():
    """Four deposited files; a manager, two officers of the whole call, one of Étretat only."""
    call, manager = make_staffed_call()
    files = [make_deposited(call, spec) for spec in TOWNS]
    first, second = (make_role(call, "officer", full_name=name) for name in ("Alix", "Bao"))
    local = make_role(call, "officer", full_name="Camille")
    CallRole.objects.filter(user=local).update(scope=[files[0].lead.commune_id])
    return call, manager, files, (first, second, local)


def hands(files):
    return [Application.objects.get(pk=file.pk).officer_id for file in files]


# --- pure --------------------------------------------------------------------------------------------------------


@given(st.integers(0, 40), st.dictionaries(st.integers(0, 9), st.integers(0, 9), min_size=1))
def test_equal_parts_never_leave_the_fewest_behind(count, load):
    shared = evenly(list(range(count)), load)
    assert [file for file, _officer in shared] == list(range(count))
    totals = dict(load)
    for _file, officer in shared:
        assert totals[officer] == min(totals.values())
        totals[officer] += 1


def test_nobody_to_share_with():
    assert evenly(["a"], {}) == []


def test_territory_goes_to_who_covers_it_and_has_the_fewest():
    scopes = {"A": frozenset({"1", "2"}), "B": frozenset({"2"})}
    files = [("f1", "1"), ("f2", "2"), ("f3", "2"), ("f4", "9")]
    assert by_territory(files, scopes, {"A": 0, "B": 0}) == [("f1", "A"), ("f2", "B"), ("f3", "A")]
    assert by_territory(files, scopes, {"A": 5}) == [("f1", "A"), ("f2", "B"), ("f3", "B")]


# --- services ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_nobody_examines_is_shared_in_equal_parts(shared):
    call, manager, files, (first, second, local) = shared
    assign(application=files[0], officer=local, by=manager, at=portal_now())
    given_out = share_out(call=call, how="evenly", by=manager, at=portal_now())
    counts = {row.officer: row.total for row in workload(call, portal_now())}
    assert (counts[local], sorted([counts[manager], counts[first], counts[second]])) == (1, [1, 1, 1])
    assert [file.pk for file, _officer in given_out] == [file.pk for file in files[1:]]
    assert sorted(Assignment.objects.values_list("how", flat=True)) == ["evenly"] * 3 + ["hand"]
    with pytest.raises(Refused, match="ont déjà une personne"):
        share_out(call=call, how="evenly", by=manager, at=portal_now())


@pytest.mark.django_db
def test_by_territory_a_file_of_no_territory_stays(shared):
    call, manager, files, (*_whole, local) = shared
    share_out(call=call, how="territory", by=manager, at=portal_now())
    assert hands(files) == [local.pk, None, None, None]
    with pytest.raises(Refused, match="Aucun territoire confié"):
        share_out(call=call, how="territory", by=manager, at=portal_now())


@pytest.mark.django_db
def test_a_file_goes_to_someone_of_the_team_who_covers_it(shared):
    call, manager, files, (first, _second, local) = shared
    assert assign(application=files[1], officer=first, by=first, at=portal_now())
    assert not assign(application=files[1], officer=first, by=first, at=portal_now())
    with pytest.raises(Refused, match="ne comprend pas cette commune"):
        assign(application=files[1], officer=local, by=manager, at=portal_now())
    with pytest.raises(Refused, match="n’instruit pas cet appel"):
        assign(application=files[1], officer=make_role(call, "reader"), by=manager, at=portal_now())
    assert assign(application=files[1], officer=None, by=manager, at=portal_now())
    changes = list(Assignment.objects.order_by("pk").values_list("officer_id", flat=True))
    assert (changes, hands(files)) == ([first.pk, None], [None] * 4)
    assert all(before <= after for before, after in pairwise(Assignment.objects.values_list("at", flat=True)))
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.update(officer=local)


@pytest.mark.django_db
def test_the_workload_tells_what_is_left_to_examine(shared):
    call, manager, files, (first, *_others) = shared
    for file in files:
        assign(application=file, officer=first, by=manager, at=portal_now())
    admit(application=files[0], by=first, at=portal_now())
    reject(application=files[1], code=None, text="Hors délai.", by=first, at=portal_now())
    row = next(row for row in workload(call, portal_now()) if row.officer == first)
    assert (row.to_examine, row.admitted, row.total) == (2, 1, 3)


# --- screens -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_manager_shares_out_and_the_table_says_who(shared):
    call, manager, files, (first, *_others) = shared
    desk, page = client_of(manager), reverse("staff_workload", args=[call.slug])
    assert "4 candidatures" in ordinary(desk.get(page).content.decode())
    shown = ordinary(desk.post(page, {"comment": "evenly"}).content.decode())
    assert [text in shown for text in ("Ce qui vient d’être réparti", "Chaque candidature a sa personne")] == [True] * 2
    assert client_of(first).post(page, {"comment": "evenly"}).status_code == 403
    table = reverse("staff_communes", args=[call.slug])
    mine = client_of(first).get(f"{table}?charge=moi").content.decode()
    names = [file.lead.commune.name for file in files if Application.objects.get(pk=file.pk).officer == first]
    rows = [
        file.lead.commune.name
        for file in files
        if f'Instruire<span class="visually-hidden"> {file.lead.commune.name}' in mine
    ]
    assert rows == names
    assert "Alix" in mine
    one = reverse("staff_assign", args=[files[0].uuid])
    assert client_of(first).post(one, {"officer": str(first.uuid)}).status_code == 302
    assert Application.objects.get(pk=files[0].pk).officer == first
    assert client_of(first).post(one, {"officer": "personne"}).status_code == 403


@pytest.mark.django_db
def test_the_table_counts_opinions_and_finds_who_waits(shared):
    call, manager, files, _people = shared
    day = add_months(day_of(portal_now()), 1)
    told = {"question": "Inondable ?", "due_on": day, "personal": False, "by": manager, "at": portal_now()}
    people = [Asked("a@x.example", "DDTM"), Asked("b@x.example", "ARS")]
    first, _second = ask_opinions(application=files[0], people=people, **told)
    save_opinion(opinion=first, verdict="favourable", text="", by=first.giver, at=portal_now())
    give_opinion(opinion=first, by=first.giver, at=portal_now())
    desk, table = client_of(manager), reverse("staff_communes", args=[call.slug])
    every, waiting = (ordinary(desk.get(f"{table}{query}").content.decode()) for query in ("", "?suivi=avis"))
    assert "2 avis demandés, 1 reçu" in every
    assert "1 commune</b>" in waiting
    assert "0 commune</b>" in ordinary(desk.get(f"{table}?suivi=complements").content.decode())
