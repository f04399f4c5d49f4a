"""The back office: each room refuses bad input beside its field, keeps what was typed, and never overwrites silently."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from calls.definition.dump import dump
from calls.definition.editing import BadEdit, insert
from calls.definition.load import load
from calls.definition.reading import canonical, read
from calls.models import Call, CallRole, DownloadFile, PieceType, Question
from calls.services_editor import edit_call
from portal.core.clock import portal_now
from portal.core.rules import Refused
from tests.applications.files import pdf_upload
from tests.calls.pages import errors, save, typed
from tests.factories import make_institution, make_member, make_role

pytestmark = pytest.mark.django_db
FULL = (Path(__file__).parent / "full_call.yaml").read_text()


@pytest.fixture
def call() -> Call:
    return load(read(FULL), owner=make_institution(), at=portal_now())


@pytest.fixture
def manager(client: Client, call: Call) -> Client:
    client.force_login(make_role(call))
    return client


def at(call: Call, path: str = "") -> str:
    return f"/gestion/appels/{call.slug}/ecrire/{path}"


# --- opening -----------------------------------------------------------------------------------------------------

OPENING = {
    "source": "vide", "title": "Des places à vivre", "edition": "2027", "opens_at-0": "2027-01-15",
    "opens_at-1": "09:00:00", "closes_at-0": "2027-03-31", "closes_at-1": "23:59:59",
}  # fmt: skip


def open_call(client: Client, **changes: Any) -> Any:
    owner = make_institution()
    client.force_login(make_member(owner, "manager"))
    return client.post(f"/gestion/organismes/{owner.uuid}/ouvrir/", {**OPENING, **changes})


def test_a_blank_call_stands_and_names_what_is_to_be_written(client: Client) -> None:
    assert open_call(client).status_code == 302
    call = Call.objects.get()
    document = dump(call)
    assert (call.state, call.slug, call.code_prefix) == ("draft", "des-places-a-vivre-2027", "PV")
    assert f"{document.closes_at:%Y-%m-%d %H:%M:%S}" == "2027-03-31 23:59:59"
    assert read(canonical(document)) == document
    assert list(CallRole.objects.values_list("call", "role")) == [(call.pk, "manager")]
    page = client.get(at(call))
    waiting = {state.room.code: state.words for state in page.context["rooms"] if "à compléter" in state.words}
    assert waiting == {
        "identite": "1 à compléter", "presentation": "1 à compléter", "offre": "1 à compléter",
        "decision": "2 à compléter", "donnees": "1 à compléter",
    }  # fmt: skip
    assert [room.code for room in page.context["unused"]] == ["argent", "grille", "jury", "convention"]


def test_a_second_call_of_the_same_name_takes_another_address(client: Client) -> None:
    open_call(client)
    open_call(client)
    assert set(Call.objects.values_list("slug", "code_prefix")) == {
        ("des-places-a-vivre-2027", "PV"),
        ("des-places-a-vivre-2027-2", "PV2"),
    }


def test_a_call_opens_from_the_catalogue_at_its_own_dates(client: Client) -> None:
    open_call(client, source="territoire-promoteur-de-sante", edition="2028")
    document = dump(Call.objects.get())
    assert (document.title, document.edition, len(document.sections)) == ("Des places à vivre", "2028", 10)
    assert f"{document.opens_at:%d/%m/%Y %H:%M:%S}" == "15/01/2027 09:00:00"


def test_a_call_opens_from_the_file_of_another_territory(client: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    other = FULL.replace('siren: "200084952"', 'siren: "200067445"')
    open_call(client, source="fichier", file=SimpleUploadedFile("appel.yaml", other.encode()))
    document = dump(Call.objects.get())
    assert (document.owner.siren, document.contact.service) == ("200084952", "Service Santé")
    assert len(document.questions) == len(read(FULL).questions)


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"source": ""}, "source", "Choisissez de quoi partir."),
        ({"source": "fichier"}, "file", "Choisissez le fichier."),
        ({"title": ""}, "title", "Écrivez le titre de l’appel."),
        ({"closes_at-1": "23:59"}, "closes_at", "Il manque les secondes : écrivez 2027-03-31 23:59:59."),
        ({"closes_at-1": "00:00"}, "closes_at", "Minuit de quel jour ?"),
        ({"closes_at-0": "2027-01-14"}, "closes_at", "La clôture doit venir après l’ouverture."),
        ({"opens_at-0": ""}, "opens_at", "n’est pas un instant"),
    ],
)
def test_opening_refuses_beside_the_field(client: Client, changes: dict, field: str, message: str) -> None:
    found = errors(open_call(client, **changes))
    assert set(found) == {field}
    assert message in found[field][0]
    assert not Call.objects.exists()


# --- rooms -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("room", "changes", "field", "message"),
    [
        ("identite", {"title": ""}, "title", "Remplissez cette case."),
        ("identite", {"slug": "Cœurs de village"}, "slug", "n’est pas admis : écrivez en minuscules"),
        ("presentation", {"goal": "x" * 8001}, "goal", "8000 au plus"),
        ("partenaires", {"contact__phone": "12"}, "contact__phone", "écrivez dix chiffres"),
        ("offre", {"support__kinds": []}, "support__kinds", "Remplissez cette case."),
        ("offre", {"support__max_months": "6"}, None, "Durée la plus longue, en mois"),
        ("argent", {"money__total": "250 000,01"}, "money__cuts", "il manque 0,01 € pour le total"),
        ("candidats", {"perimeter__codes": "76"}, None, ""),
        ("candidats", {"perimeter__codes": "Le Havre"}, "perimeter__codes", "écrivez par exemple 76 ou 974"),
        ("candidats", {"applicants__group__max": "deux"}, "applicants__group__max", "n’est pas un nombre entier"),
        ("grille", {"grid__scale_labels": "non traité"}, "grid__scale_labels", "une note par ligne"),
        ("grille", {"grid__scale_labels": "9 : parfait"}, "grid__scale_labels", "hors de l’échelle"),
        ("jury", {"jury__quorum": "9"}, "jury__quorum", "le quorum dépasse".capitalize()),
        ("decision", {"decision__reserve_months": "0"}, "decision__reserve_months", "est trop petit"),
        ("convention", {"agreement__recitals": ["Vu {inconnu}"]}, "agreement__recitals", "n’est pas un champ connu"),
        ("donnees", {"data_notice__dpo_mail": "dpd"}, "data_notice__dpo_mail", "écrivez une adresse"),
    ],
)
def test_a_room_refuses_beside_the_field(manager: Client, call: Call, room: str, changes, field, message) -> None:
    before = canonical(dump(call))
    answer = save(manager, at(call, f"rubriques/{room}/"), **changes)
    if message:
        found = errors(answer)
        name = field or "__all__"
        assert set(found) == {name}
        assert any(message in text for text in found[name]), found
        for key, value in changes.items():
            shown = typed(answer).get(key, [])
            assert shown[: len(value)] == value if isinstance(value, list) else shown == [value]
    assert canonical(dump(Call.objects.get(pk=call.pk))) == before


@pytest.mark.parametrize(
    ("where", "changes", "field", "message"),
    [
        ("windows/W2", {"closes_at-1": "12:00"}, "closes_at", "Il manque les secondes"),
        ("windows/W2", {"closes_at-0": "2027-01-01"}, "closes_at", "La clôture doit venir après l’ouverture."),
        ("calendar/visites", {"label": ""}, None, "n’est pas une étape connue"),
        ("strata/petites", {"upper": "2000"}, None, "se recouvrent"),
        ("eligibility/R2", {"below": ""}, None, "Ce seuil n’a pas de borne."),
        (
            "sections/projet/questions/etat",
            {"options-1-label": "", "options-1-code": ""},
            None,
            "au moins deux réponses",
        ),
        ("sections/moyens/questions/acte", {"piece": ""}, "piece", "n’est le code d’aucune pièce"),
        ("sections/moyens/questions/surface", {"max": "0,1"}, "max", "est plus petit que « Valeur la plus petite »"),
        ("sections/moyens", {"condition-0-value": "peut-être"}, "condition", "La réponse est « oui » ou « non »."),
        ("pieces/DEVIS", {"condition-0-what": "", "condition-0-value": ""}, None, "dit quand elle est demandée"),
        ("pieces/PHOTOS", {"max_count": "1"}, "max_count", "est plus petit que « Fichiers, au moins »"),
        ("grid/criteria/C1", {"knockout": "61"}, "knockout", "dépasse les points"),
        ("grid/criteria/C1", {"code": "C2"}, None, "déjà pris"),
        ("phases/P2", {"last_month": "13"}, "last_month", "dépasse la durée de l’accompagnement (12 mois)"),
        ("reminders/brouillon", {"at": "9 h"}, "at", "n’est pas une heure"),
        ("money/grants/A1", {"rate": "0"}, "rate", ""),
    ],
)
def test_an_item_refuses_beside_the_field(manager: Client, call: Call, where: str, changes, field, message) -> None:
    before = canonical(dump(call))
    found = errors(save(manager, at(call, f"fiches/{where}/"), **changes))
    assert any(message in text for texts in found.values() for text in texts), found
    if field:
        assert set(found) == {field}
    assert canonical(dump(Call.objects.get(pk=call.pk))) == before


def test_the_rooms_speak_to_people_and_not_to_authors_of_files(manager: Client, call: Call) -> None:
    found = errors(save(manager, at(call, "fiches/eligibility/R2/"), below=""))
    assert found == {"__all__": ["Ce seuil n’a pas de borne."]}


def test_what_other_calls_hold_is_refused(manager: Client, call: Call) -> None:
    load(read(FULL).model_copy(update={"slug": "pris", "code_prefix": "PRIS"}), owner=call.owner, at=portal_now())
    found = errors(
        save(manager, at(call, "rubriques/identite/"), slug="pris", code_prefix="PRIS", programme__title="X")
    )
    assert set(found) == {"slug", "code_prefix", "programme__title"}


def test_a_room_that_is_not_used_opens_and_leaves(manager: Client, call: Call) -> None:
    assert save(manager, at(call, "rubriques/argent/retirer/")).status_code == 302
    assert dump(Call.objects.get(pk=call.pk)).money is None
    assert manager.get(at(call, "rubriques/argent/")).status_code == 404
    assert manager.post(at(call, "rubriques/argent/ouvrir/")).status_code == 302
    assert [grant.label for grant in dump(Call.objects.get(pk=call.pk)).money.grants] == ["À compléter : première aide"]
    assert manager.post(at(call, "rubriques/argent/ouvrir/")).status_code == 404
    assert manager.post(at(call, "rubriques/identite/ouvrir/")).status_code == 404
    assert manager.get(at(call, "rubriques/identite/retirer/")).status_code == 404


# --- lists -------------------------------------------------------------------------------------------------------


def codes(call: Call, name: str) -> list[str]:
    return [item.code for item in getattr(dump(Call.objects.get(pk=call.pk)), name)]


def test_items_go_up_and_down_without_script(manager: Client, call: Call) -> None:
    assert codes(call, "calendar") == ["publication", "jury", "visites"]
    manager.post(at(call, "deplacer/calendar/visites/"), {"sens": "haut"})
    assert codes(call, "calendar") == ["publication", "visites", "jury"]
    manager.post(at(call, "deplacer/calendar/publication/"), {"sens": "bas"})
    assert codes(call, "calendar") == ["visites", "publication", "jury"]
    manager.post(at(call, "deplacer/calendar/visites/"), {"sens": "haut"})
    assert codes(call, "calendar") == ["visites", "publication", "jury"]
    assert manager.post(at(call, "deplacer/calendar/visites/"), {"sens": "ici"}).status_code == 404


def test_a_question_does_not_go_above_what_it_depends_on(manager: Client, call: Call) -> None:
    for _ in range(3):
        answer = manager.post(at(call, "deplacer/sections/projet/questions/pourquoi/"), {"sens": "haut"}, follow=True)
    questions = dump(Call.objects.get(pk=call.pk)).sections[0].questions
    assert [question.code for question in questions][-2:] == ["pourquoi", "commence"]
    assert "une condition porte sur une question précédente" in answer.content.decode()


def test_codes_are_proposed(manager: Client, call: Call) -> None:
    manager.post(at(call, "ajouter/grid/criteria/"), {"label": "Santé", "points": "10"})
    manager.post(at(call, "ajouter/pieces/"), {"label": "Relevé d’identité bancaire", "need": "required",
        "stage": "file", "accepted": ["pdf"]})  # fmt: skip
    manager.post(at(call, "ajouter/sections/projet/questions/?nature=text"), {"label": "Titre"})
    document = dump(Call.objects.get(pk=call.pk))
    assert document.grid.criteria[-1].code == "C4"
    assert document.pieces[-1].code == "RELEVE_D_IDENTITE"
    assert document.sections[0].questions[-1].code == "titre_2"


def test_a_new_section_begins_with_a_question_to_complete(manager: Client, call: Call) -> None:
    answer = manager.post(at(call, "ajouter/sections/"), {"title": "Le calendrier", "stage": "file"})
    assert answer.url == at(call, "fiches/sections/le_calendrier/")
    (question,) = dump(Call.objects.get(pk=call.pk)).sections[-1].questions
    assert question.label == "À compléter : première question"


def test_a_kind_is_chosen_first_and_may_change(manager: Client, call: Call) -> None:
    page = manager.get(at(call, "ajouter/eligibility/"))
    assert [kind.code for kind in page.context["kinds"]] == [
        "perimeter", "population", "applicant_kind", "max_applications", "answer", "judgement",
    ]  # fmt: skip
    assert page.context["form"] is None
    assert save(manager, at(call, "fiches/eligibility/R2/?nature=judgement")).status_code == 302
    assert dump(Call.objects.get(pk=call.pk)).eligibility[1].kind == "judgement"
    assert save(manager, at(call, "fiches/sections/moyens/questions/surface/?nature=text")).status_code == 302
    question = dump(Call.objects.get(pk=call.pk)).sections[1].questions[0]
    assert (question.kind, question.min, question.unit) == ("text", None, None)


def test_removing_asks_first_and_says_what_still_names_it(manager: Client, call: Call) -> None:
    assert "Supprimer" in manager.get(at(call, "supprimer/partners/EPF/")).content.decode()
    found = errors(save(manager, at(call, "supprimer/partners/EPF/")))
    assert [text.partition(" : ")[0] for text in found["__all__"]] == [
        "Offre, foncier, Partenaires qui en répondent",
        "Argent, Répartition du total",
    ]
    assert save(manager, at(call, "supprimer/partners/DDTM/")).status_code == 302
    assert codes(call, "partners") == ["EPF"]


def test_the_library_adds_a_whole_section_in_one_click(manager: Client, call: Call) -> None:
    page = manager.get(at(call, "bibliotheque/sections/"))
    assert len(page.context["items"]) == 11
    manager.post(at(call, "bibliotheque/sections/"), {"code": "budget"})
    assert codes(call, "sections") == ["projet", "moyens", "budget"]
    assert [q.code for q in dump(call).sections[2].questions] == [
        "cout_2",
        "demande",
        "recettes",
        "autres_aides",
        "plan",
    ]
    assert manager.post(at(call, "bibliotheque/sections/"), {"code": "autre"}).status_code == 404
    assert manager.get(at(call, "bibliotheque/windows/")).status_code == 404


def test_what_is_not_there_is_404(manager: Client, call: Call) -> None:
    for path in ("fiches/windows/W9/", "fiches/windows/", "fiches/nothing/", "ajouter/title/", "ajouter/windows/W1/",
                 "rubriques/cuisine/", "supprimer/windows/", "fichiers/inconnu/"):  # fmt: skip
        assert manager.get(at(call, path)).status_code == 404, path


# --- two officers ------------------------------------------------------------------------------------------------


def test_two_officers_never_overwrite_each_other(manager: Client, call: Call) -> None:
    url = at(call, "fiches/phases/P1/")
    mine = typed(manager.get(url))
    save(manager, url, title="Cadrage partagé")
    answer = manager.post(url, {**mine, "deliverable": "Ma note"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Deux textes pour la même page" in page
    assert [(key, text) for key, _, text in answer.context["form"].both] == [
        ("title", "Cadrage partagé"),
        ("deliverable", "Note de cadrage"),
    ]
    assert dump(Call.objects.get(pk=call.pk)).phases[0].deliverable == "Note de cadrage"
    again = typed(answer)
    assert (again["title"], again["deliverable"]) == (["Cadrage"], ["Ma note"])
    assert manager.post(url, again).status_code == 302
    assert dump(Call.objects.get(pk=call.pk)).phases[0].deliverable == "Ma note"


def test_a_conflict_shows_only_what_differs(manager: Client, call: Call) -> None:
    for path, changes in (
        ("rubriques/jury/", {"jury__quorum": "1"}),
        ("rubriques/argent/", {"money__tax": "ht"}),
        ("fiches/sections/projet/questions/pourquoi/", {"label": "Pourquoi ?"}),
        ("fiches/sections/moyens/questions/financements/", {"label": "Les financements"}),
        ("fiches/windows/W2/", {"label": "Les dossiers"}),
    ):
        url = at(call, path)
        mine = typed(manager.get(url))
        assert save(manager, url, **changes).status_code == 302
        answer = manager.post(url, mine)
        assert [key for key, _, _ in answer.context["form"].both] == list(changes), path


def test_two_officers_on_two_parts_do_not_disturb_each_other(manager: Client, call: Call) -> None:
    first, second = at(call, "fiches/phases/P1/"), at(call, "rubriques/donnees/")
    page = typed(manager.get(first))
    save(manager, second, data_notice__text="Une autre phrase.")
    manager.post(at(call, "deplacer/phases/P1/"), {"sens": "bas"})
    assert manager.post(first, {**page, "title": "Cadrer"}).status_code == 302
    assert [phase.title for phase in dump(Call.objects.get(pk=call.pk)).phases] == ["Étude", "Cadrer"]


def test_a_part_removed_meanwhile_keeps_the_words_on_screen(manager: Client, call: Call) -> None:
    call.refresh_from_db()
    with pytest.raises(BadEdit):
        edit_call(call=call, change=insert("phases", {"code": "P1", "title": "X", "first_month": 1, "last_month": 1}))
    url = at(call, "fiches/phases/P1/")
    page = typed(manager.get(url))
    save(manager, at(call, "supprimer/phases/P1/"))
    assert manager.post(url, page).status_code == 404


def test_a_page_without_its_token_never_writes(manager: Client, call: Call) -> None:
    url = at(call, "fiches/phases/P1/")
    page = typed(manager.get(url))
    del page["vu"]
    assert manager.post(url, {**page, "title": "Autre"}).status_code == 200
    assert dump(call).phases[0].title == "Cadrage"


# --- rights ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["officer", "reader", "adviser", "secretary"])
def test_only_managers_write(client: Client, call: Call, role: str) -> None:
    client.force_login(make_role(call, role))
    for path in ("", "rubriques/identite/", "fiches/phases/P1/", "ajouter/phases/", "bibliotheque/pieces/"):
        assert client.get(at(call, path)).status_code == 403, path
    assert client.get(f"/gestion/appels/{call.slug}/apercu/").status_code == 200
    assert "Écrire l’appel" not in client.get(f"/gestion/appels/{call.slug}/").content.decode()


def test_a_published_call_is_not_written_here(manager: Client, call: Call) -> None:
    Call.objects.filter(pk=call.pk).update(state="published", published_at=portal_now())
    answer = manager.get(at(call))
    assert answer.status_code == 403
    assert "il ne se modifie plus ici" in answer.content.decode()
    with pytest.raises(Refused):
        edit_call(call=call, change=insert("phases", {}))


# --- files -------------------------------------------------------------------------------------------------------


def test_the_bytes_of_a_document_are_kept_and_served_once_published(manager: Client, call: Call) -> None:
    page, url = at(call, "fichiers/modele/"), f"/appels/{call.slug}/documents/modele/"
    assert manager.get(url).status_code == 404
    assert manager.post(page, {"file": pdf_upload(name="delibération type.pdf")}).status_code == 302
    assert dump(Call.objects.get(pk=call.pk)).documents[1].file == "delibération type.pdf"
    assert manager.get(url)["Content-Type"] == "application/pdf"
    stranger = Client()
    assert stranger.get(url).status_code == 404
    Call.objects.filter(pk=call.pk).update(state="published", published_at=portal_now())
    assert stranger.get(url).status_code == 200


def test_a_bad_file_is_refused_beside_the_field(manager: Client, call: Call) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    found = errors(manager.post(at(call, "fichiers/modele/"), {"file": SimpleUploadedFile("virus.exe", b"MZ")}))
    assert "Ce format n’est pas accepté" in found["file"][0]
    assert errors(manager.post(at(call, "fichiers/modele/"), {})) == {"file": ["Choisissez un fichier."]}
    assert not DownloadFile.objects.exists()


def test_a_document_that_goes_takes_its_bytes_away(manager: Client, call: Call) -> None:
    manager.post(at(call, "fichiers/modele/"), {"file": pdf_upload()})
    save(manager, at(call, "supprimer/documents/modele/"))
    assert not DownloadFile.objects.exists()


# --- size --------------------------------------------------------------------------------------------------------


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
    "": 30, "rubriques/formulaire/": 30, "rubriques/grille/": 30, "rubriques/pieces/": 30, "fiches/sections/projet/": 30,
    "fiches/sections/projet/questions/etat/": 30, "fiches/grid/criteria/C1/": 30, "ajouter/windows/": 29,
    "bibliotheque/sections/": 29,
}  # fmt: skip


@pytest.mark.parametrize("size", ["small", "large"])
def test_pages_ask_as_much_of_the_database_whatever_the_size(
    manager: Client, call: Call, size: str, django_assert_num_queries
) -> None:
    if size == "large":
        large(call)
    for path, count in PAGES.items():
        with django_assert_num_queries(count):
            assert manager.get(at(call, path)).status_code == 200
    for page in ("apercu/", "apercu/jury/"):
        with django_assert_num_queries(27):
            assert manager.get(f"/gestion/appels/{call.slug}/{page}").status_code == 200
    with django_assert_num_queries(24):
        assert manager.get(f"/gestion/appels/{call.slug}/appel.yaml").status_code == 200


def test_saving_one_part_writes_one_row(manager: Client, call: Call, django_assert_num_queries) -> None:
    large(call)
    rows = {model: set(model.objects.filter(call=call).values_list("pk", flat=True)) for model in (Question, PieceType)}
    url = at(call, "fiches/sections/s3/questions/q3_4/")
    data = {**typed(manager.get(url)), "label": "Une autre question"}
    with django_assert_num_queries(54) as asked:
        assert manager.post(url, data).status_code == 302
    written = [
        query["sql"] for query in asked.captured_queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert [sql.split('"')[1] for sql in written] == ["calls_question"]
    assert {model: set(model.objects.filter(call=call).values_list("pk", flat=True)) for model in rows} == rows


def test_a_section_page_shows_its_questions_only(manager: Client, call: Call) -> None:
    large(call)
    page = manager.get(at(call, "fiches/sections/s3/")).content.decode()
    assert "q3_4" in page
    assert "q4_4" not in page
