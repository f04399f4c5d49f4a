"""A call of a document, with a jury, two windows for two tracks, two strata; the communes of its perimeter."""

from datetime import timedelta
from itertools import count
from pathlib import Path

from calls.models import Call
from calls.services.publication import import_call, publish_call
from portal.accounts.models import User
from portal.core.clock import portal_now
from portal.core.models import Job
from portal.core.outbox import claim, run_job
from portal.core.spaces import inside
from portal.rehearsals.models import Rehearsal
from portal.rehearsals.player import JOB
from portal.rehearsals.services import start
from portal.rehearsals.tasks import work
from tests.factories import make_commune, make_institution, make_user

DOCUMENT = Path(__file__).with_name("call.yaml")
_serial = count(1)


def make_communes(number: int) -> None:
    """Invented communes of Le Havre Seine Métropole, one in two above 2 000 inhabitants."""
    for n in range(1, number + 1):
        make_commune((f"77{n:03d}", f"21770{n:03d}0"[:9], f"Commune {n}", 0, 400 if n % 2 else 4000))


def make_document_call(*, state: str = "draft", communes: int = 12) -> tuple[Call, User]:
    """The call of the document and who manages it."""
    owner, manager = make_institution(), make_user(f"gestion{next(_serial)}@exemple.fr", role_title="Gestion")
    make_communes(communes)
    call = import_call(DOCUMENT.read_text(), owner=owner, by=manager, at=portal_now() - timedelta(days=1))
    if state == "published":
        publish_call(call=call, asked_by=manager, by=make_user(), at=portal_now())
    return call, manager


def start_rehearsal(call: Call, manager: User, stage: str = "open", files: int = 3) -> Rehearsal:
    return start(call=call, stage=stage, files=files, by=manager, at=portal_now())


def play_steps(rehearsal: Rehearsal) -> None:
    """The steps only: documents stay to be rendered, which is most of the time of a rehearsal."""
    with inside(rehearsal.space):
        while jobs := claim(Job.objects.filter(kind=JOB, state="queued"), state="running", at=portal_now(), limit=1):
            run_job(jobs[0])


def play_all(rehearsal: Rehearsal) -> None:
    """What the worker does until nothing is left to do."""
    work(rehearsal, most=10_000)
