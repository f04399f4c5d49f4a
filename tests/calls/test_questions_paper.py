"""All the questions on paper: every kind of question says what to write, and when it is asked."""

import pytest
from django.test import Client
from django.urls import reverse

from calls.definition.form import QuestionKind
from calls.definition.reading import read
from calls.documents import last_blank_form, questions_snapshot, request_blank_form
from calls.models import Call
from portal.core.clock import portal_now
from portal.core.documents import render_document
from portal.core.uploads import read_bytes
from tests.calls.conftest import FULL
from tests.calls.pages import at, save
from tests.documents.pdftools import text_of
from tests.factories import make_role


def ordinary(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_every_kind_of_question_is_on_paper() -> None:
    document = read(FULL)
    snapshot = questions_snapshot(document)
    blocks = {block["label"]: block for section in snapshot["sections"] for block in section["questions"]}
    assert {question.kind for question in document.questions} == set(QuestionKind.__args__)
    assert {block["kind"] for block in blocks.values()} >= {"tableau", "fichier", "engagement à cocher", "commune"}
    table = blocks["Financements"]
    assert (table["columns"], len(table["rows"])) == (["Financeur", "Montant (€)", "État"], 1)
    assert blocks["Délibération"]["hint"] == "Pièce : Délibération."
    assert ordinary(blocks["Pourquoi maintenant ?"]["condition"]) == (
        "si la réponse à « Où en est le projet ? » est « Une idée » "
        "ou la réponse à « Quels risques ? » ne comprend pas « L’eau »"
    )
    assert snapshot["undertakings"] == ["Accepter les visites", "Associer les habitants"]


# --- before the publication --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_blank_form_of_a_call_in_preparation_is_the_document_of_the_published_one(full_call: Call) -> None:
    made = request_blank_form(full_call, portal_now())
    text = text_of(read_bytes(render_document(made, at=portal_now()).file))
    assert made.template == "pdf/calls/questions.html"
    assert "Projet:l’appeln’estpaspublié" in text
    assert "Pourquoimaintenant?" in text
    assert "Accepterlesvisites" in text
    assert request_blank_form(full_call, portal_now()) == made


@pytest.mark.django_db
def test_a_manager_asks_for_it_from_the_preview(writer: Client, full_call: Call) -> None:
    page, pdf = (reverse(name, args=[full_call.slug]) for name in ("call_blank_form", "call_blank_form_download"))
    assert f'href="{page}"' in writer.get(reverse("call_preview", args=[full_call.slug])).content.decode()
    assert "Préparer le PDF" in writer.get(page).content.decode()
    assert writer.post(page).url == page
    assert "Le PDF se prépare." in writer.get(page).content.decode()
    assert writer.get(pdf).status_code == 404
    render_document(last_blank_form(full_call), at=portal_now())
    assert writer.get(pdf)["Content-Type"] == "application/pdf"
    assert writer.post(page).url == pdf
    save(writer, at(full_call, "fiches/sections/projet/"), title="Votre projet")
    writer.post(page)
    assert last_blank_form(full_call).version == 2


@pytest.mark.django_db
def test_it_is_for_managers_before_the_publication(client: Client, full_call: Call) -> None:
    page = reverse("call_blank_form", args=[full_call.slug])
    client.force_login(make_role(full_call, "reader"))
    assert client.get(page).status_code == 403
    assert f'href="{page}"' not in client.get(reverse("call_preview", args=[full_call.slug])).content.decode()
    client.force_login(make_role(full_call))
    Call.objects.filter(pk=full_call.pk).update(state="published", published_at=portal_now())
    assert client.post(page).status_code == 403
