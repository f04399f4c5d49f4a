"""A published call corrected in the rooms: what is settled is shut, the rest waits, is shown, published or dropped."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.db import IntegrityError, transaction
from django.test import Client

from calls.definition.dump import dump
from calls.definition.editing import BadEdit, put
from calls.models import Call, CallRevision, CallRole, DownloadFile, StagedDocument
from calls.services import by_hand
from calls.services.correction import proposal_of, stage_document
from calls.services.life import extend_call
from calls.tasks import purge_staged
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from tests.applications.files import pdf_upload
from tests.calls.documents import ordinary
from tests.calls.pages import at, document_of, errors, save, typed
from tests.calls.test_correction import fields, made, signed_in, text_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(client: Client) -> tuple[Client, Call, object]:
    """A manager at the screen, whose published call has a correction open."""
    call, manager = made()
    browser = signed_in(client, manager)
    answer = browser.post(f"/gestion/appels/{call.slug}/corriger/rubriques/")
    assert answer["Location"] == at(call)
    return browser, call, manager


def open_one() -> StagedDocument:
    return StagedDocument.objects.get(by_hand=True, applied_at=None)


def page_of_changes(call: Call) -> str:
    return f"/gestion/appels/{call.slug}/corriger/{open_one().uuid}/"


def plain(response) -> str:
    return ordinary(response.content.decode())


def test_without_a_correction_a_published_call_stays_shut(client: Client) -> None:
    call, manager = made()
    answer = signed_in(client, manager).get(at(call))
    assert answer.status_code == 403
    assert "il ne se modifie plus ici" in answer.content.decode()


def test_what_is_typed_waits_is_shown_then_published(scene) -> None:
    browser, call, _ = scene
    _, _, people = fields(call)
    assert save(browser, at(call, "rubriques/presentation/"), goal="Faire revivre les places.").status_code == 302
    assert save(browser, at(call, "fiches/sections/projet/"), title="Votre projet").status_code == 302
    assert (document_of(call).goal, CallRevision.objects.count()) == ("Faire vivre les places.", 1)
    assert "Faire revivre les places." in plain(browser.get(at(call, "rubriques/presentation/")))
    page = plain(browser.get(page_of_changes(call)))
    assert "2 différences" in page
    assert "Faire revivre les places." in page
    assert browser.post(page_of_changes(call), {"reason": " "}).status_code == 200
    done = page_of_changes(call)
    assert browser.post(done, {"reason": "Texte plus clair."}).status_code == 302
    revision = call.revisions.get(n=2)
    assert (document_of(call).goal, revision.note) == ("Faire revivre les places.", "Texte plus clair.")
    assert len(revision.changes) == 2
    assert "« Faire vivre les places. » devient « Faire revivre les places. »" in ordinary(revision.changes[0])
    assert set(OutboundEmail.objects.filter(kind="call.corrected").values_list("recipient", flat=True)) == people
    assert browser.get(at(call)).status_code == 403
    assert browser.get(done).status_code == 404


def test_those_who_correct_preview_the_correction_and_nobody_else(scene) -> None:
    browser, call, _ = scene
    save(browser, at(call, "fiches/sections/projet/"), title="Votre projet")
    page = f"/gestion/appels/{call.slug}/apercu/"
    assert "<h1>Votre projet</h1>" in browser.get(page).content.decode()
    reader = make_user()
    CallRole.objects.create(user=reader, call=call, role="reader", starts_at=portal_now())
    assert "<h1>Le projet</h1>" in signed_in(Client(), reader).get(page).content.decode()


def test_settled_parts_are_read_with_their_reason(scene) -> None:
    browser, call, _ = scene
    rooms = browser.get(at(call)).context["rows"]
    assert {state.room.code for state, why in rooms if why} == {
        "eligibilite", "grille", "decision", "accompagnement", "indicateurs",
    }  # fmt: skip
    page = browser.get(at(call, "rubriques/identite/"))
    assert [entry.key for entry in page.context["form"].entries] == ["summary", "themes"]
    assert len(page.context["shut"]) == 7
    assert "C’est sous ce nom que l’appel est publié." in plain(page)
    grid = browser.get(at(call, "rubriques/grille/"))
    assert "Enregistrer</button>" not in plain(grid)
    frozen = "les critères et leurs points sont arrêtés à la publication."
    assert (grid.context["lists"][0].shut, grid.context["lists"][0].still) == (frozen, frozen)
    assert {item.kept for item in grid.context["lists"][0].items} == {frozen}
    criterion = browser.get(at(call, "fiches/grid/criteria/C1/"))
    assert criterion.context["form"].entries == []
    assert "Les critères et leurs points sont arrêtés à la publication." in plain(criterion)
    assert "Intérêt" in plain(criterion)


def test_settled_parts_are_refused_whoever_asks(scene) -> None:
    browser, call, _ = scene
    assert browser.post(at(call, "fiches/grid/criteria/C1/"), {"label": "Autre", "points": "60"}).status_code == 200
    with pytest.raises(BadEdit, match="les critères et leurs points sont arrêtés"):
        by_hand.edit(call=call, change=put("grid/criteria/C1", {("label",): "Autre"}), at=portal_now())
    found = errors(browser.post(at(call, "ajouter/undertakings/"), {"label": "Venir"}))
    assert "Ceux qui ont déposé s’y sont déjà engagés" in str(found)
    found = errors(save(browser, at(call, "supprimer/grid/criteria/C2/")))
    assert "Les critères et leurs points sont arrêtés" in str(found)
    for path in ("rubriques/grille/retirer/", "rubriques/argent/ouvrir/"):
        assert browser.post(at(call, path)).status_code == 404
    library = at(call, "bibliotheque/undertakings/")
    code = browser.get(library).context["items"][0].code
    answer = browser.post(library, {"code": code}, follow=True)
    assert "Ceux qui ont déposé s’y sont déjà engagés" in plain(answer)
    assert proposal_of(open_one(), portal_now()).changes == ()


def test_what_the_correction_adds_is_free_until_it_is_published(scene) -> None:
    browser, call, _ = scene
    browser.post(at(call, "ajouter/sections/projet/questions/?nature=text"), {"label": "Surface", "code": "surface"})
    where = at(call, "fiches/sections/projet/questions/surface/")
    assert browser.get(where).context["shut"] == []
    assert save(browser, f"{where}?nature=number").status_code == 302
    kept = browser.get(at(call, "fiches/sections/projet/questions/titre/"))
    assert ([one.value for one in kept.context["shut"]], kept.context["kinds"]) == (["titre"], [])
    assert save(browser, at(call, "supprimer/sections/projet/questions/surface/")).status_code == 302
    assert proposal_of(open_one(), portal_now()).changes == ()
    assert "ne change encore rien" in plain(browser.get(page_of_changes(call)))


def test_an_extension_meanwhile_is_kept_and_the_correction_goes_on(scene) -> None:
    browser, call, manager = scene
    save(browser, at(call, "rubriques/presentation/"), goal="Faire revivre les places.")
    later = call.windows.get().closes_at + timedelta(days=10)
    extend_call(call=call, limits={"W1": later}, reason="Panne.", asked_by=manager, by=make_user(), at=portal_now())
    proposal = proposal_of(open_one(), portal_now())
    assert ([change.path for change in proposal.changes], proposal.refused) == (["goal"], [])
    assert save(browser, at(call, "rubriques/identite/"), summary="En bref.").status_code == 302
    assert browser.post(page_of_changes(call), {"reason": "Texte."}).status_code == 302
    document = document_of(call)
    assert (document.goal, document.summary, document.closes_at) == ("Faire revivre les places.", "En bref.", later)


def test_two_people_write_one_correction(scene) -> None:
    browser, call, _ = scene
    other = signed_in(Client(), make_user())
    CallRole.objects.create(user=get_user(other), call=call, role="manager", starts_at=portal_now())
    other.post(f"/gestion/appels/{call.slug}/corriger/rubriques/")
    assert StagedDocument.objects.count() == 1
    page = browser.get(at(call, "rubriques/presentation/"))
    assert save(other, at(call, "rubriques/presentation/"), goal="Le texte de l’autre.").status_code == 302
    answer = browser.post(at(call, "rubriques/presentation/"), {**typed(page), "goal": "Mon texte."})
    assert "Deux textes pour la même page" in plain(answer)
    assert "Le texte de l’autre." in plain(answer)
    row = open_one()
    row.pk, row.uuid = None, "00000000-0000-4000-8000-000000000000"
    with pytest.raises(IntegrityError, match="one_correction_by_hand"), transaction.atomic():
        row.save(force_insert=True)


def test_dropped_nothing_remains(scene) -> None:
    browser, call, _ = scene
    save(browser, at(call, "rubriques/presentation/"), goal="Faire revivre les places.")
    answer = browser.post(f"{page_of_changes(call)}abandonner/", follow=True)
    assert "La correction est abandonnée." in plain(answer)
    assert not StagedDocument.objects.exists()
    assert document_of(call).goal == "Faire vivre les places."
    assert browser.get(at(call, "rubriques/presentation/")).status_code == 403
    with pytest.raises(Refused, match="vient d’être publiée ou abandonnée"):
        by_hand.edit(call=call, change=put("", {("goal",): "Trop tard."}), at=portal_now())


def test_a_published_correction_is_not_dropped(scene) -> None:
    browser, call, _ = scene
    row = open_one()
    save(browser, at(call, "rubriques/presentation/"), goal="Faire revivre les places.")
    browser.post(page_of_changes(call), {"reason": "Texte."})
    with pytest.raises(Refused, match="déjà publiée"):
        by_hand.drop_correction(staged=row)


def test_the_bytes_of_a_document_wait_with_the_correction(scene) -> None:
    browser, call, _ = scene
    browser.post(at(call, "ajouter/documents/"), {"label": "Plan type", "code": "plan"})
    assert browser.post(at(call, "fichiers/plan/"), {"file": pdf_upload(name="plan.pdf")}).status_code == 302
    url = f"/appels/{call.slug}/documents/plan/"
    assert (browser.get(url).status_code, DownloadFile.objects.count()) == (404, 0)
    assert "Publié avec la correction." in plain(browser.get(at(call, "fiches/documents/plan/")))
    assert "Plan type" in plain(browser.get(page_of_changes(call)))
    browser.post(page_of_changes(call), {"reason": "Un plan type."})
    assert browser.get(url).status_code == 200
    assert "Fichier déposé : Plan type." in [ordinary(text) for text in call.revisions.get(n=2).changes]


def test_a_document_replaced_by_one_of_the_same_name_is_a_change(scene) -> None:
    browser, call, _ = scene
    begin = f"/gestion/appels/{call.slug}/corriger/rubriques/"
    browser.post(at(call, "ajouter/documents/"), {"label": "Plan type", "code": "plan"})
    browser.post(at(call, "fichiers/plan/"), {"file": pdf_upload(name="plan.pdf")})
    browser.post(page_of_changes(call), {"reason": "Un plan type."})
    browser.post(begin)
    browser.post(at(call, "fichiers/plan/"), {"file": pdf_upload(name="plan.pdf")})
    assert proposal_of(open_one(), portal_now()).changes == ()
    browser.post(page_of_changes(call), {"reason": "Le bon plan."})
    assert [ordinary(text) for text in call.revisions.get(n=3).changes] == ["Fichier déposé : Plan type."]
    browser.post(begin)
    save(browser, at(call, "supprimer/documents/plan/"))
    browser.post(page_of_changes(call), {"reason": "Plus de plan."})
    assert not DownloadFile.objects.exists()


def test_a_closed_call_keeps_its_form(scene) -> None:
    _, call, _ = scene
    change = put("sections/projet", {("title",): "Votre projet"})
    late = dump(call).closes_at + timedelta(seconds=1)
    with pytest.raises(BadEdit, match="le formulaire ne change plus"):
        by_hand.edit(call=call, change=change, at=late)
    by_hand.edit(call=call, change=put("", {("goal",): "Même clos."}), at=late)


def test_what_was_never_applied_is_forgotten_after_thirty_days() -> None:
    call, manager = made()
    now, days, hour = portal_now(), timedelta(days=30), timedelta(hours=1)
    rows = [stage_document(text_of(call), owner=call.owner, by=manager, at=now, call=call) for _ in range(3)]
    hand = by_hand.open_correction(call=call, by=manager, at=now)
    StagedDocument.objects.update(made_at=now - days - hour)
    StagedDocument.objects.filter(pk=rows[1].pk).update(made_at=now - days + hour)
    StagedDocument.objects.filter(pk=rows[2].pk).update(applied_at=now)
    StagedDocument.objects.filter(pk=hand.pk).update(edited_at=now)
    purge_staged()
    assert set(StagedDocument.objects.values_list("pk", flat=True)) == {rows[1].pk, rows[2].pk, hand.pk}
    assert by_hand.purge_staged(now + days + hour) == 2


def test_an_officer_neither_opens_nor_drops(scene) -> None:
    _, call, _ = scene
    officer = make_user()
    CallRole.objects.create(user=officer, call=call, role="officer", starts_at=portal_now())
    browser = signed_in(Client(), officer)
    assert browser.get(at(call)).status_code == 403
    assert browser.post(f"/gestion/appels/{call.slug}/corriger/rubriques/").status_code == 403
    assert browser.post(f"{page_of_changes(call)}abandonner/").status_code == 403
    assert StagedDocument.objects.count() == 1
