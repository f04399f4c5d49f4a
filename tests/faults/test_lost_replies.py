"""A2, A16: the deposit is committed and its answer lost on the way; the same form sent again finds the same receipt."""

from collections import Counter
from pathlib import Path

import pytest

from applications.models import Deposit, DepositAttempt
from portal.core.models import OutboundEmail
from tests.factories import make_call
from tests.faults.acts import all_at_once, make_communes
from tests.harness import server
from tests.harness.proxy import losing_answers
from tests.harness.server import Answer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.slow]

AT_ONCE = 8


def test_an_answer_lost_by_the_line_doubles_nothing(production_folder: Path, full_counts: bool) -> None:
    communes = make_communes(make_call(), 300 if full_counts else 16)
    with server.running(production_folder) as port, losing_answers(port) as proxy:
        lost: list[Answer | Exception] = []
        for start in range(0, len(communes), AT_ONCE):
            some = communes[start : start + AT_ONCE]
            lost += all_at_once([lambda commune=commune: commune.deposit(port, through=proxy.port) for commune in some])
        # The person saw an error; what they sent was received.
        assert [answer for answer in lost if isinstance(answer, Answer)] == []
        assert proxy.lost == len(communes) == Deposit.objects.count()
        proxy.losing = False
        again = [commune.deposit(port, through=proxy.port) for commune in communes]
    assert [commune.is_told(answer) for commune, answer in zip(communes, again, strict=True)] == [True] * len(communes)
    assert set(Counter(Deposit.objects.values_list("application_id", flat=True)).values()) == {1}
    assert DepositAttempt.objects.filter(accepted=True).count() == len(communes)
    mails = OutboundEmail.objects.filter(kind="applications.receipt").values_list("recipient", flat=True)
    assert set(Counter(mails).values()) == {1}
