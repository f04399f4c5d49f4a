"""The page of the ranking, ordered by the database, says the same as the ranking computed by pure code."""

import random
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.models import Grid, Ranking
from juries.models import AgendaItem, FileScore, JurySession
from juries.queries import RANKED_A_PAGE, ranking_of, ranking_page
from portal.core.clock import portal_now
from portal.territories.models import Commune
from tests.factories import make_application, make_call, make_town_hall

ANY = {"kind": "applicant", "kinds": ["commune"]}
FILES = 2 * RANKED_A_PAGE + 7


def make_files(session: JurySession, count: int) -> None:
    """Files with few different scores (many ties), some knocked out, refused, put off, never scored."""
    chance, at = random.Random(7), portal_now()
    for n in range(count):
        town = make_town_hall((f"{n + 1:05d}", f"{100000000 + n}", f"Commune {n}", 0, 100))
        file = make_application(session.call, town, number=f"T-{n:04d}", state="admissible")
        scored = chance.random() < 0.9
        if chance.random() < 0.95:
            FileScore.objects.create(
                application=file,
                ranking=chance.choice(("", "A", "B")),
                members=3 if scored else 0,
                total=Decimal(chance.choice(("40", "49.99", "50", "61.5", "61.50", "88"))) if scored else None,
                tie_break=[Decimal(chance.choice(("0", "10", "12.25"))) for _ in range(2)] if scored else [],
                knocked_out=scored and chance.random() < 0.1,
            )
        AgendaItem.objects.create(
            session=session,
            application=file,
            position=n + 1,
            state="waiting" if n % 11 == 10 else "closed",
            closed_at=at,
            result=chance.choice(("favourable", "favourable", "favourable", "unfavourable", "no_vote")),
        )


@pytest.fixture
def session(db: None) -> JurySession:
    call = make_call()
    Ranking.objects.create(
        call=call, code="B", position=1, label="Volet B", condition=ANY, threshold=45, max_selected=3
    )
    Ranking.objects.create(call=call, code="A", position=2, label="Volet A", condition=ANY, reserve_size=2)
    session = JurySession.objects.create(call=call, held_on=date(2027, 5, 5), place="Le Havre", state="open")
    make_files(session, FILES)
    return JurySession.objects.get(pk=session.pk)


@pytest.mark.parametrize(
    ("threshold", "places", "reserve"),
    [(Decimal("50"), 12, 4), (None, 12, 4), (Decimal("61.5"), None, 0), (Decimal("0"), 0, 3), (Decimal("100"), 5, 5)],
)
def test_page_after_page_it_is_the_pure_ranking(session, threshold, places, reserve) -> None:
    Grid.objects.filter(call=session.call).update(threshold=threshold, max_selected=places, reserve_size=reserve)
    session = JurySession.objects.get(pk=session.pk)
    first = ranking_page(session, None)
    pages = [ranking_page(session, str(n)) for n in first.paginator.page_range]
    assert [len(page) for page in pages[:-1]] == [RANKED_A_PAGE] * (len(pages) - 1)
    shown = [row for page in pages for row in page]
    assert [(row.item, row.line, row.score, row.knocked_out) for row in shown] == [
        (row.item, row.line, row.score, row.knocked_out) for row in ranking_of(session)
    ]


def test_the_database_orders_as_pure_code_does_on_random_files(session) -> None:
    """Random scores and ties, rewritten many times on the same files: never a difference."""
    rows = list(FileScore.objects.filter(application__agenda_items__session=session))[:40]
    AgendaItem.objects.exclude(application__jury_score__in=rows).update(state="waiting", result="")

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(*[st.integers(0, 2)] * 4), min_size=len(rows), max_size=len(rows)))
    def agree(drawn: list[tuple[int, int, int, int]]) -> None:
        for row, (total, first, second, code) in zip(rows, drawn, strict=True):
            row.total = Decimal(50 + total) if row.members else None
            row.tie_break, row.ranking = [Decimal(first), Decimal(second)], ("", "A", "B")[code]
        FileScore.objects.bulk_update(rows, ["total", "tie_break", "ranking"])
        shown = list(ranking_page(session, "1"))
        assert [(row.item.pk, row.line) for row in shown] == [(row.item.pk, row.line) for row in ranking_of(session)]

    agree()


def test_the_page_reads_its_own_files_only(session) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert len(list(ranking_page(session, "1"))) == RANKED_A_PAGE
    assert len(captured) == 7  # call, departures, grid, rankings, count, places, files
    assert Commune.objects.count() == FILES
