"""Each room and each item refuses bad input beside its field, and keeps what was typed."""

import pytest
from django.test import Client

from calls.definition.dump import dump
from calls.definition.load import load
from calls.definition.reading import canonical, read
from calls.models import Call
from portal.core.clock import portal_now
from tests.calls.conftest import FULL
from tests.calls.pages import at, document_of, errors, save, typed

pytestmark = pytest.mark.django_db


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
def test_a_room_refuses_beside_the_field(writer: Client, full_call: Call, room: str, changes, field, message) -> None:
    before = canonical(dump(full_call))
    answer = save(writer, at(full_call, f"rubriques/{room}/"), **changes)
    if message:
        found = errors(answer)
        name = field or "__all__"
        assert set(found) == {name}
        assert any(message in text for text in found[name]), found
        for key, value in changes.items():
            shown = typed(answer).get(key, [])
            assert shown[: len(value)] == value if isinstance(value, list) else shown == [value]
    assert canonical(document_of(full_call)) == before


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
def test_an_item_refuses_beside_the_field(writer: Client, full_call: Call, where: str, changes, field, message) -> None:
    before = canonical(dump(full_call))
    found = errors(save(writer, at(full_call, f"fiches/{where}/"), **changes))
    assert any(message in text for texts in found.values() for text in texts), found
    if field:
        assert set(found) == {field}
    assert canonical(document_of(full_call)) == before


def test_the_rooms_speak_to_people_and_not_to_authors_of_files(writer: Client, full_call: Call) -> None:
    found = errors(save(writer, at(full_call, "fiches/eligibility/R2/"), below=""))
    assert found == {"__all__": ["Ce seuil n’a pas de borne."]}


def test_a_rule_on_an_answer_is_written_in_words(writer: Client, full_call: Call) -> None:
    url = at(full_call, "ajouter/eligibility/?nature=answer")
    told = {"label": "Avancé", "sentence": "Les études sont faites.", "effect": "blocking", "question": "etat"}
    assert writer.post(url, {**told, "equals": "des études"}).status_code == 302
    rule = document_of(full_call).eligibility[-1]
    assert (rule.code, rule.equals) == ("R18", "etudes")
    assert typed(writer.get(at(full_call, "fiches/eligibility/R18/")))["equals"] == ["Des études"]
    found = errors(writer.post(url, {**told, "equals": "Fini"}))
    assert "n’est pas une réponse de « etat »" in str(found)


def test_a_group_of_which_nothing_is_left_goes(writer: Client, full_call: Call) -> None:
    empty = {"jury__hearing__minutes": "", "jury__hearing__threshold": ""}
    assert save(writer, at(full_call, "rubriques/jury/"), **empty).status_code == 302
    group = {"applicants__group__min": "", "applicants__group__max": "", "applicants__group__text": ""}
    assert save(writer, at(full_call, "rubriques/candidats/"), **group).status_code == 302
    document = document_of(full_call)
    assert (document.jury.hearing, document.applicants.group) == (None, None)


def test_what_other_calls_hold_is_refused(writer: Client, full_call: Call) -> None:
    load(read(FULL).model_copy(update={"slug": "pris", "code_prefix": "PRIS"}), owner=full_call.owner, at=portal_now())
    found = errors(
        save(writer, at(full_call, "rubriques/identite/"), slug="pris", code_prefix="PRIS", programme__title="X")
    )
    assert set(found) == {"slug", "code_prefix", "programme__title"}


def test_a_room_that_is_not_used_opens_and_leaves(writer: Client, full_call: Call) -> None:
    assert save(writer, at(full_call, "rubriques/argent/retirer/")).status_code == 302
    assert document_of(full_call).money is None
    assert writer.get(at(full_call, "rubriques/argent/")).status_code == 404
    assert writer.post(at(full_call, "rubriques/argent/ouvrir/")).status_code == 302
    assert [grant.label for grant in document_of(full_call).money.grants] == ["À compléter : première aide"]
    assert writer.post(at(full_call, "rubriques/argent/ouvrir/")).status_code == 404
    assert writer.post(at(full_call, "rubriques/identite/ouvrir/")).status_code == 404
    assert writer.get(at(full_call, "rubriques/identite/retirer/")).status_code == 404


def test_the_advice_of_a_room_leads_to_its_fields(writer: Client, full_call: Call) -> None:
    save(writer, at(full_call, "fiches/grid/criteria/C1/"), sections=[], label="Intérêt (à préciser)")
    save(writer, at(full_call, "fiches/windows/W1/"), **{"closes_at-0": "2027-01-31"})
    page = writer.get(at(full_call, "rubriques/grille/"))
    about = [one for one in page.context["advice"] if one.place.startswith("Intérêt")]
    assert [(one.place, one.url, one.blocking) for one in about] == [
        ("Intérêt (à préciser)", at(full_call, "fiches/grid/criteria/C1/"), False),
        ("Intérêt (à préciser), Critère", at(full_call, "fiches/grid/criteria/C1/#div_id_label"), True),
    ]
    assert "« Sections qui l’éclairent »" in about[0].text.replace("\u202f", " ")
    panel = writer.get(f"/gestion/appels/{full_call.slug}/").context["remaining"]["rooms"]
    assert {state.room.code: state.words for state in panel if state.words} == {
        "calendrier": "2 à relire", "eligibilite": "1 à relire", "pieces": "3 à relire", "grille": "1 à compléter",
    }  # fmt: skip


# --- the mode of the grid ----------------------------------------------------------------------------------------


def grid_fields(writer: Client, call: Call, nature: str = "") -> list[str]:
    page = writer.get(at(call, f"rubriques/grille/{nature}"))
    return [entry.name for entry in page.context["form"].entries]


def test_the_room_of_the_grid_shows_what_its_mode_needs(writer: Client, full_call: Call) -> None:
    last = ["max_selected", "reserve_size"]
    assert grid_fields(writer, full_call) == [
        "scale_max", "scale_labels", "total", "threshold", *last, "tie_break", "aggregate", "abstention", "unjudged",
        "comment", "technical_visible_to_jury",
    ]  # fmt: skip
    assert grid_fields(writer, full_call, "?nature=qualitative") == [
        "levels", *last, "abstention", "comment", "technical_visible_to_jury",
    ]  # fmt: skip
    assert grid_fields(writer, full_call, "?nature=none") == grid_fields(writer, full_call)
    page = writer.get(at(full_call, "fiches/grid/criteria/C1/"))
    assert {"points", "knockout"} <= {entry.name for entry in page.context["form"].entries}


def test_levels_take_the_place_of_points_and_back(writer: Client, full_call: Call) -> None:
    room = at(full_call, "rubriques/grille/?nature=qualitative")
    assert "au moins deux" in str(errors(save(writer, room)))
    levels = {"grid__levels-0-label": "Fort", "grid__levels-1-label": "Faible"}
    assert save(writer, room, **levels).status_code == 302
    grid = document_of(full_call).grid
    assert (grid.mode, [level.label for level in grid.levels], grid.bonuses, grid.threshold, grid.tie_break) == (
        "qualitative", ["Fort", "Faible"], (), None, (),
    )  # fmt: skip
    assert {(c.points, c.knockout) for c in grid.criteria} == {(None, None)}
    assert {ranking.threshold for ranking in grid.rankings} == {None}
    page = writer.get(at(full_call, "ajouter/grid/criteria/"))
    assert [entry.name for entry in page.context["form"].entries] == [
        "label", "part_of", "description", "sections", "informational", "descriptors", "comment_required", "condition",
        "code",
    ]  # fmt: skip
    assert [one.address for one in writer.get(at(full_call, "rubriques/grille/")).context["lists"]] == [
        "grid/criteria", "grid/rankings",
    ]  # fmt: skip
    assert save(writer, at(full_call, "rubriques/grille/?nature=numeric")).status_code == 302
    grid = document_of(full_call).grid
    assert (grid.mode, grid.levels, [c.points for c in grid.criteria]) == ("numeric", (), [50, 50, None])
