"""What a person meets while filing: limits told beside the field, homonyms, a session that ends in mid-sentence."""

import re
from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications.forms.pieces import PieceForm
from applications.models import SectionAnswers
from applications.rules.files import MEGABYTE
from applications.services.drafting import accepted_extensions, attach, start_application
from calls.definition.load import load
from calls.definition.reading import read
from portal.core.clock import portal_now
from portal.core.uploads import UploadRefused
from portal.territories.models import Commune, Department, Region
from tests.applications.catalogue import FILE
from tests.applications.files import make_ready, make_town, pdf_upload
from tests.browser.screens import enter
from tests.factories import make_call, make_institution
from tests.journeys import scenery

pytestmark = pytest.mark.django_db


def too_heavy(name: str, octets: int) -> SimpleUploadedFile:
    """A file that says so many octets, without holding them."""
    upload = SimpleUploadedFile(name, b"%PDF-1.7")
    upload.size = octets
    return upload


@pytest.mark.parametrize("path", sorted(FILE.parent.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_limit_beside_the_field_is_the_one_that_refuses(path) -> None:
    """A19: for every piece of every programme, on the page, in the browser and in the act."""
    call = load(read(path.read_text(encoding="utf-8")), owner=make_institution(), at=portal_now())
    organisation, secretary, _ = make_town()
    drafts = make_call()
    application = start_application(call=drafts, organisation=organisation, by=secretary, at=portal_now())
    pieces = list(call.piece_types.all())
    assert pieces
    for piece in pieces:
        field = PieceForm(piece).fields["file"]
        told = re.search(r"(\d+)\sMo au plus", field.help_text)
        assert told is not None, field.help_text
        limit = int(told[1]) * MEGABYTE
        assert field.widget.attrs["data-max-bytes"] == str(limit)
        extensions = accepted_extensions(piece)
        assert field.widget.attrs["accept"] == ",".join(f".{extension}" for extension in extensions)
        with pytest.raises(UploadRefused, match=f"La limite est de {told[1]},0\\sMo"):
            attach(
                application=application, piece=piece, upload=too_heavy(f"x.{extensions[0]}", limit + 1), by=secretary,
                at=portal_now(),
            )  # fmt: skip


def test_two_communes_of_one_name_are_told_apart_to_the_end(client) -> None:
    """A22: Saint-Denis in Seine-Saint-Denis, and on La Réunion: the code and the département are on the page of the deposit."""
    for code, region, name in (("93", "11", "Seine-Saint-Denis"), ("974", "04", "La Réunion")):
        Department.objects.get_or_create(
            code=code,
            defaults={"name": name, "region": Region.objects.get_or_create(code=region, defaults={"name": name})[0]},
        )
    call, told = make_call(), {}
    for insee, siren, department in (("93066", "219300662", "93"), ("97411", "219740115", "974")):
        town = make_town((insee, siren, "Saint-Denis", 0, 4000))
        Commune.objects.filter(insee=insee).update(department=department)
        application, _, mayor = make_ready(call, town)
        client.force_login(mayor)
        page = client.get(reverse("deposit", args=[application.uuid])).content.decode()
        told[insee] = re.sub(r"<[^>]+>|\s", " ", page.partition("<dt>Commune</dt>")[2].partition("</dd>")[0]).split()
    assert {"93066,", "Seine-Saint-Denis"} <= set(told["93066"])
    assert {"97411,", "La", "Réunion"} <= set(told["97411"])
    assert not {"97411,"} & set(told["93066"])


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_session_that_ends_in_mid_sentence_loses_nothing(page: Page, live_server) -> None:
    """A14: what was typed is kept on the computer; one comes back, and it is saved."""
    call = scenery.make_real_call(closes_in=19)
    application, secretary, _ = scenery.make_draft(call, leave=frozenset({"besoins"}))
    address = f"{live_server.url}/candidatures/{application.uuid}/sections/besoins/"
    enter(page, live_server.url, secretary)
    page.goto(address)
    page.get_by_label("Quels besoins").or_(page.locator('[name="besoins"]')).first.fill("L’ombre manque sur la place.")
    expect(page.locator("[data-save-text]")).to_have_text(re.compile("^Enregistré à"), timeout=15_000)
    Session.objects.all().delete()
    sentence = "L’ombre manque sur la place, et les bancs sont au soleil."
    page.locator('[name="besoins"]').fill(sentence)
    expect(page.locator("[data-save-text]")).to_have_text(re.compile("Vous êtes déconnecté"), timeout=15_000)
    assert SectionAnswers.objects.get(section_code="besoins").values["besoins"] == "L’ombre manque sur la place."
    # Whoever follows the link of the menu comes back to the very section after signing in.
    page.goto(address)
    assert unquote(page.url).endswith(f"/compte/login/?next=/candidatures/{application.uuid}/sections/besoins/")
    enter(page, live_server.url, secretary)
    with page.expect_response(re.compile("/enregistrer/"), timeout=20_000):
        page.goto(address)
        expect(page.locator('[name="besoins"]')).to_have_value(sentence)
    expect(page.locator("[data-save-text]")).to_have_text(re.compile("^Enregistré à"), timeout=15_000)
    assert SectionAnswers.objects.get(section_code="besoins").values["besoins"] == sentence


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_sending_of_a_file_is_shown_and_may_be_stopped(page: Page, live_server) -> None:
    """H13: a bar, the amounts and a way out while the file goes; nothing is left of one that was stopped."""
    call = scenery.make_real_call(closes_in=19)
    application, secretary, _ = scenery.make_draft(call, leave=frozenset({"besoins"}))
    enter(page, live_server.url, secretary)
    page.goto(f"{live_server.url}/candidatures/{application.uuid}/pieces/PLAN_SIT/")
    held = []
    page.route(
        "**/pieces/PLAN_SIT/", lambda route: held.append(route) if route.request.method == "POST" else route.continue_()
    )
    sheet = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": pdf_upload().read()}
    page.get_by_label("Fichier").set_input_files(sheet)
    page.get_by_role("button", name="Joindre", exact=True).click()
    expect(page.get_by_role("progressbar", name="Envoi du fichier")).to_be_visible()
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    held.pop().abort()
    assert not application.attachments.filter(piece_code="PLAN_SIT").exists()
    page.get_by_role("button", name="Joindre", exact=True).click()
    expect(page.get_by_role("progressbar", name="Envoi du fichier")).to_be_visible()
    held.pop().continue_()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pièces")
    assert application.attachments.get(piece_code="PLAN_SIT").file.name == "plan.pdf"
