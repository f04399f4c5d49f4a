"""A rehearsal beside the life of the portal: never counted, never in the way, never longer than thirty days."""

import re
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse

from calls.models import Call, DownloadFile, Window
from calls.queries import published_calls
from portal.accounts.models import InstitutionProfile
from portal.core.clock import at_instant, portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from portal.core.spaces import SpaceGone, inside
from portal.core.uploads import store_bytes
from portal.rehearsals import services, tables, tasks
from portal.rehearsals.models import Rehearsal
from tests.harness.disk import path_of
from tests.rehearsals.makers import make_document_call, play_steps, start_rehearsal

pytestmark = pytest.mark.django_db


def pages_of(call: Call, manager) -> dict[str, str]:
    """What the public and the staff read of the call, the clock of the pages set still."""
    anonymous, staff = Client(), Client()
    staff.force_login(manager)
    public = [reverse("call_list"), reverse("landing"), reverse("call_page", args=[call.slug])]
    own = [
        reverse(name, args=[call.slug])
        for name in ("staff_call", "staff_communes", "invitation_report", "jury_staff", "decision", "call_team")
    ]
    own += [reverse("staff_calls"), reverse("reminders"), reverse("my_actions")]
    read = {path: anonymous.get(path) for path in public} | {path: staff.get(path) for path in own}
    return {path: response.content.decode().split("<main", 1)[-1] for path, response in read.items()}


def without_tokens(pages: dict[str, str]) -> dict[str, str]:
    """But for what changes at each request: the token of the forms, the instant of the countdown."""
    moving = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|data-now="[^"]*"')
    return {path: moving.sub("", page) for path, page in pages.items()}


def test_a_rehearsal_changes_no_page_of_the_portal() -> None:
    """Lists, figures, table of the communes, dashboards, reminders, mails: the same to the letter."""
    call, manager = make_document_call(state="published")
    with at_instant(call.windows.get(code="W1").opens_at + timedelta(days=5)):
        before = without_tokens(pages_of(call, manager))
        rehearsal = start_rehearsal(call, manager, stage="jury", files=4)
        play_steps(rehearsal)
        after = without_tokens(pages_of(call, manager))
        assert {path for path in after if after[path] != before[path]} == set()
        assert all(before.values())
    assert [found.pk for found in published_calls()] == [call.pk]
    assert not OutboundEmail.objects.exclude(kind__startswith="approval").exists()


def test_a_real_call_keeps_its_clock_and_its_limit() -> None:
    """The rehearsal is past the limit, the call is not; production refuses to shift any clock but a rehearsal's."""
    call, manager = make_document_call(state="published")
    rehearsal = start_rehearsal(call, manager, stage="closed", files=0)
    limit = call.windows.get(code="W1").closes_at
    with inside(rehearsal.space):
        assert portal_now() > Window.objects.get(code="W1").closes_at
    assert portal_now() < limit


def test_production_shifts_the_clock_of_a_rehearsal_only(settings) -> None:
    call, manager = make_document_call()
    rehearsal = start_rehearsal(call, manager, files=2)
    settings.CLOCK_MAY_SHIFT = False
    play_steps(rehearsal)
    with inside(rehearsal.space):
        assert Call.objects.get().applications.count() == 2
    with pytest.raises(ImproperlyConfigured), at_instant(portal_now()):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.rehearsal_offset', '900 days', true)")
    assert portal_now() - tables.rows("SELECT clock_timestamp()")[0][0] < timedelta(seconds=2)


def test_the_worker_plays_every_rehearsal_and_sends_nothing(mailoutbox) -> None:
    call, manager = make_document_call()
    rehearsal = start_rehearsal(call, manager, stage="closed", files=1)
    tasks.play()
    with inside(rehearsal.space):
        assert set(tables.rows("SELECT DISTINCT state FROM core_job")) == {("done",)}
        assert set(tables.rows("SELECT DISTINCT snapshot->'document'->>'trial' FROM core_frozendocument")) == {
            ("true",)
        }
        assert set(tables.rows("SELECT DISTINCT state FROM core_outboundemail")) == {("shown",)}
    assert mailoutbox == []


def test_after_thirty_days_it_is_erased() -> None:
    call, manager = make_document_call()
    rehearsal = start_rehearsal(call, manager, files=0)
    assert services.sweep(portal_now() + timedelta(days=29)) == 0
    assert services.sweep(rehearsal.expires_at) == 1
    assert (Rehearsal.objects.count(), tables.schemas()) == (0, [])


def test_a_schema_that_no_row_names_is_erased() -> None:
    schema = f"rehearsal_{uuid4().hex}"
    tables.create_schema(schema, timedelta(0))
    assert services.sweep(portal_now()) == 1
    assert tables.schemas() == []


def test_a_local_call_is_rehearsed_without_its_model() -> None:
    """Its locks were held when it was written; the model itself is not in the rehearsal."""
    call, manager = make_document_call()
    Call.objects.filter(pk=call.pk).update(extras={**call.extras, "inherits": "modele-national"})
    call.refresh_from_db()
    with inside(start_rehearsal(call, manager, files=0).space):
        assert Call.objects.get().extras["inherits"] is None


def test_the_institution_and_its_logo_are_there_and_the_logo_outlives_the_rehearsal() -> None:
    call, manager = make_document_call()
    logo = store_bytes(b"<svg/>", name="logo.svg", detected_type="image/svg+xml", by=manager, at=portal_now())
    InstitutionProfile.objects.update(logo=logo)
    rehearsal = start_rehearsal(call, manager, files=0)
    with inside(rehearsal.space):
        assert InstitutionProfile.objects.get().logo.key == logo.key
    services.erase(rehearsal=rehearsal)
    assert path_of(logo.key).exists()


def test_what_candidates_download_is_there_and_outlives_the_rehearsal() -> None:
    call, manager = make_document_call()
    model = store_bytes(b"%PDF-1.7", name="modele.pdf", detected_type="application/pdf", by=manager, at=portal_now())
    for code in ("MODELE", "NOTICE"):  # two documents, one file
        DownloadFile.objects.create(call=call, code=code, file=model, kept_at=portal_now())
    rehearsal = start_rehearsal(call, manager, files=0)
    with inside(rehearsal.space):
        assert set(DownloadFile.objects.values_list("code", "file_id")) == {
            ("MODELE", model.key),
            ("NOTICE", model.key),
        }
    services.erase(rehearsal=rehearsal)
    assert path_of(model.key).exists()


def test_a_call_without_jury_begins_before_it() -> None:
    call, manager = make_document_call()
    call.seat_templates.all().delete()
    with pytest.raises(Refused, match="n’a pas de jury"):
        start_rehearsal(call, manager, stage="jury")


def test_a_perimeter_without_commune_is_refused() -> None:
    call, manager = make_document_call(communes=0)
    with pytest.raises(Refused, match="Aucune commune du périmètre"):
        start_rehearsal(call, manager, files=3)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_whoever_is_inside_is_waited_for_and_nobody_falls_into_the_portal(monkeypatch) -> None:
    """A request lives in the space while another erases it: refused; once it has left, erased, and it cannot come back."""
    monkeypatch.setattr(tables, "PATIENCE", "300ms")
    call, manager = make_document_call()
    rehearsal = start_rehearsal(call, manager, files=0)
    entered, leave, seen = threading.Event(), threading.Event(), []

    def request() -> None:
        try:
            with inside(rehearsal.space):
                entered.set()
                leave.wait(20)
                seen.append(Call.objects.get().pk)
            seen.append(portal_now() - tables.rows("SELECT clock_timestamp()")[0][0] < timedelta(seconds=2))
            services.erase(rehearsal=rehearsal)
            with inside(rehearsal.space):
                seen.append("inside")
        except SpaceGone:
            seen.append("gone")
        finally:
            connections.close_all()

    thread = threading.Thread(target=request)
    thread.start()
    assert entered.wait(20)
    with pytest.raises(Refused, match="encore en cours"):
        services.erase(rehearsal=rehearsal)
    assert Rehearsal.objects.exists()
    leave.set()
    thread.join(30)
    assert seen[1:] == [True, "gone"]
    assert tables.schemas() == []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert cursor.fetchone() == (0,)
