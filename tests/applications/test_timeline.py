"""The timeline of a file: everything that happened, in order, with its author; the service's own talk for it alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications import states
from applications.models import Application
from applications.queries.timeline import timeline_of
from applications.services.admissibility import settle_reservation
from applications.services.completion import Wanted, ask_completion, save_completion, send_completion
from applications.services.examination import admit
from applications.services.opinions import Asked, ask_opinions, give_opinion, save_opinion
from applications.services.talk import add_note, send_message
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from tests.applications.files import deposit, make_ready
from tests.applications.staff.makers import client_of, make_staffed_call
from tests.calls.documents import ordinary
from tests.factories import make_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def lived():
    """A file deposited, completed, opined upon, talked about, admitted under a reservation that was lifted."""
    call, _manager = make_staffed_call()
    application, secretary, mayor = make_ready(call)
    deposit(application, mayor)
    officer = make_role(call, "officer", full_name="Instructrice")
    file, day = Application.objects.get(pk=application.pk), day_of(portal_now()) + timedelta(days=9)
    asked = ask_completion(
        application=file,
        message="Précisez.",
        due_on=day,
        wanted=[Wanted("question", "Q2")],
        by=officer,
        at=portal_now(),
    )
    save_completion(request=asked, typed={"Q2": "1 350"}, reply="", version=0, by=secretary, at=portal_now())
    key = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
    send_completion(request=asked, idempotency_key=key, by=secretary, web_clock_at=portal_now())
    (opinion,) = ask_opinions(
        application=file, people=[Asked("e@x.example", "DDTM")], question="Inondable ?", due_on=day, personal=False,
        by=officer, at=portal_now(),
    )  # fmt: skip
    save_opinion(opinion=opinion, verdict="favourable", text="", by=opinion.giver, at=portal_now())
    give_opinion(opinion=opinion, by=opinion.giver, at=portal_now())
    send_message(application=file, side="service", text="Bonjour.", by=officer, at=portal_now())
    add_note(application=file, text="À surveiller.", by=officer, at=portal_now())
    admit(application=file, by=officer, at=portal_now(), reservations=["Joindre l’acte."])
    reservation = file.reservations.get()
    settle_reservation(reservation=reservation, act=states.LIFT, reason="Reçu.", by=officer, at=portal_now())
    return Application.objects.select_related("call").get(pk=file.pk), officer


def test_everything_is_there_in_order_with_its_author(lived):
    file, officer = lived
    facts = timeline_of(file, private=True)[:50]
    assert [fact.title for fact in facts] == [
        "Réserve levée", "Déclarée recevable", "Réserve émise", "Note interne", "Message du service",
        "Avis rendu : DDTM, favorable", "Avis demandé : DDTM", "Version 2, qui apporte les compléments",
        "Compléments transmis", "Compléments demandés", "Candidature déposée",
    ]  # fmt: skip
    assert {fact.who for fact in facts if fact.kind == "recevabilite"} == {str(officer)}
    assert [fact.kind for fact in timeline_of(file, private=False)[:50] if fact.kind == "echanges"] == []


def test_it_costs_as_much_whatever_happened(lived, django_assert_num_queries):
    file, officer = lived
    for n in range(5):
        send_message(application=file, side="service", text=f"Message {n}.", by=officer, at=portal_now())
        add_note(application=file, text=f"Note {n}.", by=officer, at=portal_now())
    with django_assert_num_queries(12):
        facts = timeline_of(file, private=True)[:50]
    assert len(facts) == 21


def test_one_subject_at_a_time(lived):
    file, officer = lived
    url = reverse("staff_timeline", args=[file.uuid])
    desk = client_of(officer)
    everything, some = (ordinary(desk.get(path).content.decode()) for path in (url, f"{url}?sujet=avis"))
    marks = ("Avis demandé : DDTM", "Candidature déposée", "Note interne")
    assert [mark in everything for mark in marks] == [True] * 3
    assert [mark in some for mark in marks] == [True, False, False]


def test_a_long_talk_is_read_page_by_page(lived):
    file, officer = lived
    for n in range(60):
        add_note(application=file, text=f"Note {n:02d}.", by=officer, at=portal_now())
    url = reverse("staff_timeline", args=[file.uuid])
    desk = client_of(officer)
    first, second = (ordinary(desk.get(f"{url}?page={n}").content.decode()) for n in (1, 2))
    assert [text in first for text in ("Note 59.", "Note 10.", "Note 09.")] == [True, True, False]
    assert [text in second for text in ("Note 09.", "Candidature déposée")] == [True, True]
    assert "71 faits" in first
