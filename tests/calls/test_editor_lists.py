"""The lists of the back office: order, codes, kinds, library, removal."""

import pytest
from django.test import Client

from calls.definition.dump import dump
from calls.models import Call
from tests.calls.pages import at, document_of, errors, save

pytestmark = pytest.mark.django_db


def codes(call: Call, name: str) -> list[str]:
    return [item.code for item in getattr(document_of(call), name)]


def test_items_go_up_and_down_without_script(writer: Client, full_call: Call) -> None:
    assert codes(full_call, "calendar") == ["publication", "jury", "visites"]
    writer.post(at(full_call, "deplacer/calendar/visites/"), {"sens": "haut"})
    assert codes(full_call, "calendar") == ["publication", "visites", "jury"]
    writer.post(at(full_call, "deplacer/calendar/publication/"), {"sens": "bas"})
    assert codes(full_call, "calendar") == ["visites", "publication", "jury"]
    writer.post(at(full_call, "deplacer/calendar/visites/"), {"sens": "haut"})
    assert codes(full_call, "calendar") == ["visites", "publication", "jury"]
    assert writer.post(at(full_call, "deplacer/calendar/visites/"), {"sens": "ici"}).status_code == 404


def test_a_question_does_not_go_above_what_it_depends_on(writer: Client, full_call: Call) -> None:
    for _ in range(3):
        answer = writer.post(
            at(full_call, "deplacer/sections/projet/questions/pourquoi/"), {"sens": "haut"}, follow=True
        )
    questions = document_of(full_call).sections[0].questions
    assert [question.code for question in questions][-2:] == ["pourquoi", "commence"]
    assert "une condition porte sur une question précédente" in answer.content.decode()


def test_codes_are_proposed(writer: Client, full_call: Call) -> None:
    writer.post(at(full_call, "ajouter/grid/criteria/"), {"label": "Santé", "points": "10"})
    writer.post(at(full_call, "ajouter/pieces/"), {"label": "Relevé d’identité bancaire", "need": "required",
        "stage": "file", "accepted": ["pdf"]})  # fmt: skip
    writer.post(at(full_call, "ajouter/sections/projet/questions/?nature=text"), {"label": "Titre"})
    document = document_of(full_call)
    assert document.grid.criteria[-1].code == "C4"
    assert document.pieces[-1].code == "RELEVE_D_IDENTITE"
    assert document.sections[0].questions[-1].code == "titre_2"


def test_a_new_section_begins_with_a_question_to_complete(writer: Client, full_call: Call) -> None:
    answer = writer.post(at(full_call, "ajouter/sections/"), {"title": "Le calendrier", "stage": "file"})
    assert answer.url == at(full_call, "fiches/sections/le_calendrier/")
    (question,) = document_of(full_call).sections[-1].questions
    assert question.label == "À compléter : première question"


def test_a_kind_is_chosen_first_and_may_change(writer: Client, full_call: Call) -> None:
    page = writer.get(at(full_call, "ajouter/eligibility/"))
    assert [kind.code for kind in page.context["kinds"]] == [
        "perimeter", "place", "excluded", "attribute", "same_intercommunality", "population", "applicant_kind", "members",
        "joint", "max_applications", "selected_before", "answer", "start", "cost", "duration", "declaration", "judgement",
    ]  # fmt: skip
    assert page.context["form"] is None
    assert save(writer, at(full_call, "fiches/eligibility/R2/?nature=judgement")).status_code == 302
    assert document_of(full_call).eligibility[1].kind == "judgement"
    assert save(writer, at(full_call, "fiches/sections/moyens/questions/surface/?nature=text")).status_code == 302
    question = document_of(full_call).sections[1].questions[0]
    assert (question.kind, question.min, question.unit) == ("text", None, None)


def test_removing_asks_first_and_says_what_still_names_it(writer: Client, full_call: Call) -> None:
    assert "Supprimer" in writer.get(at(full_call, "supprimer/partners/EPF/")).content.decode()
    found = errors(save(writer, at(full_call, "supprimer/partners/EPF/")))
    assert [text.partition(" : ")[0] for text in found["__all__"]] == [
        "Offre, Foncier, Partenaires qui en répondent",
        "Argent, Répartition du total",
    ]
    assert save(writer, at(full_call, "supprimer/partners/DDTM/")).status_code == 302
    assert codes(full_call, "partners") == ["EPF"]


def test_the_library_adds_a_whole_section_in_one_click(writer: Client, full_call: Call) -> None:
    page = writer.get(at(full_call, "bibliotheque/sections/"))
    assert len(page.context["items"]) == 12
    writer.post(at(full_call, "bibliotheque/sections/"), {"code": "budget"})
    assert codes(full_call, "sections") == ["projet", "moyens", "budget"]
    assert [q.code for q in dump(full_call).sections[2].questions] == [
        "cout_2",
        "demande",
        "recettes",
        "autres_aides",
        "plan",
    ]
    assert writer.post(at(full_call, "bibliotheque/sections/"), {"code": "autre"}).status_code == 404
    assert writer.get(at(full_call, "bibliotheque/windows/")).status_code == 404


def test_what_is_not_there_is_404(writer: Client, full_call: Call) -> None:
    for path in ("fiches/windows/W9/", "fiches/windows/", "fiches/nothing/", "ajouter/title/", "ajouter/windows/W1/",
                 "rubriques/cuisine/", "supprimer/windows/", "fichiers/inconnu/"):  # fmt: skip
        assert writer.get(at(full_call, path)).status_code == 404, path
