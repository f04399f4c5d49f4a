"""The facts of many communes are those of each, and what rules ask of them costs the same whatever their number."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calls.models import EligibilityRule
from calls.queries import facts_of, judged, verdicts_for
from calls.queries_applicants import facts_of_communes
from portal.territories.models import Commune, CommuneAttribute
from tests.calls.documents import ordinary
from tests.calls.territory import CALVADOS, HAUTES_ALPES, know
from tests.factories import make_call

pytestmark = pytest.mark.django_db


def statements(act) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_the_facts_of_many_are_those_of_each():
    know(*CALVADOS, *HAUTES_ALPES)
    many = {facts.insee: facts for facts in facts_of_communes(Commune.objects.all())}
    assert many == {commune.insee: facts_of(commune) for commune in Commune.objects.all()}
    assert len(many) == 23
    assert statements(lambda: list(facts_of_communes(Commune.objects.filter(insee="05166")))) == 3
    assert statements(lambda: list(facts_of_communes(Commune.objects.all()))) == 3


def test_the_verdicts_of_many_cost_those_of_one():
    know(*CALVADOS)
    call = make_call()
    for code, kind, told in (
        ("R5", "attribute", {"attribute": "PVD"}),
        ("R6", "selected_before", {"programme": "PVD"}),
    ):
        EligibilityRule.objects.create(
            call=call, code=code, position=5, kind=kind, label="Règle", effect="warning",
            parameters={"sentence": "Une règle.", **told},
        )  # fmt: skip
    CommuneAttribute.objects.create(commune_id="14047", code="PVD", value="oui", year=2021, source="ANCT")
    facts = list(facts_of_communes(Commune.objects.order_by("insee")))
    one, all_ = statements(lambda: list(judged(call, facts[:1]))), statements(lambda: list(judged(call, facts)))
    assert one == all_ == 5
    found = {known.insee: {v.code: v for v in verdicts} for known, verdicts in judged(call, facts)}
    assert {insee for insee, verdicts in found.items() if verdicts["R5"].outcome == "pass"} == {"14047"}
    assert ordinary(found["14191"]["R5"].sentence) == "Règle : non, Courseulles-sur-Mer, pas dans « PVD », 2021, ANCT"
    assert {verdicts["R6"].outcome for verdicts in found.values()} == {"pass"}


def test_one_applicant_by_itself_is_judged_as_among_others():
    know(*HAUTES_ALPES)
    call = make_call()
    facts = list(facts_of_communes(Commune.objects.order_by("insee")))
    assert [verdicts for _, verdicts in judged(call, facts)] == [verdicts_for(call, one) for one in facts]
