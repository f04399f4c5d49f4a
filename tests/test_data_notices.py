"""Where personal data are asked for, the page says what becomes of them, how long, and whom to write to (RGPD 13)."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.helpers import text_of
from tests.applications.files import make_ready
from tests.applications.staff.makers import client_of, make_staffed_call
from tests.factories import ETRETAT, make_commune

pytestmark = pytest.mark.django_db
NOTICE = "Données personnelles : à quoi elles servent, combien de temps"
OF_CALL = {
    "text": "Ces données servent à l’essai.", "dpo_mail": "dpd.essai@exemple.fr", "draft_months": 7,
    "not_selected_years": 6, "selected_years": 9,
}  # fmt: skip
KEPT = "Un brouillon jamais déposé est effacé 7 mois après la clôture. Un dossier déposé est gardé 6 ans"


@pytest.fixture
def file():
    call, manager = make_staffed_call()
    extras = {"data_notice": OF_CALL, "applicants": {"kinds": ["commune"], "group": {"min": 2, "max": 3}}}
    call.extras = {**call.extras, **extras}
    call.save(update_fields=["extras"])
    return (*make_ready(call), manager)


def test_every_form_of_a_call_gives_its_notice_its_durations_and_its_delegate(file):
    application, secretary, _, manager = file
    call, uuid = application.call, application.uuid
    commune, staff = client_of(secretary), client_of(manager)
    pages = {
        "section": commune.get(reverse("section", args=[uuid, "S1"])),
        "partners": commune.get(reverse("partners", args=[uuid]), {"q": "Havre"}),
        "signature_ask": commune.get(reverse("signature_ask", args=[uuid])),
        "call_ask": Client().get(reverse("call_ask", args=[call.slug])),
        "call_team": staff.get(reverse("call_team", args=[call.slug])),
        "outside_new": staff.get(reverse("outside_new", args=[call.slug]), {"q": "Étretat"}),
        "outside_table": staff.get(reverse("outside_table", args=[call.slug])),
    }
    lacking = {
        name: [words for words in (NOTICE, OF_CALL["text"], KEPT, OF_CALL["dpo_mail"]) if words not in text_of(page)]
        for name, page in pages.items()
    }
    assert lacking == {name: [] for name in pages}


def test_the_forms_of_accounts_say_what_an_account_keeps(file):
    application, secretary, _, _ = file
    make_commune(ETRETAT)
    commune = client_of(secretary)
    for page in (
        Client().get(reverse("join_commune", args=[ETRETAT[0]])),
        commune.get(reverse("invitation_new", args=[application.lead.uuid])),
        commune.get(reverse("invitation_file", args=[application.lead.uuid])),
    ):
        assert NOTICE in text_of(page)
        assert "un acte signé garde le nom de qui l’a signé" in text_of(page)
