"""The envelope of a call: the same euros along every axis, each figure with the files that make it."""

from decimal import Decimal
from random import Random

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications.funding.spreading import spread
from applications.models import AnswerFact, DecisionLine
from applications.services.decision import PROPOSALS, Line, record_decision
from calls.definition.money import Cut
from calls.models import Call, CallRole, Question
from portal.core.clock import portal_now
from support.money.envelopes import Draw, drawn, lines_of, summed
from support.money.queries_envelope import draws_of, money_of
from tests.applications.staff.makers import client_of, make_examined, make_staffed_call, make_strata, yesterday
from tests.factories import make_role
from tests.support.factories import make_agreement, make_laureate, make_programme, sign_backdated

euro = st.decimals(min_value=0, max_value=10**9, places=2)
STRATA = {
    "axis": "stratum",
    "shares": [
        {"code": "A", "label": "Moins de 1 000 hab.", "amount": 40_000},
        {"code": "B", "label": "1 000 hab. et plus", "amount": 60_000},
    ],
}
FUNDERS = {
    "axis": "funder",
    "shares": [{"code": "ETAT", "label": "État", "amount": 70_000}, {"code": "CU", "label": "CU", "amount": 30_000}],
}
MONEY = {
    "total": 100_000,
    "cuts": [STRATA, FUNDERS],
    "outside": [{"code": "JOURS", "label": "Ingénierie", "amount": 12_345}],
}


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ").split())


# --- pure ----------------------------------------------------------------------------------------------------------


def test_the_cents_left_go_to_the_largest_remainders() -> None:
    ten = Decimal("10.00")
    assert spread(ten, {"a": Decimal(1), "b": Decimal(1), "c": Decimal(1)}) == {
        "a": Decimal("3.34"), "b": Decimal("3.33"), "c": Decimal("3.33"),
    }  # fmt: skip
    assert spread(Decimal("0.05"), {"a": Decimal(1), "b": Decimal(3)}) == {"a": Decimal("0.01"), "b": Decimal("0.04")}
    assert spread(ten, {"a": Decimal(0), "b": Decimal(0)}) == {"a": Decimal(5), "b": Decimal(5)}
    assert spread(ten, {}) == {}


@given(euro, st.dictionaries(st.text(min_size=1, max_size=3), euro, min_size=1, max_size=8), st.randoms())
def test_spread_loses_no_cent_whatever_the_order(amount: Decimal, weights: dict[str, Decimal], random: Random) -> None:
    parts = spread(amount, weights)
    assert sum(parts.values()) == amount
    assert min(parts.values()) >= 0
    mixed = list(weights.items())
    random.shuffle(mixed)
    assert spread(amount, dict(mixed)) == parts


draws = st.lists(
    st.builds(
        Draw,
        st.integers(1, 10**6),
        st.sampled_from(["asked", "reserved", "committed"]),
        euro,
        codes=st.fixed_dictionaries({"stratum": st.sampled_from(["A", "B", "Z", ""])}),
    ),
    max_size=12,
    unique_by=lambda draw: draw.file,
)


@given(draws, st.sampled_from([STRATA, FUNDERS]))
def test_every_axis_makes_the_same_sums_and_each_figure_its_list(found: list[Draw], axis: dict) -> None:
    cut, whole = Cut.model_validate(axis), summed("", "", Decimal(100_000), found)
    lines = lines_of(cut, found)
    for stage in ("asked", "reserved", "committed"):
        assert sum(getattr(line, stage) for line in lines) == getattr(whole, stage)
        for line in lines:
            assert sum(drawn(found, stage, cut, line.code).values()) == getattr(line, stage)
    assert sum(line.left or -line.reserved - line.committed for line in lines if line.total or line.code == "") == (
        whole.left
    )


def test_what_belongs_to_no_part_stands_apart() -> None:
    cut = Cut.model_validate(STRATA)
    lines = lines_of(cut, [Draw(1, "committed", Decimal(10), codes={"stratum": "Z"})])
    assert [(line.label, line.committed, line.left) for line in lines] == [
        ("Moins de 1 000 hab.", 0, 40_000), ("1 000 hab. et plus", 0, 60_000), ("Hors des parts prévues", 10, None),
    ]  # fmt: skip


# --- from the rows -------------------------------------------------------------------------------------------------


def make_money_call() -> tuple[Call, object, list]:
    """Three admissible files: Étretat (B) asks 10 000 €, Harfleur (B) 20 000,01 €, Le Tilleul (A) 5 000 €."""
    call, manager = make_staffed_call()
    call.extras["money"] = MONEY
    call.save()
    make_strata(call)
    call.grid.max_selected = 2
    call.grid.save()
    Question.objects.create(
        call=call, section=call.sections.first(), code="AIDE", kind="money", position=99, label="Aide", is_fact=True,
        required=False,
    )  # fmt: skip
    files = make_examined(call, manager)
    for file, amount in zip(files, ("10000", "20000.01", "5000"), strict=True):
        deposit = file.deposits.get()
        AnswerFact.objects.create(deposit=deposit, question_code="AIDE", number=Decimal(amount))
    return call, manager, files


def sums(call: Call) -> dict[str, tuple]:
    """{part: (asked, reserved, committed, left)} of the whole and of the strata."""
    money, found = money_of(call), draws_of(call)
    lines = [summed("", "", money.total, found), *lines_of(money.cuts[0], found)]
    return {line.code: (line.asked, line.reserved, line.committed, line.left) for line in lines}


@pytest.mark.django_db
def test_money_is_asked_then_reserved_then_committed() -> None:
    call, manager, (etretat, harfleur, tilleul) = make_money_call()
    D = Decimal
    assert sums(call) == {
        "": (D("35000.01"), 0, 0, 100_000), "A": (5_000, 0, 0, 40_000), "B": (D("30000.01"), 0, 0, 60_000),
    }  # fmt: skip

    def proposed(of: Call) -> list:
        return [(harfleur, "selected", 1, None, ""), (tilleul, "not_selected", None, None, "")] if of == call else []

    PROPOSALS.append(proposed)
    try:
        assert sums(call)["B"] == (10_000, D("20000.01"), 0, D("39999.99"))
    finally:
        PROPOSALS.remove(proposed)
    lines = [
        Line(etretat, "selected", "Juste.", 1, amount=D("9000.01")),
        Line(harfleur, "selected", "Juste.", 2),
        Line(tilleul, "not_selected", "Hors sujet."),
    ]
    decision = record_decision(
        call=call, body="le bureau", act_number="BU-1", act_on=yesterday(), lines=lines, by=manager, at=portal_now()
    )
    assert sums(call) == {
        "": (0, D("29000.02"), 0, D("70999.98")), "A": (0, 0, 0, 40_000), "B": (0, D("29000.02"), 0, D("30999.98")),
    }  # fmt: skip
    decision.notified_at = portal_now()
    decision.save()
    # What is told is what was decided: nothing was written for Harfleur, and nothing is invented.
    assert sums(call)[""] == (0, 0, D("9000.01"), D("90999.99"))
    assert [(draw.file, draw.known) for draw in draws_of(call)] == [(etretat.pk, True), (harfleur.pk, False)]


@pytest.mark.django_db
def test_an_agreement_in_force_commits_what_it_gives_shared_as_decided() -> None:
    call = make_programme()
    lines = [make_laureate(call), make_laureate(call, ("76305", "217603059", "Gonfreville", 0, 9000), n=2)]
    for line, amount in zip(lines, (1_000, 2_000), strict=True):
        DecisionLine.objects.filter(pk=line.pk).update(amount=amount)
    manager = make_role(call)
    agreement = make_agreement(call, *lines, manager=manager)
    agreement.amount = Decimal("100.00")
    agreement.save()
    assert [draw.amount for draw in draws_of(call)] == [1_000, 2_000]
    sign_backdated(agreement, manager)
    assert [draw.amount for draw in draws_of(call)] == [Decimal("33.33"), Decimal("66.67")]
    agreement.state, agreement.ended_on = "terminated", yesterday()
    agreement.save()
    assert [draw.amount for draw in draws_of(call)] == [0, 0]


@pytest.mark.django_db
def test_the_page_says_the_figures_and_each_opens_its_files() -> None:
    call, manager, (etretat, harfleur, _) = make_money_call()
    client = client_of(manager)
    page = plain(client.get(reverse("envelope", args=[call.slug])).content.decode())
    for said in (
        "<h2 id=\"axe-2\">Par strate</h2>",
        "<h2 id=\"axe-3\">Par financeur</h2>",
        "Ingénierie", "12 345,00 €", "Ces sommes ne sont dans aucun total ci-dessus.",
        "Entre financeurs, une aide que personne ne suit encore est répartie en proportion de leur part.",
    ):  # fmt: skip
        assert said in page
    address = f"{reverse('envelope_files', args=[call.slug])}?etat=asked&amp;axe=stratum&amp;part=B"
    assert f'<a href="{address}">30 000,01 €' in page
    files = plain(client.get(address.replace("&amp;", "&")).content.decode())
    assert "<b>2 candidatures</b>, 30 000,01 € en tout" in files
    assert {file.number for file in (etretat, harfleur)} == {
        file.number for file in call.applications.all() if file.number in files
    }
    assert client.get(address.replace("&amp;", "&").replace("stratum", "track")).status_code == 404


@pytest.mark.django_db
def test_an_exceeded_envelope_says_by_how_much() -> None:
    call, manager, files = make_money_call()
    call.extras["money"] = {"total": 20_000}
    call.save()
    PROPOSALS.append(lambda of: [(file, "selected", n, None, "") for n, file in enumerate(files, 1) if of == call])
    try:
        page = plain(client_of(manager).get(reverse("envelope", args=[call.slug])).content.decode())
    finally:
        PROPOSALS.pop()
    assert "L’enveloppe est dépassée de 15 000,01 €." in page


@pytest.mark.django_db
def test_a_role_over_some_communes_does_not_read_the_totals() -> None:
    call, _, _ = make_money_call()
    reader = make_role(call, "reader")
    assert client_of(reader).get(reverse("envelope", args=[call.slug])).status_code == 200
    CallRole.objects.filter(user=reader).update(scope=["76254"])
    assert client_of(reader).get(reverse("envelope", args=[call.slug])).status_code == 404
    assert client_of(make_role(call, "adviser")).get(reverse("envelope", args=[call.slug])).status_code == 404
