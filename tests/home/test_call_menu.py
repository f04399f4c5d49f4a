"""What the pages of a call say of what is built on it: figures of the public list, menu of its staff."""

from datetime import date, timedelta

import pytest
from django.test import Client

from applications.models import Application
from calls.models import Call
from calls.presentation import CallFigures, MenuEntry, menu_of, staff_chain
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail, Reminder
from portal.home.queries_calls import call_figures
from support.plan.models import Phase
from tests.factories import BENOUVILLE, make_application, make_call, make_commune, make_role, make_town_hall
from tests.support.factories import make_laureate, make_plan, make_programme

pytestmark = pytest.mark.django_db

N, F = "\u00a0", "\u202f"


def menu(call: Call, role: str = "manager") -> dict[str, MenuEntry]:
    user = make_role(call, role)
    return {entry.title: entry for entry in menu_of(user, call, portal_now())}


def closed_call() -> Call:
    now = portal_now()
    return make_call(opens_at=now - timedelta(days=40), closes_at=now - timedelta(days=10))


def test_figures_count_what_is_deposited_and_who_was_told() -> None:
    call, other = make_programme(), make_call()
    line = make_laureate(call)
    make_application(call, make_town_hall(BENOUVILLE))
    assert call_figures([call, other]) == {call.pk: CallFigures(1, 1), other.pk: CallFigures(0, 0)}
    type(line.decision).objects.update(notified_at=None)
    assert call_figures([call]) == {call.pk: CallFigures(1, 0)}


def test_the_public_list_says_what_came_of_a_closed_call(client: Client) -> None:
    call = closed_call()
    call.milestones.create(code="decision", position=2, on=date(2027, 5, 27))
    Application.objects.filter(pk=make_application(call).pk).update(state="submitted", number="T1-2027-0001")
    html = client.get("/appels/").content.decode()
    assert f'<p class="call-outcome">1{N}candidature</p>' in html
    assert f"Décision attendue le 27{N}mai{N}2027" in html


def test_an_open_call_says_nothing_of_who_deposited(client: Client) -> None:
    call = make_call()
    Application.objects.filter(pk=make_application(call).pk).update(state="submitted", number="T1-2027-0001")
    for path in ("/appels/", f"/appels/{call.slug}/"):
        assert "call-outcome" not in client.get(path).content.decode()


def test_the_laureates_are_one_click_away(client: Client) -> None:
    call = closed_call()
    make_laureate(call)
    for path in ("/appels/", f"/appels/{call.slug}/"):
        html = client.get(path).content.decode()
        assert f"1{N}lauréate" in html
        assert f"/appels/{call.slug}/laureats/" in html


def test_a_call_without_application_offers_to_begin() -> None:
    call = make_call()
    make_commune()
    found = menu(call)
    assert {title: entry.line for title, entry in found.items()} == {
        "Courriels aux mairies": "Aucune mairie n’est encore invitée.",
        "Communes et candidatures": f"0{N}déposée, 1{N}commune n’a pas commencé.",
        "Instruction": "Rien à examiner aujourd’hui.",
        "Questions et réponses": "Aucune question n’attend de réponse.",
        "Jury": "Le jury n’est pas composé.",
        "Décision et lettres": "Pas encore prise.",
        "Conventions": "Elles s’établissent après la décision.",
        "Accompagnement": "Il s’ouvre à la signature des conventions.",
        "Conservation": "Brouillons gardés 12 mois après la clôture.",
        "Documents émis": "Numéros, empreintes, vérification.",
        "Relances": "Aucun message prévu.",
    }


def test_each_line_counts_what_waits_there() -> None:
    plan = make_plan()
    call = plan.application.call
    first, second = plan.phases.all()[:2]
    Phase.objects.filter(pk=first.pk).update(starts_on=date(2026, 1, 1), ends_on=date(2026, 2, 1))
    mail(call, "un@exemple.fr", "sent")
    mail(call, "deux@exemple.fr", "failed")
    mail(call, "trois@exemple.fr", "queued")
    Reminder.objects.create(
        rule="milestone_due", object_key=f"phase:{second.pk}", call_key=f"call:{call.slug}",
        recipient="un@exemple.fr", due_at=portal_now(), subject="s", body="b", action_url="/",
    )  # fmt: skip
    found = menu(call)
    assert {title: found[title].line for title in ("Courriels aux mairies", "Conventions", "Accompagnement", "Relances")} == {
        "Courriels aux mairies": f"1{N}invitation partie, 1 en attente d’envoi, 1 en échec.",
        "Conventions": "1 en vigueur sur 1.",
        "Accompagnement": f"1{N}projet suivi, 1{N}livrable en retard.",
        "Relances": f"1{N}message prévu.",
    }  # fmt: skip
    assert found["Décision et lettres"].line.startswith(f"Prise le 27{N}mai{N}2027{F}; lettres envoyées le ")
    stages = {stage.code: stage for stage in staff_chain(call, portal_now(), found.values())}
    assert (stages["support"].fact, stages["support"].detail) == (f"1{N}projet", f"1{N}livrable en retard")
    assert (stages["support"].url, stages["impact"].url) == ("/accompagnement/", "")


def mail(call: Call, recipient: str, state: str) -> None:
    now = portal_now()
    OutboundEmail.objects.create(
        kind="call.invitation", object_key=f"call:{call.slug}", recipient=recipient, guarantee="at_least_once",
        subject="s", body="b", from_name="n", state=state, created_at=now, not_before=now,
        sent_at=now if state == "sent" else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        ("manager", set()),
        ("officer", {"Jury", "Conservation"}),
        ("secretary", {"Questions et réponses", "Conservation"}),
        ("reader", {"Courriels aux mairies", "Questions et réponses", "Jury", "Relances", "Conservation"}),
        (
            "adviser",
            {
                "Courriels aux mairies",
                "Questions et réponses",
                "Jury",
                "Décision et lettres",
                "Relances",
                "Conservation",
                "Documents émis",
            },
        ),
    ],
)
def test_each_role_is_offered_only_what_it_may_open(client: Client, role: str, hidden: set[str]) -> None:
    call = make_call()
    user = make_role(call, role)
    shown = {entry.title: entry.url for entry in menu_of(user, call, portal_now())}
    assert set(menu(call)) - set(shown) == hidden
    client.force_login(user)
    assert {title: client.get(url).status_code for title, url in shown.items()} == dict.fromkeys(shown, 200)
