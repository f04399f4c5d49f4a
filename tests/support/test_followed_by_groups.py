"""Eleven communes of the Hautes-Alpes followed by eight intercommunalities; four workshop sites of different kinds."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from calls.models import Call
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from support.plan.models import Meeting, Site, SupportPlan
from support.plan.services_exchanges import convene
from support.plan.services_workshops import choose_scenario, issue_roadmap
from tests.factories import make_role
from tests.support.factories import (
    make_adviser_of,
    make_agreement,
    make_laureate,
    make_plan,
    make_programme,
    sign_backdated,
)
from tests.support.test_actions import make_action
from tests.support.test_workshops import make_scenario, make_workshop

pytestmark = pytest.mark.django_db

# INSEE, SIREN, name, article, municipal population (domain handbook §5.1), then the intercommunality that follows it.
COMMUNES: tuple[tuple[tuple[str, str, str, int, int], str], ...] = (
    (("05006", "210500062", "L’Argentière-la-Bessée", 0, 2288), "Pays des Écrins"),
    (("05179", "210501797", "Veynes", 0, 3214), "Buëch-Dévoluy"),
    (("05046", "210500468", "Embrun", 0, 6412), "Serre-Ponçon"),
    (("05040", "210500401", "Chorges", 0, 3146), "Serre-Ponçon"),
    (("05166", "210501664", "Serres", 0, 1298), "Sisteronais-Buëch"),
    (("05070", "210500708", "Laragne-Montéglin", 0, 3549), "Sisteronais-Buëch"),
    (("05170", "210501706", "Tallard", 0, 2292), "Gap-Tallard-Durance"),
    (("05132", "200034502", "Saint-Bonnet-en-Champsaur", 0, 2086), "Champsaur-Valgaudemar"),
    (("05017", "210500179", "La Bâtie-Neuve", 0, 2628), "Serre-Ponçon Val d’Avance"),
    (("05050", "210500500", "Espinasses", 0, 777), "Serre-Ponçon Val d’Avance"),
    (("05065", "210500658", "Guillestre", 0, 2295), "Guillestrois et Queyras"),
)
SITES = (("commune", []), ("massif", ["63236"]), ("merged", ["50592"]), ("group", ["69010", "69032"]))


@pytest.fixture
def followed() -> tuple[Call, Any, dict[str, Any]]:
    """The call, its manager, and the adviser of each intercommunality, whose role covers its communes only."""
    call = make_programme()
    manager = make_role(call)
    groups: dict[str, list[str]] = {}
    for spec, group in COMMUNES:
        groups.setdefault(group, []).append(spec[0])
    for n, (spec, _) in enumerate(COMMUNES, 1):
        sign_backdated(make_agreement(call, make_laureate(call, spec, n=n), manager=manager), manager)
    return call, manager, {name: make_adviser_of(call, codes) for name, codes in groups.items()}


def shown(client: Client, person: Any) -> set[str]:
    client.force_login(person)
    rows = client.get(reverse("support_home")).context["rows"]
    return {plan.application.lead.commune_id for plan, _, _ in rows}


def test_each_intercommunality_follows_its_communes_and_the_manager_all_of_them(
    client: Client, followed: tuple[Call, Any, dict[str, Any]]
) -> None:
    _, manager, advisers = followed
    assert (len(advisers), shown(client, manager)) == (8, {spec[0] for spec, _ in COMMUNES})
    for name, adviser in advisers.items():
        assert shown(client, adviser) == {spec[0] for spec, group in COMMUNES if group == name}
        client.force_login(adviser)
        stranger = SupportPlan.objects.exclude(
            application__lead__commune__in=[spec[0] for spec, group in COMMUNES if group == name]
        ).first()
        assert client.get(reverse("support_plan", args=[stranger.uuid])).status_code == 404


def test_the_meeting_of_all_the_laureates_convenes_the_eleven(followed: tuple[Call, Any, dict[str, Any]]) -> None:
    call, manager, _ = followed
    told = {"kind": "laureates", "place": "Préfecture", "chair": "Le préfet", "agenda": "Bilan"}
    meeting = Meeting(call=call, held_at=portal_now() + timedelta(days=20), **told)
    convene(meeting=meeting, by=manager, at=portal_now())
    convened = meeting.attendees.filter(organisation__isnull=False).values_list("organisation__commune", flat=True)
    assert set(convened) == {spec[0] for spec, _ in COMMUNES}


@pytest.mark.parametrize(("kind", "codes"), SITES)
def test_a_site_of_each_kind_goes_from_its_workshop_to_its_roadmap(kind: str, codes: list[str]) -> None:
    plan, at = make_plan(), portal_now()
    by = make_role(plan.application.call, "adviser")
    Site.objects.create(plan=plan, kind=kind, name="Le site", communes=codes, recorded_by=by)
    make_workshop(plan)
    make_action(plan, "Sentier", axis="Marcher")
    first, second = make_scenario(plan, "A"), make_scenario(plan, "B")
    choose_scenario(scenario=second, chosen_on=day_of(at), reason="Le plus sobre.", at=at)
    roadmap = issue_roadmap(plan=plan, by=by, at=at)
    facts = {row["label"]: row["value"] for row in roadmap.document.snapshot["record"]["facts"]}
    assert (first.chosen_on, "Titre B" in facts["Scénario"], facts["Actions"]) == (None, True, "1")
