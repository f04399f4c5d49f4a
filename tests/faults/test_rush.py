"""The last minute: all the communes deposit at once, through the server of production, while pieces arrive (J8)."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from applications.models import Attachment, Deposit
from portal.core.models import Job, OutboundEmail
from portal.core.uploads import read_bytes
from tests.applications.files import pdf_upload
from tests.factories import make_call
from tests.faults.acts import Commune, all_at_once, make_communes
from tests.harness import server
from tests.harness.server import Answer, Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.slow]

WRITERS = 6
MOST_TURNS = 60  # a file holds 200 files at most
MINUTE = 60.0  # seconds


@contextmanager
def uploading(port: int, communes: list[Commune]) -> Iterator[list[tuple[str, Answer]]]:
    """Other communes replace their plan again and again; (fingerprint sent, answer) of each."""
    sent: list[tuple[str, Answer]] = []
    done = Event()

    def write(commune: Commune) -> None:
        visitor, turn = Visitor(port, commune.session), 0
        while turn < MOST_TURNS and not (turn and done.is_set()):
            turn += 1
            content = pdf_upload().read() + b"\n%" + f"{commune.key}-{turn}".encode() * 12_000
            answer = visitor.attach(f"{commune.path}pieces/PLAN_SIT/", f"plan-{turn}.pdf", content)
            sent.append((hashlib.sha256(content).hexdigest(), answer))

    with ThreadPoolExecutor(len(communes)) as pool:
        writers = [pool.submit(write, commune) for commune in communes]
        try:
            yield sent
        finally:
            done.set()
        for writer in writers:
            writer.result()


def test_everybody_deposits_in_the_last_minute(production_folder: Path, full_counts: bool) -> None:
    count, call = 300 if full_counts else 40, make_call(prefix="TPS")
    communes, writers = make_communes(call, count), make_communes(call, WRITERS, first=50_000)
    with server.running(production_folder) as port, uploading(port, writers) as sent:
        begun = time.monotonic()
        answers = all_at_once([lambda commune=commune: commune.deposit(port) for commune in communes])
        seconds = time.monotonic() - begun
    print(f"{count} deposits in {seconds:.1f} s, {len(sent)} uploads meanwhile")  # noqa: T201 - docs/evidence.md
    # No error: each was sent to its receipt, each upload to the list of pieces.
    told = [isinstance(a, Answer) and commune.is_told(a) for commune, a in zip(communes, answers, strict=True)]
    assert told == [True] * count, [a for a, right in zip(answers, told, strict=True) if not right][:3]
    assert {(answer.status, answer.location.rpartition("/candidatures/")[2][37:]) for _, answer in sent} == {
        (302, "pieces/")
    }
    assert seconds < MINUTE
    # None lost, none doubled: one deposit, one receipt to draw, one mail to each person, numbers without a gap.
    assert Counter(Deposit.objects.values_list("application_id", "n")) == Counter(
        (c.application.pk, 1) for c in communes
    )
    numbers = call.applications.exclude(number=None).values_list("number", flat=True)
    assert sorted(numbers) == [f"TPS-2027-{n:04d}" for n in range(1, count + 1)]
    mails = OutboundEmail.objects.filter(kind="applications.receipt")
    assert set(Counter(mails.values_list("recipient", flat=True)).values()) == {1}
    assert mails.count() == 2 * count
    assert Job.objects.filter(kind="documents.render").count() == count
    # Every file that was said to be joined is there, whole.
    kept = Attachment.objects.filter(application__in=[c.application for c in writers], piece_code="PLAN_SIT")
    held = [row.file for row in kept.exclude(file__name="PLAN_SIT.pdf").select_related("file")]
    assert sorted(file.sha256 for file in held) == sorted(fingerprint for fingerprint, _ in sent)
    assert all(hashlib.sha256(read_bytes(file)).hexdigest() == file.sha256 for file in held)
    assert len(sent) >= WRITERS
