"""Several people, their rights, files, and calls of every size."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from calls.definition.dump import dump
from calls.definition.editing import insert
from calls.models import Call, DownloadFile, PieceType, Question
from calls.services.writing import edit_call
from portal.core.clock import portal_now
from portal.core.rules import Refused
from tests.applications.files import pdf_upload
from tests.calls.pages import at, document_of, errors, save, typed
from tests.factories import make_role

pytestmark = pytest.mark.django_db


def test_two_officers_never_overwrite_each_other(writer: Client, full_call: Call) -> None:
    url = at(full_call, "fiches/phases/P1/")
    mine = typed(writer.get(url))
    save(writer, url, title="Cadrage partagé")
    answer = writer.post(url, {**mine, "deliverable": "Ma note"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Deux textes pour la même page" in page
    assert [(key, text) for key, _, text in answer.context["form"].both] == [
        ("title", "Cadrage partagé"),
        ("deliverable", "Note de cadrage"),
    ]
    assert document_of(full_call).phases[0].deliverable == "Note de cadrage"
    again = typed(answer)
    assert (again["title"], again["deliverable"]) == (["Cadrage"], ["Ma note"])
    assert writer.post(url, again).status_code == 302
    assert document_of(full_call).phases[0].deliverable == "Ma note"


def test_a_conflict_shows_only_what_differs(writer: Client, full_call: Call) -> None:
    for path, changes in (
        ("rubriques/jury/", {"jury__quorum": "1"}),
        ("rubriques/argent/", {"money__tax": "ht"}),
        ("fiches/sections/projet/questions/pourquoi/", {"label": "Pourquoi ?"}),
        ("fiches/sections/moyens/questions/financements/", {"label": "Les financements"}),
        ("fiches/windows/W2/", {"label": "Les dossiers"}),
    ):
        url = at(full_call, path)
        mine = typed(writer.get(url))
        assert save(writer, url, **changes).status_code == 302
        answer = writer.post(url, mine)
        assert [key for key, _, _ in answer.context["form"].both] == list(changes), path


def test_two_officers_on_two_parts_do_not_disturb_each_other(writer: Client, full_call: Call) -> None:
    first, second = at(full_call, "fiches/phases/P1/"), at(full_call, "rubriques/donnees/")
    page = typed(writer.get(first))
    save(writer, second, data_notice__text="Une autre phrase.")
    writer.post(at(full_call, "deplacer/phases/P1/"), {"sens": "bas"})
    assert writer.post(first, {**page, "title": "Cadrer"}).status_code == 302
    assert [phase.title for phase in document_of(full_call).phases] == ["Étude", "Cadrer"]


def test_a_part_removed_meanwhile_gives_back_what_was_typed(writer: Client, full_call: Call) -> None:
    url = at(full_call, "fiches/phases/P1/")
    page = typed(writer.get(url))
    save(writer, at(full_call, "supprimer/phases/P1/"))
    answer = writer.post(url, {**page, "title": "Cadrage avec les habitants"})
    assert ("Phase", "Cadrage avec les habitants") in answer.context["texts"]
    assert "Cette ligne n’est plus là" in answer.content.decode()
    assert [phase.code for phase in document_of(full_call).phases] == ["P2"]
    assert writer.post(at(full_call, "fiches/nothing/P1/"), page).status_code == 404
    assert writer.post(at(full_call, "fiches/windows/"), page).status_code == 404


def test_a_page_without_its_token_never_writes(writer: Client, full_call: Call) -> None:
    url = at(full_call, "fiches/phases/P1/")
    page = typed(writer.get(url))
    del page["vu"]
    assert writer.post(url, {**page, "title": "Autre"}).status_code == 200
    assert dump(full_call).phases[0].title == "Cadrage"


@pytest.mark.parametrize("role", ["officer", "reader", "adviser", "secretary"])
def test_only_managers_write(client: Client, full_call: Call, role: str) -> None:
    client.force_login(make_role(full_call, role))
    for path in ("", "rubriques/identite/", "fiches/phases/P1/", "ajouter/phases/", "bibliotheque/pieces/"):
        assert client.get(at(full_call, path)).status_code == 403, path
    assert client.get(f"/gestion/appels/{full_call.slug}/apercu/").status_code == 200
    assert "Écrire l’appel" not in client.get(f"/gestion/appels/{full_call.slug}/").content.decode()


def test_a_published_call_is_not_written_here(writer: Client, full_call: Call) -> None:
    Call.objects.filter(pk=full_call.pk).update(state="published", published_at=portal_now())
    answer = writer.get(at(full_call))
    assert answer.status_code == 403
    assert "il ne se modifie plus ici" in answer.content.decode()
    with pytest.raises(Refused):
        edit_call(call=full_call, change=insert("phases", {}))


def test_the_bytes_of_a_document_are_kept_and_served_once_published(writer: Client, full_call: Call) -> None:
    page, url = at(full_call, "fichiers/modele/"), f"/appels/{full_call.slug}/documents/modele/"
    assert writer.get(url).status_code == 404
    assert writer.post(page, {"file": pdf_upload(name="delibération type.pdf")}).status_code == 302
    assert document_of(full_call).documents[1].file == "delibération type.pdf"
    assert writer.get(url)["Content-Type"] == "application/pdf"
    stranger = Client()
    assert stranger.get(url).status_code == 404
    Call.objects.filter(pk=full_call.pk).update(state="published", published_at=portal_now())
    assert stranger.get(url).status_code == 200
    page = stranger.get(f"/appels/{full_call.slug}/")
    assert [(code, label) for code, label, _ in page.context["downloads"]] == [("modele", "Modèle de délibération")]
    assert f'href="{url}"' in page.content.decode()


def test_a_bad_file_is_refused_beside_the_field(writer: Client, full_call: Call) -> None:
    found = errors(writer.post(at(full_call, "fichiers/modele/"), {"file": SimpleUploadedFile("virus.exe", b"MZ")}))
    assert "Ce format n’est pas accepté" in found["file"][0]
    assert errors(writer.post(at(full_call, "fichiers/modele/"), {})) == {"file": ["Choisissez un fichier."]}
    assert not DownloadFile.objects.exists()


def test_a_document_has_one_file(writer: Client, full_call: Call) -> None:
    page = at(full_call, "fichiers/modele/")
    for name in ("premier.pdf", "second.pdf"):
        writer.post(page, {"file": pdf_upload(name=name)})
    kept = DownloadFile.objects.get()
    assert (kept.code, kept.file.name) == ("modele", "second.pdf")
    with pytest.raises(IntegrityError, match="download_code_once"), transaction.atomic():
        DownloadFile.objects.create(call=full_call, code="modele", file=kept.file, kept_at=portal_now())


def test_a_document_that_goes_takes_its_bytes_away(writer: Client, full_call: Call) -> None:
    writer.post(at(full_call, "fichiers/modele/"), {"file": pdf_upload()})
    save(writer, at(full_call, "supprimer/documents/modele/"))
    assert not DownloadFile.objects.exists()


def large(call: Call) -> None:
    """200 questions, 60 criteria, 40 documents."""
    document = dump(call)
    for n in range(10):
        questions = [{"code": f"q{n}_{m}", "kind": "text", "label": f"Question {m}"} for m in range(20)]
        document = edit_call(
            call=call, change=insert("sections", {"code": f"s{n}", "title": f"Section {n}", "questions": questions})
        )
    raw = {"code": "x", "label": "Critère", "points": 1}

    def many(now: Any) -> Any:
        data = insert("grid/criteria", raw)(now)
        data["grid"]["criteria"] += [{**raw, "code": f"K{n}"} for n in range(57)]
        data["documents"] += [{"code": f"d{n}", "label": f"Document {n}"} for n in range(38)]
        return data

    edit_call(call=call, change=many)
    assert document


PAGES = {
    "": 29, "rubriques/formulaire/": 29, "rubriques/grille/": 29, "rubriques/pieces/": 29, "fiches/sections/projet/": 29,
    "fiches/sections/projet/questions/etat/": 29, "fiches/grid/criteria/C1/": 29, "ajouter/windows/": 27,
    "bibliotheque/sections/": 27,
}  # fmt: skip


@pytest.mark.parametrize("size", ["small", "large"])
def test_pages_ask_as_much_of_the_database_whatever_the_size(
    writer: Client, full_call: Call, size: str, django_assert_num_queries
) -> None:
    if size == "large":
        large(full_call)
    for path, count in PAGES.items():
        with django_assert_num_queries(count):
            assert writer.get(at(full_call, path)).status_code == 200
    for page, count in {"apercu/": 27, "apercu/jury/": 25}.items():
        with django_assert_num_queries(count):
            assert writer.get(f"/gestion/appels/{full_call.slug}/{page}").status_code == 200
    with django_assert_num_queries(24):
        assert writer.get(f"/gestion/appels/{full_call.slug}/appel.yaml").status_code == 200


def test_saving_one_part_writes_one_row(writer: Client, full_call: Call, django_assert_num_queries) -> None:
    large(full_call)
    rows = {
        model: set(model.objects.filter(call=full_call).values_list("pk", flat=True)) for model in (Question, PieceType)
    }
    url = at(full_call, "fiches/sections/s3/questions/q3_4/")
    data = {**typed(writer.get(url)), "label": "Une autre question"}
    with django_assert_num_queries(38) as asked:
        assert writer.post(url, data).status_code == 302
    written = [
        query["sql"] for query in asked.captured_queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert [sql.split('"')[1] for sql in written] == ["calls_question"]
    assert {model: set(model.objects.filter(call=full_call).values_list("pk", flat=True)) for model in rows} == rows


def test_a_section_page_shows_its_questions_only(writer: Client, full_call: Call) -> None:
    large(full_call)
    page = writer.get(at(full_call, "fiches/sections/s3/")).content.decode()
    assert "q3_4" in page
    assert "q4_4" not in page
