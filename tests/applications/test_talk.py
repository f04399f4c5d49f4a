"""Messages told by mail, notes that stay inside, contacts before any file, one « point d’étape » to all who wait."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.models import Application, ContactEntry, InternalNote, Message, MessageFile, ProgressUpdate
from applications.services.examination import admit, reject
from applications.services.talk import add_note, ask_update, log_contact, send_message
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import Job, OutboundEmail
from portal.core.outbox import run_jobs
from portal.core.rules import Refused
from tests.applications.files import deposit, make_ready, make_town, pdf_upload
from tests.applications.staff.makers import client_of, make_deposited, make_staffed_call
from tests.calls.documents import ordinary
from tests.factories import BENOUVILLE, HARFLEUR, TILLEUL, make_member, make_role

pytestmark = pytest.mark.django_db
SECRET = "Dossier fragile, à surveiller."


@pytest.fixture
def filed():
    """A deposited file, an officer, a reader of the call, the secretary and the mayor."""
    call, _manager = make_staffed_call()
    application, secretary, mayor = make_ready(call)
    deposit(application, mayor)
    officer = make_role(call, "officer", full_name="Instructrice")
    return Application.objects.get(pk=application.pk), officer, secretary, mayor


def told(kind="applications.message"):
    return sorted(OutboundEmail.objects.filter(kind=kind).values_list("recipient", flat=True))


def write(application, side, by, text="Bonjour.", uploads=()):
    return send_message(application=application, side=side, text=text, uploads=uploads, by=by, at=portal_now())


def test_each_side_is_told_of_what_the_other_writes(filed):
    application, officer, secretary, mayor = filed
    write(application, "applicant", secretary, "Quand se réunit le jury ?")
    assert told() == [application.call.contact_email]
    OutboundEmail.objects.all().delete()
    write(application, "service", officer, "Le 5 mai.")
    assert told() == sorted([secretary.email, mayor.email])
    OutboundEmail.objects.all().delete()
    write(application, "applicant", mayor, "Merci.")
    assert told() == [officer.email]
    assert [m.text for m in application.messages.all()] == ["Quand se réunit le jury ?", "Le 5 mai.", "Merci."]


def test_a_thread_with_files_on_both_pages(filed):
    application, officer, secretary, _mayor = filed
    desk, hall = client_of(officer), client_of(secretary)
    theirs, ours = (reverse(name, args=[application.uuid]) for name in ("messages", "staff_messages"))
    assert hall.post(theirs, {"text": "Voici l’acte.", "attachments": [pdf_upload("acte.pdf")]}).url == theirs
    page = ordinary(desk.get(ours).content.decode())
    assert [text in page for text in ("Voici l’acte.", "acte.pdf")] == [True, True]
    assert "À répondre" in desk.get(reverse("staff_application", args=[application.uuid])).content.decode()
    key = MessageFile.objects.get().file_id
    urls = [reverse(name, args=[application.uuid, key]) for name in ("message_file", "staff_message_file")]
    assert [hall.get(urls[0]).status_code, desk.get(urls[1]).status_code, desk.get(urls[0]).status_code] == [
        200,
        200,
        404,
    ]
    four = [pdf_upload(f"{n}.pdf") for n in range(4)]
    refused = hall.post(theirs, {"text": "Trop.", "attachments": four}).content.decode()
    assert "3 fichiers au plus par message." in ordinary(refused)
    assert "Écrivez votre message." in hall.post(theirs, {"text": "  "}).content.decode()
    assert application.messages.count() == 1


def test_who_reads_only_does_not_write_and_strangers_see_nothing(filed):
    application, _officer, _secretary, _mayor = filed
    reader = make_member(application.lead, "reader")
    _other, stranger, _ = make_town(HARFLEUR)
    url = reverse("messages", args=[application.uuid])
    client = client_of(reader)
    assert [client.get(url).status_code, client.post(url, {"text": "Non."}).status_code] == [200, 403]
    assert client_of(stranger).get(url).status_code == 404
    watcher = client_of(make_role(application.call, "reader"))
    ours = reverse("staff_messages", args=[application.uuid])
    assert [watcher.get(ours).status_code, watcher.post(ours, {"text": "Non."}).status_code] == [200, 403]
    assert Message.objects.count() == 0


def test_a_note_is_never_shown_outside_nor_changed(filed):
    application, officer, secretary, mayor = filed
    add_note(application=application, text=SECRET, by=officer, at=portal_now())
    url = reverse("staff_notes", args=[application.uuid])
    assert SECRET in client_of(officer).get(url).content.decode()
    pages = ("application", "application_read", "application_deposited", "receipt", "messages")
    for user in (secretary, mayor):
        client = client_of(user)
        assert client.get(url).status_code == 404
        shown = [client.get(reverse(name, args=[application.uuid])).content.decode() for name in pages]
        assert [SECRET in page for page in shown] == [False] * len(pages)
    with pytest.raises(IntegrityError), transaction.atomic():
        InternalNote.objects.update(text="Rien.")
    with pytest.raises(IntegrityError), transaction.atomic():
        InternalNote.objects.all().delete()
    assert client_of(officer).post(url, {"text": "Une autre."}).url == url
    assert InternalNote.objects.count() == 2
    assert OutboundEmail.objects.filter(body__contains=SECRET).count() == 0


def test_a_contact_is_noted_before_the_commune_has_a_file(filed):
    application, officer, _secretary, _mayor = filed
    town, *_people = make_town(BENOUVILLE)
    url = reverse("staff_contacts", args=[application.call.slug, town.commune_id])
    desk, today = client_of(officer), day_of(portal_now())
    sent = {"kind": "visit", "happened_on": today.isoformat(), "text": "Le site est dégagé."}
    late = {**sent, "happened_on": (today + timedelta(days=1)).isoformat()}
    assert "La date est à venir" in desk.post(url, late).content.decode()
    assert desk.post(url, sent).url == url
    assert "Le site est dégagé." in desk.get(url).content.decode()
    page = desk.get(reverse("staff_commune", args=[application.call.slug, town.commune_id])).content.decode()
    assert "Contacts avec la commune (1)" in page
    with pytest.raises(Refused, match="une fois qu’il a eu lieu"):
        log_contact(
            call=application.call, commune=town.commune, kind="phone", happened_on=today + timedelta(days=2), text="X",
            by=officer, at=portal_now(),
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactEntry.objects.update(text="Autre.")


def test_one_update_reaches_every_file_that_waits_once(filed):
    application, officer, _secretary, _mayor = filed
    call = application.call
    admitted, refused = make_deposited(call, HARFLEUR), make_deposited(call, BENOUVILLE)
    admit(application=admitted, by=officer, at=portal_now())
    reject(application=refused, code=None, text="Hors délai.", by=officer, at=portal_now())
    make_ready(call, make_town(TILLEUL))
    manager = make_role(call, "manager")
    url = reverse("staff_update", args=[call.slug])
    desk = client_of(manager)
    assert "2 candidatures qui attendent" in ordinary(desk.get(url).content.decode())
    assert desk.post(url, {"text": "Le jury se réunit en mai."}).url == url
    OutboundEmail.objects.all().delete()
    run_jobs()
    Job.objects.filter(kind="applications.progress_update").update(state="queued", not_before=portal_now())
    run_jobs()
    update = ProgressUpdate.objects.get()
    assert sorted(update.messages.values_list("application_id", flat=True)) == sorted([application.pk, admitted.pk])
    assert len(told()) == len(set(told())) == 4
    assert "écrit à 2 candidatures" in ordinary(desk.get(url).content.decode())
    assert client_of(officer).get(url).status_code == 403


def test_an_update_to_nobody_is_refused():
    call, manager = make_staffed_call()
    with pytest.raises(Refused, match="Aucune candidature n’attend de réponse"):
        ask_update(call=call, text="Bonjour.", by=manager, at=portal_now())


def test_a_word_to_the_communes_of_the_table_as_filtered(filed):
    application, officer, _secretary, _mayor = filed
    call = application.call
    admitted = make_deposited(call, HARFLEUR)
    admit(application=admitted, by=officer, at=portal_now())
    desk, url = client_of(make_role(call, "manager")), reverse("staff_update", args=[call.slug])
    assert "1 candidature qui attend, celles du tableau" in ordinary(desk.get(f"{url}?etat=recevable").content.decode())
    assert desk.post(f"{url}?etat=recevable", {"text": "Le jury vous entendra."}).url == url
    run_jobs()
    assert list(Message.objects.values_list("application_id", flat=True)) == [admitted.pk]
    refused = desk.post(f"{url}?etat=retiree", {"text": "Rien."}).content.decode()
    assert "Aucune candidature n’attend de réponse" in refused
