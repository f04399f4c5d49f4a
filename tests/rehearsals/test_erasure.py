"""A rehearsal leaves no trace: table by table, number by number, file by file, the portal is as it was before."""

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from applications.models import Application, DecisionLine
from calls.models import Call
from juries.models import ProposalLine
from portal.core.models import FrozenDocument, Job, OutboundEmail
from portal.core.spaces import inside
from portal.rehearsals import player, services, tables
from tests.rehearsals.makers import make_document_call, play_all, start_rehearsal

pytestmark = pytest.mark.django_db


def photograph() -> dict[str, tuple]:
    """Of every table: how many rows, and a fingerprint of all of them, columns and identifiers included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM public.{table} t")
            found[table] = cursor.fetchone()
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
        found["sequences"] = tuple(sorted(row for row in cursor.fetchall() if not row[0].startswith("rehearsals_")))
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' ORDER BY 1")
        found["schemas"] = tuple(cursor.fetchall())
    return found


def files_on_disk() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def files_by_stratum(files: int) -> dict[str, int]:
    """How many files deposited by stratum."""
    call = Call.objects.get()
    leads = [file.lead.commune for file in Application.objects.filter(number__isnull=False)]
    return dict(Counter(player.stratum_code(call, commune) for commune in leads))


@pytest.fixture
def own_files(settings, tmp_path: Path) -> None:
    """A folder of files of one's own: other tests write theirs at the same time."""
    settings.MEDIA_ROOT = tmp_path / "fichiers"


@pytest.mark.usefixtures("own_files")
def test_from_the_opening_to_the_rankings_then_nothing(full_counts) -> None:
    files = 200 if full_counts else 12
    call, manager = make_document_call(communes=files)
    rows, disk = photograph(), files_on_disk()
    rehearsal = start_rehearsal(call, manager, stage="decision", files=files)
    play_all(rehearsal)
    with inside(rehearsal.space):
        assert set(Job.objects.values_list("state", "last_error")) == {("done", "")}
        assert Application.objects.filter(number__isnull=False).count() == files
        assert files_by_stratum(files) == {"PETITES": files // 2, "GRANDES": files // 2}
        apart = Counter(ProposalLine.objects.values_list("ranking", flat=True))
        assert apart == dict.fromkeys(("PP", "PG", "CP", "CG"), files // 4)
        selected = ProposalLine.objects.filter(outcome="selected").values_list("ranking", "rank")
        assert sorted(selected) == [(code, rank) for code in ("CG", "CP", "PG", "PP") for rank in (1, 2)]
        assert DecisionLine.objects.count() == files
        assert set(FrozenDocument.objects.values_list("state", "snapshot__document__trial")) == {("ready", True)}
        assert set(OutboundEmail.objects.values_list("state", flat=True)) == {"shown"}
    assert files_on_disk() > disk
    services.erase(rehearsal=rehearsal)
    assert photograph() == rows
    assert files_on_disk() == disk
    assert tables.schemas() == []
