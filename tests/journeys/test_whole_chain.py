"""The whole chain of one call, through the pages and the mails, from the institution to the support."""

import pytest

from . import deciding, filing, judging, opening
from .story import BENOUVILLE, TILLEUL, TURRETOT, Story, on
from .territory import import_communes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_from_the_institution_to_the_support() -> None:
    story = Story()
    import_communes()
    with on(2027, 1, 12):
        opening.found_the_institution(story)
        opening.publish_the_call(story)
        opening.gather_the_team(story)
    with on(2027, 1, 15, 9, 5):
        opening.invite_the_town_halls(story)
    with on(2027, 2, 8):
        filing.the_secretary_arrives(story)
    with on(2027, 2, 9):
        filing.the_town_hall_confirms(story)
        filing.the_secretary_writes(story)
        filing.the_town_hall_says_who_signs(story)
    with on(2027, 2, 10):
        filing.the_mayor_deposits(story)
    with on(2027, 3, 30):
        filing.an_agent_continues(story)
        for insee in (TURRETOT, BENOUVILLE, TILLEUL):
            filing.others_write(story, insee)
        filing.deposits_in_time(story, TURRETOT)
        filing.deposits_in_time(story, BENOUVILLE)
    with on(2027, 3, 31, 23, 59, 30):
        filing.open_deposit_page(story, TILLEUL)
    with on(2027, 4, 1, 0, 0, 0):
        filing.deposits_too_late(story, TILLEUL)
    with on(2027, 4, 14):
        judging.the_officer_examines(story)
    with on(2027, 4, 16):
        judging.the_jury_is_composed(story)
    with on(2027, 4, 20):
        judging.the_members_arrive(story)
    with on(2027, 4, 29):
        judging.the_members_score(story)
    with on(2027, 5, 5, 9):
        judging.the_session_is_held(story)
    with on(2027, 5, 27, 18, 30):
        deciding.the_board_decides(story)
        deciding.the_letters_leave(story)
    with on(2027, 6, 4):
        deciding.the_agreement_is_signed(story)
    with on(2027, 6, 21):
        deciding.the_support_lives(story)
