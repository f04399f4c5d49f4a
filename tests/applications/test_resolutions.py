"""The act of a council behind a piece: told once, frozen with the deposit, quoted by the agreement of its body."""

import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.documents.copy import request_deposited
from applications.models import ApplicationMember, CouncilResolution, PiecePromise
from applications.queries.files import pieces_for_reading
from applications.queries.resolutions import acts_of
from applications.services.drafting import attach, remove_attachment
from applications.services.resolutions import Act, tell_resolution
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused
from support.agreements.queries import resolution_of
from tests.accounts.helpers import spaced, text_of
from tests.applications.files import deposit, make_ready, pdf_upload
from tests.applications.staff.makers import client_of, make_staffed_call
from tests.factories import HARFLEUR, make_call, make_member, make_town_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def file():
    """A complete draft whose first piece is a resolution; its secretary, its mayor, a manager of the call."""
    call, manager = make_staffed_call()
    call.piece_types.filter(code="DELIB").update(resolution=True)
    return (*make_ready(call), manager)


def piece_of(application, code="DELIB"):
    return application.call.piece_types.get(code=code)


def day(days=0):
    return day_of(portal_now()) - timedelta(days=days)


def tell(application, by, **changes):
    told = {"organisation": application.lead, "assembly": "Conseil municipal", "number": "2026-14",
            "adopted_on": day(20), "transmitted_on": None, **changes}  # fmt: skip
    return tell_resolution(
        application=application, piece=piece_of(application), act=Act(**told), by=by, at=portal_now()
    )


def acts(application):
    last = application.deposits.latest("n")
    return {piece.code: piece.act for piece in pieces_for_reading(last, for_jury=False)}


def test_the_secretary_tells_what_the_paper_says_and_loses_nothing_when_wrong(file):
    application, secretary, _, _ = file
    page, here = client_of(secretary), reverse("piece", args=[application.uuid, "DELIB"])
    path = reverse("piece_resolution", args=[application.uuid, "DELIB"])
    shown = page.get(here).content.decode()
    assert "Ce que dit l’acte" in shown
    assert 'value="Conseil municipal"' in shown
    typed = {
        "organisation": str(application.lead_id),
        "assembly": "Conseil municipal",
        "number": "",
        "adopted_on": "mars",
    }
    wrong = page.post(path, typed)
    said = text_of(wrong)
    assert "Écrivez le numéro que porte l’acte" in said
    assert 'value="mars"' in wrong.content.decode()
    to_come = {**typed, "number": "2026-14", "adopted_on": f"{day(-3):%d/%m/%Y}"}
    assert "ne s’est pas encore réuni" in text_of(page.post(path, to_come))
    good = {**to_come, "adopted_on": "03/03/2026", "transmitted_on": "08/03/2026"}
    done = page.post(path, good, follow=True)
    words = "Conseil municipal, acte n° 2026-14 du 3 mars 2026, transmis à la préfecture le 8 mars 2026"
    assert words in spaced(text_of(done))
    act = CouncilResolution.objects.get()
    assert (act.organisation, act.piece_code, act.adopted_on, act.transmitted_on) == (
        application.lead, "DELIB", date(2026, 3, 3), date(2026, 3, 8),
    )  # fmt: skip
    assert words in spaced(text_of(page.get(reverse("application_read", args=[application.uuid]))))
    assert 'value="03/03/2026"' in page.get(here).content.decode()
    page.post(path, {**good, "number": "2026-15"})
    assert CouncilResolution.objects.get().number == "2026-15"


def test_a_file_just_attached_leads_to_its_act_and_a_plan_asks_none(file):
    application, secretary, _, _ = file
    page, piece = client_of(secretary), piece_of(application)
    remove_attachment(
        attachment=application.attachments.get(piece_code="DELIB"), piece=piece, by=secretary, at=portal_now()
    )
    here = reverse("piece", args=[application.uuid, "DELIB"])
    assert "Ce que dit l’acte" not in page.get(here).content.decode()
    assert page.post(here, {"file": pdf_upload("acte.pdf")}).url == here
    plan = reverse("piece", args=[application.uuid, "PLAN_SIT"])
    assert "Ce que dit l’acte" not in page.get(plan).content.decode()
    assert page.post(reverse("piece_resolution", args=[application.uuid, "PLAN_SIT"]), {}).status_code == 404


def test_what_was_told_is_frozen_with_the_deposit_and_read_by_the_service(file):
    application, secretary, mayor, manager = file
    tell(application, secretary)
    first = deposit(application, mayor)
    words = first.pieces.get(piece_code="DELIB").act
    assert spaced(words).startswith("Conseil municipal, acte n° 2026-14 du ")
    assert acts(application) == {"DELIB": words, "PLAN_SIT": ""}
    assert [row["act"] for row in request_deposited(first, portal_now()).snapshot["pieces"]] == [words, ""]
    read = client_of(manager).get(reverse("staff_application", args=[application.uuid]))
    assert spaced(words) in spaced(text_of(read))
    tell(application, secretary, number="2026-99")
    assert acts(application)["DELIB"] == words
    application.refresh_from_db()
    second = deposit(application, mayor)
    assert second.n == 2
    assert "2026-99" in acts(application)["DELIB"]
    with pytest.raises(IntegrityError, match="insert-only"), transaction.atomic():
        first.pieces.update(act="")


def test_a_resolution_promised_is_told_when_it_comes(file):
    application, secretary, mayor, _ = file
    piece = piece_of(application)
    piece.promised_until = day(-60)
    piece.save(update_fields=["promised_until"])
    application.attachments.filter(piece_code="DELIB").update(removed_at=portal_now(), removed_by=secretary)
    PiecePromise.objects.create(
        application=application, piece_code="DELIB", due_on=day(-50), promised_at=portal_now(), promised_by=secretary
    )
    deposit(application, mayor)
    assert acts(application)["DELIB"] == ""
    attach(application=application, piece=piece, upload=pdf_upload("acte.pdf"), by=secretary, at=portal_now())
    tell(application, secretary)
    assert "2026-14" in acts(application)["DELIB"]


def test_who_tells_and_what_is_refused(file):
    application, secretary, _, _ = file
    with pytest.raises(Refused):
        tell(application, make_member(application.lead, "reader"))
    with pytest.raises(Refused, match="suit la séance"):
        tell(application, secretary, transmitted_on=day(21))
    with pytest.raises(Refused, match="suit la séance"):
        tell(application, secretary, transmitted_on=day(-1))
    application.call.piece_types.filter(code="DELIB").update(resolution=False)
    with pytest.raises(Refused, match="n’est pas une délibération"):
        tell(application, secretary)
    with pytest.raises(IntegrityError, match="resolution_transmitted_after"), transaction.atomic():
        CouncilResolution.objects.create(
            application=application, number="1", adopted_on=day(2), transmitted_on=day(3), piece_code="DELIB"
        )


def test_each_applicant_of_a_group_has_its_own_act(file):
    application, secretary, _, _ = file
    other = make_town_hall(HARFLEUR)
    ApplicationMember.objects.create(
        application=application, call=application.call, organisation=other, role="member", confirmed_at=portal_now()
    )
    page = client_of(secretary)
    here = reverse("piece", args=[application.uuid, "DELIB"])
    tell(application, secretary)
    shown = page.get(here).content.decode()
    assert re.search(rf'value="{other.pk}"[^>]*checked', shown)
    tell(application, secretary, organisation=other, number="H-7")
    tell(application, secretary, organisation=other, number="H-8")
    assert sorted(application.resolutions.values_list("organisation", "number")) == sorted(
        [(application.lead_id, "2026-14"), (other.pk, "H-8")]
    )
    said = acts_of(application, application.call.piece_types.all())["DELIB"]
    assert [name in said for name in (application.lead.name, other.name, "2026-14", "H-8")] == [True] * 4
    assert resolution_of(application, other.pk).number == "H-8"


def test_the_act_of_another_body_is_not_quoted_for_the_commune(file):
    application, secretary, _, _ = file
    tell(application, secretary, organisation=None, assembly="Conseil communautaire")
    assert resolution_of(application, application.lead_id) is None
    tell(application, secretary)
    assert resolution_of(application, application.lead_id).number == "2026-14"


def test_a_call_without_resolution_asks_nothing_more(django_assert_num_queries):
    application, _, _ = make_ready(make_call())
    pieces = list(application.call.piece_types.all())
    with django_assert_num_queries(0):
        assert acts_of(application, pieces) == {}
