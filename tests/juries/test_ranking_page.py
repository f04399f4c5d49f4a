"""The page of the ranking, ordered by the database, says the same as the ranking computed by pure code."""

import random
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calls.models import Grid
from juries.models import AgendaItem, FileScore, JurySession
from juries.queries import RANKED_A_PAGE, ranking_of, ranking_page
from portal.core.clock import portal_now
from portal.territories.models import Commune
from tests.factories import make_application, make_call, make_town_hall

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
                members=3 if scored else 0,
                total=Decimal(chance.choice(("40", "49.99", "50", "61.5", "61.50", "88"))) if scored else None,
                tie_break=[chance.choice((Decimal("0"), Decimal("10"), Decimal("12.25")))] if scored else [],
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
    session = JurySession.objects.create(call=make_call(), held_on=date(2027, 5, 5), place="Le Havre", state="open")
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


def test_the_page_reads_its_own_files_only(session) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert len(list(ranking_page(session, "1"))) == RANKED_A_PAGE
    assert len(captured) == 6  # call, grid, rankings, count, places, files
    assert Commune.objects.count() == FILES
