"""Opinions of other services: asked, read without what is personal, given, put off, taken back, at a glance."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications import states
from applications.actions.opinion import actions_for
from applications.due_facts import opinion_facts
from applications.models import Expert, OpinionFile, OpinionRequest
from applications.queries.opinion import covers
from applications.services.examination import admit, reject
from applications.services.opinions import (
    Asked,
    add_expert,
    ask_opinions,
    give_opinion,
    postpone_opinion,
    remind_opinion,
    revoke_opinion,
    save_opinion,
)
from calls.models import PieceType, Question
from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from tests.applications.files import deposit, make_attachment, make_ready, pdf_upload
from tests.applications.staff.makers import client_of, make_staffed_call
from tests.calls.documents import ordinary
from tests.factories import make_role

pytestmark = pytest.mark.django_db
DDT, ARS = Asked("eau@ddt.example", "DDTM 76, service de l’eau"), Asked("sante@ars.example", "ARS Normandie")
PHONE, BANK = "02 35 00 11 22", "RIB de la commune"


@pytest.fixture
def filed():
    """A deposited file that holds a phone number and a bank statement, and its officer."""
    call, _manager = make_staffed_call()
    section = call.sections.get(code="S1")
    Question.objects.create(call=call, section=section, code="TEL", position=9, kind="phone", label="Téléphone direct")
    PieceType.objects.create(
        call=call, code="RIB", position=9, label=BANK, need="optional", accepted=["pdf"], visible_to_jury=False
    )
    application, secretary, mayor = make_ready(call)
    row = application.sections.get(section_code="S1")
    row.values = {**row.values, "TEL": PHONE}
    row.save(update_fields=["values"])
    make_attachment(application, "RIB", secretary)
    deposit(application, mayor)
    return application, make_role(call, "officer", full_name="Instructrice"), mayor


def asked(application, officer, people=(DDT,), days=14, personal=False):
    due_on = day_of(portal_now()) + timedelta(days=days)
    told = {"question": "Le site est-il inondable ?", "due_on": due_on, "personal": personal}
    return ask_opinions(application=application, people=list(people), by=officer, at=portal_now(), **told)


def given(opinion, verdict="favourable", text=""):
    save_opinion(opinion=opinion, verdict=verdict, text=text, by=opinion.giver, at=portal_now())
    give_opinion(opinion=opinion, by=opinion.giver, at=portal_now())


def test_two_are_asked_one_comes_and_the_file_says_so(filed):
    application, officer, _mayor = filed
    first, second = asked(application, officer, (DDT, ARS))
    given(first, "reserves", "Le sous-sol se remplit.\nDemander une étude.")
    page = ordinary(client_of(officer).get(reverse("staff_application", args=[application.uuid])).content.decode())
    assert [text in page for text in ("2 demandés, 1 reçu", "Favorable avec réserves", "Avis attendu")] == [True] * 3
    one = ordinary(client_of(officer).get(reverse("staff_opinion", args=[first.uuid])).content.decode())
    assert "Le sous-sol se remplit." in one
    revoke_opinion(opinion=second, reason="Reçu par courrier.", by=officer, at=portal_now())
    again = ordinary(client_of(officer).get(reverse("staff_application", args=[application.uuid])).content.decode())
    assert "1 demandé, 1 reçu" in again


def test_an_outsider_reads_the_file_less_what_is_personal(filed):
    application, officer, _mayor = filed
    (opinion,) = asked(application, officer)
    client = client_of(opinion.giver)
    page = client.get(reverse("opinion", args=[opinion.uuid])).content.decode()
    assert [text in ordinary(page) for text in ("La place des Marronniers", "1 200 m²", PHONE, BANK)] == [
        True, True, False, False,
    ]  # fmt: skip
    files = {a.piece_code: a.file_id for a in application.attachments.all()}
    codes = {code: client.get(reverse("piece_download", args=[application.uuid, key]), follow=True).status_code
             for code, key in files.items()}  # fmt: skip
    assert codes == {"DELIB": 200, "PLAN_SIT": 200, "RIB": 404}
    closed = [
        reverse(name, args=args).replace("//", "/")
        for name, args in (
            ("staff_application", [application.uuid]), ("application", [application.uuid]),
            ("staff_communes", [application.call.slug]), ("staff_opinion", [opinion.uuid]),
            ("application_deposited", [application.uuid]), ("staff_receipt", [application.uuid, 1]),
        )
    ]  # fmt: skip
    assert {client.get(url).status_code for url in closed} == {404}


def test_personal_data_are_read_only_when_the_request_says_so(filed):
    application, officer, _mayor = filed
    (opinion,) = asked(application, officer, personal=True)
    client = client_of(opinion.giver)
    page = ordinary(client.get(reverse("opinion", args=[opinion.uuid])).content.decode())
    assert [text in page for text in (PHONE, BANK)] == [True, True]
    key = application.attachments.get(piece_code="RIB").file_id
    assert client.get(reverse("piece_download", args=[application.uuid, key]), follow=True).status_code == 200


def test_taken_back_the_file_is_closed_at_once(filed):
    application, officer, _mayor = filed
    (opinion,) = asked(application, officer)
    revoke_opinion(opinion=opinion, reason="Erreur de service.", by=officer, at=portal_now())
    client, key = client_of(opinion.giver), application.attachments.get(piece_code="DELIB").file_id
    urls = [reverse("opinion", args=[opinion.uuid]), reverse("piece_download", args=[application.uuid, key])]
    assert [client.get(url).status_code for url in urls] == [404, 404]
    mail = OutboundEmail.objects.get(kind="applications.opinion_revoked")
    assert (mail.recipient, "Erreur de service." in mail.body) == (DDT.email, True)
    with pytest.raises(Refused, match="n’est plus possible"):
        revoke_opinion(opinion=opinion, reason="Encore.", by=officer, at=portal_now())


def test_what_is_written_is_nobody_elses_until_it_is_given(filed):
    application, officer, _mayor = filed
    (opinion,) = asked(application, officer)
    save_opinion(opinion=opinion, verdict="unfavourable", text="À revoir.", by=opinion.giver, at=portal_now())
    desk = client_of(officer)
    page = reverse("staff_opinion", args=[opinion.uuid])
    assert "À revoir." not in desk.get(page).content.decode()
    give_opinion(opinion=opinion, by=opinion.giver, at=portal_now())
    assert "À revoir." in desk.get(page).content.decode()
    assert OutboundEmail.objects.get(kind="applications.opinion_given").recipient == officer.email


def test_an_opinion_says_which_and_why(filed):
    application, officer, _mayor = filed
    (opinion,) = asked(application, officer)
    for verdict, text, refusal in (
        ("", "", "Choisissez un avis"), ("reserves", "", "Écrivez vos réserves"), ("unfavourable", " ", "Écrivez vos"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=refusal):
            given(opinion, verdict, text)
    given(opinion, "none")
    with pytest.raises(Refused, match="Cet avis est déjà rendu"):
        given(opinion)
    with pytest.raises(IntegrityError), transaction.atomic():
        OpinionRequest.objects.update(verdict="")


def test_only_who_is_asked_answers_and_nobody_of_the_applicants_is(filed):
    application, officer, mayor = filed
    (opinion,) = asked(application, officer)
    with pytest.raises(Refused, match="demandé à une autre personne"):
        save_opinion(opinion=opinion, verdict="none", text="", by=officer, at=portal_now())
    with pytest.raises(Refused, match="appartient à un organisme candidat"):
        asked(application, officer, [Asked(mayor.email, "Mairie")])
    with pytest.raises(Refused, match="Un avis est déjà demandé"):
        asked(application, officer)
    with pytest.raises(Refused, match="Choisissez au moins une personne"):
        asked(application, officer, [])
    with pytest.raises(Refused, match="Choisissez un jour à venir"):
        asked(application, officer, [ARS], days=0)
    assert OpinionRequest.objects.count() == 1


def test_reminders_before_and_after_the_day_stop_with_the_answer(filed):
    application, officer, _mayor = filed
    call = application.call
    late = {"code": "R1", "about": "opinion_due", "days": 2, "at": "09:00"}
    call.extras = {**call.extras, "reminders": [late, {**late, "code": "R2", "days": -3}]}
    call.save(update_fields=["extras"])
    (opinion,) = asked(application, officer)
    days = sorted((day_of(fact.due_at) - day_of(opinion.due_at)).days for fact in opinion_facts())
    assert days == [-3, 2]
    assert [action.url for action in actions_for(opinion.giver, portal_now())] == [
        reverse("opinion", args=[opinion.uuid])
    ]
    given(opinion)
    assert (list(opinion_facts()), actions_for(opinion.giver, portal_now())) == ([], [])


def test_a_reminder_by_hand_leaves_once_a_day_and_the_day_is_put_off_never_forward(filed):
    application, officer, _mayor = filed
    (opinion,) = asked(application, officer)
    for _ in range(2):
        remind_opinion(opinion=opinion, at=portal_now())
    assert OutboundEmail.objects.filter(kind="applications.opinion_reminded").count() == 1
    with pytest.raises(Refused, match="L’échéance ne s’avance pas"):
        postpone_opinion(opinion=opinion, due_on=day_of(opinion.due_at), reason="Non.", by=officer, at=portal_now())
    later = day_of(opinion.due_at) + timedelta(days=7)
    postpone_opinion(opinion=opinion, due_on=later, reason="Congés.", by=officer, at=portal_now())
    opinion.refresh_from_db()
    assert day_of(opinion.due_at) == later
    assert OutboundEmail.objects.get(kind="applications.opinion_postponed").recipient == DDT.email


def test_nothing_is_asked_nor_given_once_the_file_is_out(filed):
    application, officer, _mayor = filed
    (opinion,) = asked(application, officer)
    reject(application=application, code=None, text="Hors délai.", by=officer, at=portal_now())
    with pytest.raises(Refused, match="n’attend plus d’avis"):
        given(opinion)
    with pytest.raises(Refused, match="On ne demande plus d’avis"):
        asked(application, officer, [ARS])
    assert list(opinion_facts()) == []


def test_an_admitted_file_still_takes_opinions(filed):
    application, officer, _mayor = filed
    admit(application=application, by=officer, at=portal_now())
    (opinion,) = asked(application, officer)
    given(opinion)
    opinion.refresh_from_db()
    assert opinion.state == states.GIVEN


# --- screens -----------------------------------------------------------------------------------------------------


def test_experts_of_the_territory_come_first_and_the_link_opens_the_file(filed, client):
    application, officer, _mayor = filed
    desk, page = client_of(officer), reverse("experts", args=[application.call.slug])
    far = {"email": "loin@ddt.example", "service": "DDT 05", "territory": "99999"}
    assert "Territoire inconnu" in desk.post(page, far).content.decode()
    for address, service, territory in (
        ("b@x.example", "CAUE", application.lead.commune.department_id),
        ("a@x.example", "Agence d’urbanisme", ""),
    ):
        assert desk.post(page, {"email": address, "service": service, "territory": territory}).status_code == 302
    assert (
        "Cette personne est déjà dans la liste."
        in desk.post(page, {"email": "a@x.example", "service": "Agence", "territory": ""}).content.decode()
    )
    expert = Expert.objects.get(service="CAUE")
    assert covers(expert, application.lead.commune)
    assert not covers(Expert(territory=["05"]), application.lead.commune)
    ask = reverse("staff_opinion_new", args=[application.uuid])
    due_on = (day_of(portal_now()) + timedelta(days=10)).isoformat()
    sent = {"experts": [expert.pk], "question": "Le site convient-il ?", "due_on": due_on}
    assert desk.post(ask, {**sent, "experts": []}).status_code == 200
    assert desk.post(ask, sent).status_code == 302
    opinion = OpinionRequest.objects.get()
    assert (opinion.giver.email, opinion.service) == ("b@x.example", "CAUE")
    mail = OutboundEmail.objects.get(kind="applications.opinion_asked")
    link = next(word for word in mail.body.split() if "/liens/" in word)
    landed = client.post(link[link.index("/liens/") :], follow=True)
    assert landed.request["PATH_INFO"] == reverse("opinion", args=[opinion.uuid])
    assert desk.post(reverse("expert_remove", args=[application.call.slug, expert.pk])).status_code == 302
    assert [e.service for e in Expert.objects.filter(removed_at=None)] == ["Agence d’urbanisme"]


def test_the_opinion_is_written_with_a_file_then_given(filed):
    application, officer, _mayor = filed
    (opinion,) = asked(application, officer)
    client, page = client_of(opinion.giver), reverse("opinion", args=[opinion.uuid])
    refused = client.post(page, {"verdict": "reserves", "text": "", "rendre": "1"}).content.decode()
    assert "Écrivez vos réserves, ou ce qui motive l’avis défavorable." in refused
    assert client.post(page, {"verdict": "reserves", "text": "Étude à faire."}).url == page
    assert client.post(reverse("opinion_attach", args=[opinion.uuid]), {"file": pdf_upload("note.pdf")}).url == page
    row = OpinionFile.objects.get()
    own = reverse("opinion_download", args=[opinion.uuid, row.file_id])
    theirs = reverse("staff_opinion_file", args=[opinion.uuid, row.file_id])
    desk = client_of(officer)
    assert [client.get(own).status_code, desk.get(theirs).status_code] == [200, 404]
    assert client.post(page, {"verdict": "reserves", "text": "Étude à faire.", "rendre": "1"}).url == page
    assert desk.get(theirs).status_code == 200
    shown = client.get(page).content.decode()
    assert [text in shown for text in ("Étude à faire.", 'name="rendre"')] == [True, False]
    assert client.post(reverse("opinion_detach", args=[opinion.uuid, row.pk])).status_code == 403
    listed = client.get(reverse("opinions")).content.decode()
    assert application.number in listed


def test_the_list_of_experts_gives_no_access(filed):
    application, officer, _mayor = filed
    add_expert(call=application.call, person=ARS, themes=[], territory=[], by=officer, at=portal_now())
    client = client_of(User.objects.get(email=ARS.email))
    key = application.attachments.get(piece_code="DELIB").file_id
    urls = [
        reverse("piece_download", args=[application.uuid, key]),
        reverse("staff_application", args=[application.uuid]),
    ]
    assert [client.get(url).status_code for url in urls] == [404, 404]
