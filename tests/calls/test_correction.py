"""A published call corrected by its file: shown, refused or applied whole, published, told."""

from datetime import timedelta

import pytest

from applications.services.drafting import save_section, start_application
from applications.services.submission import submit_application
from calls.definition.dump import dump
from calls.definition.reading import canonical, read
from calls.definition.shifting import with_calendar
from calls.models import Call, CallRevision, CallRole, StagedDocument
from calls.services import publication
from calls.services.correction import apply_correction, apply_import, proposal_of, stage_document
from portal.core.clock import portal_now
from portal.core.models import FrozenDocument, OutboundEmail
from portal.core.rules import Refused
from tests.applications.files import make_town
from tests.calls.documents import SMALL, ordinary
from tests.factories import HARFLEUR, make_institution, make_member, make_user

pytestmark = pytest.mark.django_db
ADDED = """\
      - code: surface
        kind: number
        label: Surface
        required: false
"""


def made(**dates) -> tuple[Call, object]:
    """The small call, open since yesterday, published by two persons."""
    manager, at = make_member(make_institution(), "manager"), portal_now()
    document = with_calendar(read(SMALL), closes_at=at.replace(microsecond=0) + timedelta(days=40), **dates)
    document = document.model_copy(
        update={"windows": (document.windows[0].model_copy(update={"opens_at": at.replace(microsecond=0)}),)}
    )
    call = publication.import_call(canonical(document), owner=make_institution(), by=manager, at=at)
    publication.publish_call(call=call, asked_by=manager, by=make_user(), at=at)
    return call, manager


def text_of(call: Call, *pairs: tuple[str, str]) -> str:
    text = canonical(dump(call))
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def staged(call: Call, manager, *pairs: tuple[str, str]) -> StagedDocument:
    return stage_document(text_of(call, *pairs), owner=call.owner, by=manager, at=portal_now(), call=call)


def fields(call: Call):
    """A town hall with a draft, another with a deposited file."""
    now = portal_now()
    organisation, secretary, mayor = make_town()
    deposited = start_application(call=call, organisation=organisation, by=secretary, at=now)
    save_section(
        application=deposited, section_code="projet", typed={"titre": "La place", "etat": "idee"}, version=0,
        by=secretary, at=now,
    )  # fmt: skip
    from uuid import uuid4

    submit_application(
        application=deposited, by=mayor, idempotency_key=uuid4(), undertakings=[], web_clock_at=portal_now()
    )
    other, clerk, _ = make_town(HARFLEUR)
    draft = start_application(call=call, organisation=other, by=clerk, at=now)
    return deposited, draft, {secretary.email, mayor.email, clerk.email, _.email}


def test_a_correction_is_published_and_told() -> None:
    call, manager = made()
    deposited, _, people = fields(call)
    row = staged(call, manager, ('phone: "02 35 00 00 00"', 'phone: "02 35 11 11 11"'))
    revision = apply_correction(staged=row, reason="Numéro faux.", by=manager, at=portal_now())
    assert (revision.n, revision.note) == (2, "Numéro faux.")
    assert [ordinary(change) for change in revision.changes] == [
        "Modification : contact › téléphone, « 02 35 00 00 00 » devient « 02 35 11 11 11 »."
    ]
    assert Call.objects.get().contact_phone == "02 35 11 11 11"
    mails = OutboundEmail.objects.filter(kind="call.corrected")
    assert set(mails.values_list("recipient", flat=True)) == people
    assert "Numéro faux." in mails[0].body
    assert deposited.deposits.get().revision.n == 1
    assert FrozenDocument.objects.filter(kind="rules").count() == 2
    with pytest.raises(Refused, match="déjà été enregistré"):
        apply_correction(staged=row, reason="Numéro faux.", by=manager, at=portal_now())


def test_a_frozen_part_stops_the_whole_correction() -> None:
    call, manager = made()
    row = staged(
        call, manager, ("points: 60", "points: 50"), ("points: 40", "points: 50"), ("summary: Un", "summary: L")
    )
    assert {r.change.path for r in proposal_of(row, portal_now()).refused} == {
        "grid.criteria.C1.points", "grid.criteria.C2.points",
    }  # fmt: skip
    with pytest.raises(Refused, match="les critères et leurs points sont arrêtés à la publication"):
        apply_correction(staged=row, reason="Erreur.", by=manager, at=portal_now())
    assert Call.objects.get().summary == "Un appel d’essai."
    assert CallRevision.objects.count() == 1


def test_a_change_of_the_form_says_whom_it_touches() -> None:
    call, manager = made()
    deposited, _, _ = fields(call)
    at = portal_now()
    reworded = proposal_of(staged(call, manager, ("label: Titre du projet", "label: Nom du projet")), at).concern
    assert (list(reworded.drafts), list(reworded.deposited)) == ([], [f"{deposited.number}, Étretat"])
    added = staged(call, manager, ("\ngrid:", f"{ADDED}\ngrid:"))
    concern = proposal_of(added, at).concern
    assert (list(concern.drafts), list(concern.deposited)) == (["Harfleur"], [f"{deposited.number}, Étretat"])
    apply_correction(staged=added, reason="Oubli.", by=manager, at=at)
    assert set(call.questions.values_list("code", flat=True)) == {"titre", "etat", "surface"}
    assert canonical(dump(call)) == call.revisions.get(n=2).document


def test_differences_shown_then_outdated_are_not_applied() -> None:
    call, manager = made()
    row = staged(call, manager, ('phone: "02 35 00 00 00"', 'phone: "02 35 11 11 11"'))
    Call.objects.update(summary="Changé entre-temps.")
    with pytest.raises(Refused, match="a changé depuis que ces différences"):
        apply_correction(staged=row, reason="Numéro faux.", by=manager, at=portal_now())


@pytest.mark.parametrize(("pairs", "reason", "sentence"), [
    ((), "Pour rien.", "ne change rien"),
    ((("summary: Un", "summary: L"),), " ", "Dites pourquoi"),
])  # fmt: skip
def test_a_correction_has_an_object_and_a_reason(pairs, reason, sentence) -> None:
    call, manager = made()
    with pytest.raises(Refused, match=sentence):
        apply_correction(staged=staged(call, manager, *pairs), reason=reason, by=manager, at=portal_now())


def test_an_import_is_whole_or_nothing() -> None:
    owner, manager, at = make_institution(), make_user(), portal_now()
    row = stage_document(SMALL, owner=owner, by=manager, at=at)
    assert not Call.objects.exists()
    assert apply_import(staged=row, by=manager, at=at).state == "draft"
    second = stage_document(SMALL.replace("title: Le projet", "title: Votre projet"), owner=owner, by=manager, at=at)
    assert [change.path for change in proposal_of(second, at).changes] == ["sections.projet.title"]
    assert proposal_of(second, at).refused == []
    third = stage_document(SMALL, owner=owner, by=manager, at=at)
    apply_import(staged=second, by=manager, at=at)
    with pytest.raises(Refused, match="a changé depuis que ces différences"):
        apply_import(staged=third, by=manager, at=at)
    assert Call.objects.get().sections.get().title == "Votre projet"


# --- screens -----------------------------------------------------------------------------------------------------


def signed_in(client, user):
    session = client
    session.force_login(user)
    store = session.session
    store["step_up_at"] = portal_now().isoformat()
    store.save()
    return session


def upload(text: str):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("appel.yaml", text.encode(), content_type="application/yaml")


def test_the_correction_is_read_before_it_is_published(client) -> None:
    call, manager = made()
    fields(call)
    browser = signed_in(client, manager)
    answer = browser.post(
        f"/gestion/appels/{call.slug}/corriger/", {"file": upload(text_of(call, ("summary: Un", "summary: L")))}
    )
    page = browser.get(answer["Location"])
    assert "Un appel d’essai." in page.text
    assert "L appel d’essai." in page.text
    assert CallRevision.objects.count() == 1
    assert browser.post(answer["Location"], {"reason": ""}).status_code == 200
    browser.post(answer["Location"], {"reason": "Faute de frappe."})
    assert CallRevision.objects.count() == 2
    public = client.get(f"/appels/{call.slug}/").text
    assert "Ce qui a changé depuis la publication" in public
    assert "Faute de frappe." in public


def test_a_refused_correction_names_the_path_and_offers_no_button(client) -> None:
    call, manager = made()
    browser = signed_in(client, manager)
    file = upload(text_of(call, ("label: Membre", "label: Membres")))
    answer = browser.post(f"/gestion/appels/{call.slug}/corriger/", {"file": file})
    page = browser.get(answer["Location"]).text
    assert "eligibility.R1.label" in page
    assert "Publier la correction</button>" not in page


def test_the_file_of_another_call_is_refused_in_the_form(client) -> None:
    call, manager = made()
    other = SMALL.replace("slug: des-places-a-vivre-2027", "slug: autre").replace(
        "code_prefix: DPV", "code_prefix: AUT"
    )
    page = signed_in(client, manager).post(f"/gestion/appels/{call.slug}/corriger/", {"file": upload(other)}).text
    assert "Ce fichier n’est pas celui de cet appel" in page
    assert not StagedDocument.objects.exists()


def test_an_officer_does_not_correct(client) -> None:
    call, _ = made()
    officer = make_user()
    CallRole.objects.create(user=officer, call=call, role="officer", starts_at=portal_now())
    assert signed_in(client, officer).get(f"/gestion/appels/{call.slug}/corriger/").status_code == 403
