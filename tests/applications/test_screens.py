"""The pages of a commune: they work, they say what they must, they keep what is typed, strangers see nothing."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import states
from applications.models import Application, Deposit, PiecePromise, SectionAnswers, SignatureRequest
from applications.services.signature import ask_signature, withdraw_application
from calls.models import Question
from portal.core.clock import at_instant, portal_now
from portal.core.models import OutboundEmail
from tests.applications.files import deposit, make_ready, make_town, pdf_upload
from tests.factories import HARFLEUR, make_application, make_call, make_member, make_town_hall, paris

pytestmark = pytest.mark.django_db


def text_of(response):
    """The words of the page, no-break spaces made plain."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).replace("&#x27;", "'")


def says(response, sentence):
    return sentence in text_of(response)


def url(name, application, *args):
    return reverse(name, args=[application.uuid, *args])


@pytest.fixture
def town(client):
    organisation, secretary, mayor = make_town()
    client.force_login(secretary)
    return organisation, secretary, mayor


PAGES = ("application", "application_read", "pieces", "signature_ask", "signature_read", "deposit")


def test_every_page_of_a_draft_opens_for_its_commune_and_says_that_it_is_a_draft(client):
    application, secretary, _ = make_ready()
    client.force_login(secretary)
    for name in PAGES:
        response = client.get(url(name, application))
        assert response.status_code == 200, name
        assert says(response, "Brouillon, non déposé") or says(response, "Pas encore déposé"), name
    assert client.get(url("section", application, "S1")).status_code == 200
    assert client.get(url("piece", application, "DELIB")).status_code == 200


@pytest.mark.parametrize("who", ["other commune", "pending stranger", "ended"])
def test_nobody_else_sees_that_the_draft_exists(client, who):
    application, _, _ = make_ready()
    stranger = {
        "other commune": lambda: make_member(make_town_hall(HARFLEUR)),
        "pending stranger": lambda: make_member(application.lead, state="pending"),
        "ended": lambda: make_member(application.lead, state="ended"),
    }[who]()
    client.force_login(stranger)
    for name in (*PAGES, "receipt", "application_deposited", "application_pdf", "signature_decline"):
        assert client.get(url(name, application)).status_code == 404, name
    assert client.post(url("section", application, "S1"), {"Q1": "x"}).status_code == 404
    assert client.post(url("section_autosave", application, "S1"), {"Q1": "x"}).status_code == 404
    file = application.attachments.first().file
    assert client.get(url("piece_download", application, file.pk)).status_code == 404
    assert client.post(url("piece_promise", application, "DELIB"), {"due_on": "01/01/2027"}).status_code == 404


def test_beginning_fills_in_what_is_known_and_belongs_to_the_commune(client, town):
    organisation = town[0]
    call = make_call()
    Question.objects.create(
        call=call, section=call.sections.get(code="S1"), code="Q0", position=0, kind="number",
        label="Population", prefill="commune.population_municipale",
    )  # fmt: skip
    page = client.get(reverse("application_new", args=[call.slug]))
    assert says(page, "Dans le périmètre de l’appel")
    response = client.post(reverse("application_new", args=[call.slug]), {"organisation": organisation.uuid})
    application = Application.objects.get()
    assert response.headers["Location"] == url("application", application)
    assert application.lead == organisation
    assert SectionAnswers.objects.get().values == {"Q0": "1102"}
    assert says(
        client.get(url("section", application, "S1")),
        "Nous avons trouvé 1 102 (population municipale 2023, Insee). Corrigez si vous savez mieux.",
    )
    again = client.post(reverse("application_new", args=[call.slug]), {"organisation": organisation.uuid})
    assert again.status_code == 403
    assert says(again, "Votre commune a déjà une candidature à cet appel : le brouillon sans intitulé.")


def test_a_commune_outside_the_perimeter_reads_why_and_cannot_begin(client, town):
    organisation, _, _ = town
    call = make_call(perimeter_codes=["247600786"])
    page = client.get(reverse("application_new", args=[call.slug]))
    assert says(page, "Votre commune ne peut pas candidater. Hors du périmètre de l’appel")
    assert not says(page, "Commencer la candidature :")
    assert (
        client.post(reverse("application_new", args=[call.slug]), {"organisation": organisation.uuid}).status_code
        == 403
    )
    assert not Application.objects.exists()


def test_another_organisation_cannot_be_chosen_in_the_form(client, town):
    """B3: the owner comes from the person's memberships, never from the body."""
    call, other = make_call(), make_town_hall(HARFLEUR)
    assert client.post(reverse("application_new", args=[call.slug]), {"organisation": other.uuid}).status_code == 200
    assert not Application.objects.exists()


def section_post(version=0, **answers):
    return {"version": version, "affichees": "Q1,Q2", **answers}


def test_a_section_with_faults_is_kept_as_typed_and_says_what_to_write(client, town):
    application = make_application(lead=town[0], by=town[1])
    response = client.post(url("section", application, "S1"), section_post(Q1="", Q2="beaucoup"))
    assert response.status_code == 200
    assert says(response, "Deux réponses sont à reprendre")
    assert says(response, "Elles sont enregistrées telles quelles ; vous pouvez aussi continuer et y revenir.")
    assert says(response, "Intitulé du projet : écrivez votre réponse")
    assert says(response, "Surface : écrivez un nombre entre 1 et 1 000 000")
    assert 'value="beaucoup"' in response.content.decode()
    row = SectionAnswers.objects.get()
    assert (row.values, row.version, row.answered, row.awaited) == ({"Q1": "", "Q2": "beaucoup"}, 1, 0, 2)
    assert 'href="#id_Q2"' in response.content.decode()


def test_a_complete_section_leads_to_the_next_one_and_the_last_to_the_pieces(client, town):
    application = make_application(lead=town[0], by=town[1])
    first = client.post(url("section", application, "S1"), section_post(Q1="La place", Q2="1 200 m²"))
    assert first.headers["Location"] == url("section", application, "S2")
    last = client.post(
        url("section", application, "S2"), {"version": 0, "affichees": "Q3,Q4", "Q3": "Rien", "Q4": ["chaleur"]}
    )
    assert last.headers["Location"] == url("pieces", application)
    application.refresh_from_db()
    assert application.title == "La place"
    assert SectionAnswers.objects.get(section_code="S2").values == {"Q3": "Rien", "Q4": ["chaleur"]}


def test_a_question_of_another_section_or_file_is_not_written(client, town):
    """B3: only the questions of the section are taken from the body."""
    application = make_application(lead=town[0], by=town[1])
    body = {
        "version": 0,
        "affichees": "Q1,Q3,state,number",
        "Q1": "La place",
        "Q3": "glissé",
        "state": "submitted",
        "number": "1",
    }
    client.post(url("section", application, "S1"), body)
    assert SectionAnswers.objects.get().values == {"Q1": "La place"}
    application.refresh_from_db()
    assert (application.state, application.number) == (states.DRAFT, None)


def test_autosave_answers_what_the_page_needs(client, town):
    application = make_application(lead=town[0], by=town[1])
    response = client.post(url("section_autosave", application, "S1"), section_post(Q1="La", Q2=""))
    answer = response.json()
    assert re.fullmatch(r"Enregistré à \d{1,2}\u00a0h\u00a0\d{2}", answer.pop("saved_at_label"))
    assert answer == {
        "version": 1, "completeness": "0 complète sur 2", "conflict": "", "shown": "Q1,Q2", "results": {},
    }  # fmt: skip
    assert client.get(url("section_autosave", application, "S1")).status_code == 405


def test_two_people_on_one_section_see_both_texts_and_nothing_is_lost(client, town):
    application = make_application(lead=town[0], by=town[1])
    colleague = make_member(town[0], full_name="Adjointe à l’urbanisme")
    client.post(url("section", application, "S1"), section_post(Q1="Texte du secrétariat", Q2="12"))
    client.force_login(colleague)
    client.post(url("section", application, "S1"), section_post(1, Q1="Texte de l’adjointe", Q2="12"))
    client.force_login(town[1])
    autosave = client.post(url("section_autosave", application, "S1"), section_post(1, Q1="Mon texte", Q2="12"))
    assert autosave.status_code == 409
    assert autosave.json() == {
        "conflict": "Adjointe à l’urbanisme a modifié cette section. Enregistrez\u00a0: vous verrez les deux textes, rien n’est perdu."
    }
    page = client.post(url("section", application, "S1"), section_post(1, Q1="Mon texte", Q2="12"))
    assert says(page, "Deux textes pour la même section")
    assert says(page, "Texte de l’adjointe")
    assert 'value="Mon texte"' in page.content.decode()
    assert '<input type="hidden" name="version" value="2">' in page.content.decode()
    assert SectionAnswers.objects.get().values["Q1"] == "Texte de l’adjointe"
    client.post(url("section", application, "S1"), section_post(2, Q1="Les deux", Q2="12"))
    assert SectionAnswers.objects.get().values["Q1"] == "Les deux"


def test_a_draft_is_frozen_and_readable_after_the_limit(client):
    """A7."""
    application, secretary, mayor = make_ready()
    client.force_login(secretary)
    with at_instant(application.window.closes_at + (application.window.closes_at - application.window.opens_at)):
        assert client.get(url("section", application, "S1")).headers["Location"] == url("application_read", application)
        page = client.get(url("application_read", application))
        assert says(page, "Votre brouillon est conservé, vous pouvez le relire.")
        assert says(page, "La place des Marronniers")
        assert client.post(url("section", application, "S1"), section_post(1, Q1="tard", Q2="1")).status_code == 403
        late = client.post(url("section_autosave", application, "S1"), section_post(1, Q1="tard", Q2="1"))
        assert "L’appel est clos depuis le" in late.json()["conflict"]
        client.force_login(mayor)
        refused = client.post(url("deposit", application), {"key": "0" * 32, "undertaking_U1": "on", "confirm": "on"})
    assert says(refused, "L’appel est clos depuis le")
    assert says(refused, "Votre brouillon est conservé.")
    assert SectionAnswers.objects.get(section_code="S1").values["Q1"] == "La place des Marronniers"


# --- pieces ------------------------------------------------------------------------------------------------------


def test_a_piece_is_attached_replaced_downloaded_and_removed(client, town):
    application = make_application(lead=town[0], by=town[1])
    page = client.get(url("piece", application, "DELIB"))
    assert says(page, "PDF, 10 Mo au plus.")
    assert 'data-max-bytes="10000000"' in page.content.decode()
    client.post(url("piece", application, "DELIB"), {"file": pdf_upload("première.pdf")})
    response = client.post(url("piece", application, "DELIB"), {"file": pdf_upload("délibération n° 12.pdf")})
    assert response.headers["Location"] == url("pieces", application)
    (attachment,) = application.attachments.filter(removed_at=None)
    assert application.attachments.count() == 2
    file = client.get(url("piece_download", application, attachment.file_id), follow=True)
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''d%C3%A9lib%C3%A9ration%20n%C2%B0%2012.pdf"
    )
    client.post(url("piece_remove", application, "DELIB", attachment.pk))
    assert not application.attachments.filter(removed_at=None).exists()
    assert client.get(url("piece_download", application, attachment.file_id)).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("plan.exe", b"MZ", "Ce format n’est pas accepté. Joignez un fichier PDF."),
        ("plan.pdf", b"<html>", "Ce fichier n’est pas un vrai PDF."),
        ("plan.pdf", b"", "Ce fichier est vide."),
    ],
)
def test_a_refused_file_says_why_and_nothing_is_kept(client, town, name, content, sentence):
    application = make_application(lead=town[0], by=town[1])
    response = client.post(url("piece", application, "DELIB"), {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 200
    assert says(response, sentence)
    assert not application.attachments.exists()


def test_a_piece_is_promised_until_the_day_of_the_call(client, town):
    application = make_application(lead=town[0], by=town[1])
    late = client.post(url("piece_promise", application, "DELIB"), {"due_on": "16/05/2027"})
    assert says(late, "Choisissez une date au plus tard le 15 mai 2027.")
    odd = client.post(url("piece_promise", application, "DELIB"), {"due_on": "mai"})
    assert says(odd, "Écrivez une date, par exemple 31/03/2027.")
    client.post(url("piece_promise", application, "DELIB"), {"due_on": "10/05/2027"})
    assert str(PiecePromise.objects.get().due_on) == "2027-05-10"
    assert says(client.get(url("pieces", application)), "Promise pour le 10 mai 2027.")
    assert client.post(url("piece_promise", application, "PLAN_SIT"), {"due_on": "10/05/2027"}).status_code == 404


def test_a_promised_piece_is_handed_in_after_the_limit(client):
    application, secretary, mayor = make_ready()
    application.attachments.filter(piece_code="DELIB").update(removed_at=portal_now())
    client.force_login(secretary)
    client.post(url("piece_promise", application, "DELIB"), {"due_on": "10/05/2027"})
    deposit(application, mayor)
    with at_instant(paris(2027, 5, 2, 10)):
        assert client.post(url("piece", application, "PLAN_SIT"), {"file": pdf_upload()}).status_code == 200
        client.post(url("piece", application, "DELIB"), {"file": pdf_upload("délib.pdf")})
        page = client.get(url("receipt", application))
    assert application.attachments.filter(removed_at=None, piece_code="PLAN_SIT").count() == 1
    assert says(page, "reçue le 2 mai 2027")


# --- signature, deposit, receipt ---------------------------------------------------------------------------------


def test_the_mayor_is_invited_by_mail_and_the_link_opens_the_two_pages(client):
    application, secretary, mayor = make_ready()
    mayor.memberships.all().delete()
    client.force_login(secretary)
    form = {"full_name": "Maire d’Étretat", "role_title": "Maire", "email": "maire@etretat.exemple.fr"}
    assert client.post(url("signature_ask", application), form).status_code == 302
    request = SignatureRequest.objects.get()
    assert (request.signatory.email, request.asked_by) == ("maire@etretat.exemple.fr", secretary)
    mail = OutboundEmail.objects.get(kind="applications.signature")
    link = re.search(r"/liens/[\w-]+/", mail.body).group()
    client.logout()
    landed = client.post(link, follow=True)
    assert landed.redirect_chain[-1][0] == url("signature_read", application)
    assert says(landed, "Page 1 sur 2")
    confirmation = client.get(url("deposit", application))
    assert says(confirmation, "Déposer la candidature d’Étretat ?")
    assert "checked" not in confirmation.content.decode()


def deposit_form(page):
    return {"key": re.search(r'name="key" value="([^"]+)"', page.content.decode()).group(1)}


def test_the_deposit_needs_each_box_then_shows_the_receipt(client):
    application, secretary, mayor = make_ready(make_call(prefix="TPS"))
    client.force_login(mayor)
    form = deposit_form(client.get(url("deposit", application)))
    unticked = client.post(url("deposit", application), form)
    assert says(unticked, "Le dépôt n’est pas encore confirmé")
    assert says(unticked, "Cochez cette case pour confirmer le dépôt.")
    assert not Deposit.objects.exists()
    sent = client.post(url("deposit", application), {**form, "undertaking_U1": "on", "confirm": "on"})
    assert sent.headers["Location"] == url("receipt", application)
    again = client.post(url("deposit", application), {**form, "undertaking_U1": "on", "confirm": "on"})
    assert again.headers["Location"] == url("receipt", application)
    assert Deposit.objects.count() == 1
    page = client.get(url("receipt", application))
    assert says(page, "Candidature déposée")
    assert says(page, "TPS-2027-0001")
    assert says(page, "dépôt dans les délais")
    assert says(page, f"Envoyé aussi à {', '.join(sorted([secretary.email, mayor.email]))}.")


def test_an_editor_reads_that_only_the_signatory_deposits(client):
    application, secretary, _ = make_ready()
    client.force_login(secretary)
    page = client.get(url("deposit", application))
    assert says(page, "Seule une personne habilitée à signer pour la commune peut déposer.")
    form = {"key": "8b2f5f0a-0000-4000-8000-000000000000", "undertaking_U1": "on", "confirm": "on"}
    refused = client.post(url("deposit", application), form)
    assert says(refused, "Seule une personne habilitée à signer pour la commune peut déposer.")
    assert not Deposit.objects.exists()


def test_the_mayor_declines_with_a_reason_and_the_secretary_reads_it(client):
    application, secretary, mayor = make_ready()
    ask_signature(application=application, signatory=mayor, by=secretary, at=portal_now())
    client.force_login(mayor)
    assert says(client.post(url("signature_decline", application), {"reason": ""}), "Dites-le en une phrase")
    client.post(url("signature_decline", application), {"reason": "Le conseil veut en reparler."})
    assert SignatureRequest.objects.get().state == SignatureRequest.State.DECLINED
    mail = OutboundEmail.objects.get(kind="applications.declined")
    assert mail.recipient == secretary.email
    assert "Le conseil veut en reparler." in mail.body


def test_what_is_missing_is_listed_where_one_reads_again(client, town):
    application = make_application(lead=town[0], by=town[1])
    page = client.get(url("application_read", application))
    assert says(page, "Le site : 2 réponses attendues")
    assert says(page, "Délibération : pièce à joindre ou à promettre")
    assert says(page, "Plan de situation : pièce à joindre")
    assert says(
        client.get(url("signature_ask", application)),
        "Il reste 2 sections à compléter et 2 pièces à joindre avant de déposer.",
    )


def test_the_list_costs_the_same_for_one_file_and_for_three(client, town):
    counts, mayor = [], town[2]
    for total in (1, 3):
        while Application.objects.count() < total:
            application, _, _ = make_ready(make_call(), town)
            deposit(application, mayor)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("applications")).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_withdrawn_file_says_so(client):
    application, _, mayor = make_ready()
    deposit(application, mayor)
    withdraw_application(application=application, by=mayor, reason="Le projet est abandonné.", at=portal_now())
    client.force_login(mayor)
    page = client.get(url("application", application))
    assert says(page, "Retirée")
    assert client.get(url("application_read", application)).status_code == 200


def test_an_unknown_section_is_not_found(client, town):
    application = make_application(lead=town[0], by=town[1])
    for name in ("section", "section_autosave"):
        assert client.post(url(name, application, "S9"), section_post(Q1="x")).status_code == 404
    assert client.get(url("section", application, "S9")).status_code == 404
    assert not SectionAnswers.objects.exists()


def test_a_box_emptied_is_emptied_and_an_absent_question_is_kept(client, town):
    application = make_application(lead=town[0], by=town[1])
    client.post(
        url("section", application, "S2"), {"version": 0, "affichees": "Q3,Q4", "Q3": "Rien", "Q4": ["chaleur"]}
    )
    client.post(url("section", application, "S2"), {"version": 1, "affichees": "Q4"})
    assert SectionAnswers.objects.get().values == {"Q3": "Rien", "Q4": []}
