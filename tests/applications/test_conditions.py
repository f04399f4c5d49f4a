"""The rules of a file from its draft to its letter: explained, derogated from, checked, frozen, the same everywhere."""

import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.documents.copy import request_deposited
from applications.documents.notices import Round, notice_snapshot
from applications.models import Deposit, EligibilityVerdict, Justification, Ruling, RulingTransition
from applications.queries.conditions import conditions_of, other_files, ruled, selections, verdicts_of
from applications.queries.files import facts_of_file
from applications.rules.files import can_start
from applications.services.conditions import answer_derogation, ask_derogation, check, explain
from applications.services.decision import record_decision
from applications.services.examination import admit, reject
from applications.services.partners import confirm_partner, invite_partner
from applications.services.signature import withdraw_application
from calls.models import Call, EligibilityRule, ReasonCode
from calls.presentation import eligibility_answer
from portal.core.clock import portal_now
from portal.core.rules import Refused
from portal.core.typography import format_date
from portal.territories.models import CommuneAttribute
from tests.applications.files import deposit, make_ready
from tests.applications.staff.makers import client_of, lines_for, make_staffed_call
from tests.calls.documents import ordinary
from tests.factories import (
    BENOUVILLE,
    HARFLEUR,
    make_call,
    make_institution,
    make_member,
    make_role,
    make_town_hall,
)

pytestmark = pytest.mark.django_db
SMALL = {"population_kind": "municipale", "year": 2023, "below": 1000}
REFUSAL = "Moins de 1 000 habitants : non, 1 102 habitants, population municipale 2023, Insee"


def add_rule(call: Call, code: str, kind: str, effect: str = "blocking", derogable: bool = False, **told):
    return EligibilityRule.objects.create(
        call=call, code=code, position=5, kind=kind, label="Petite commune", effect=effect, derogable=derogable,
        parameters={"sentence": "La commune est petite.", **told},
    )  # fmt: skip


@pytest.fixture
def town():
    """A call with a court, its manager, a ready draft of Étretat, its secretary and its mayor."""
    call, manager = make_staffed_call()
    return call, manager, *make_ready(call)


def url(name, application, *more):
    return reverse(name, args=[application.uuid, *more])


def verdict(application, code="R5"):
    found = ruled(application, verdicts_of(application, facts_of_file(application), portal_now()))
    return next(one for one in found if one.code == code)


def told(application, code="R5"):
    condition = next(one for one in conditions_of(application.deposits.latest("n")) if one.code == code)
    return condition.verdict.outcome, ordinary(condition.verdict.sentence)


# --- to justify --------------------------------------------------------------------------------------------------


def test_what_is_not_kept_is_explained_before_the_deposit_and_frozen_by_it(client, town):
    call, _manager, application, secretary, mayor = town
    add_rule(call, "R5", "population", "justify", **SMALL)
    with pytest.raises(Refused) as refusal:
        deposit(application, mayor)
    assert ordinary(str(refusal.value)) == f"{REFUSAL}. Expliquez-le à la page « Conditions » avant de déposer."
    client.force_login(secretary)
    page = client.get(url("application_conditions", application))
    assert ordinary(page.content.decode()).count(REFUSAL) == 2  # the condition, then what is to be explained
    client.post(url("application_conditions", application), {"texte_R5": "  Le bourg\r\nen compte 800. "})
    assert Justification.objects.get().text == "Le bourg\nen compte 800."
    row = deposit(application, mayor).verdicts.get(rule_code="R5")
    assert (row.outcome, row.effect, row.justification) == ("warning", "justify", "Le bourg\nen compte 800.")
    told_twice = [{"sentence": REFUSAL, "paragraphs": ["Le bourg", "en compte 800."]}]
    for document in (row.deposit.receipt, request_deposited(row.deposit, portal_now())):
        rows = [{**one, "sentence": ordinary(one["sentence"])} for one in document.snapshot["explanations"]]
        assert rows == told_twice
    explain(application=application, texts={"R5": "Autre chose."}, by=secretary, at=portal_now())
    row.refresh_from_db()
    assert row.justification == "Le bourg\nen compte 800."
    second = deposit(application, mayor)
    assert (second.n, second.verdicts.get(rule_code="R5").justification) == (2, "Autre chose.")
    assert deposit(application, mayor) == second


def test_an_explanation_that_is_no_longer_needed_is_not_frozen(town):
    call, _manager, application, secretary, mayor = town
    add_rule(call, "R5", "population", "justify", **{**SMALL, "below": 5000})
    explain(application=application, texts={"R5": "Pour rien."}, by=secretary, at=portal_now())
    assert deposit(application, mayor).verdicts.get(rule_code="R5").justification == ""


def test_only_the_rules_that_ask_for_it_are_explained_and_by_who_writes(town):
    _call, manager, application, secretary, _mayor = town
    explain(application=application, texts={"R1": "Rien.", "ZZ": "Rien."}, by=secretary, at=portal_now())
    assert not Justification.objects.exists()
    with pytest.raises(Refused):
        explain(application=application, texts={}, by=manager, at=portal_now())


# --- derogation --------------------------------------------------------------------------------------------------


def test_a_derogation_is_asked_then_granted_by_name_and_told_everywhere(client, town):
    call, manager, application, secretary, mayor = town
    add_rule(call, "R5", "population", derogable=True, **SMALL)
    with pytest.raises(Refused) as refusal:
        deposit(application, mayor)
    assert ordinary(str(refusal.value)) == (
        f"Votre commune ne peut pas candidater. {REFUSAL}. "
        "Une dérogation est possible : demandez-la à la page « Conditions »."
    )
    client.force_login(secretary)
    assert client.get(url("application_derogation", application, "R5")).status_code == 200
    assert client.post(url("application_derogation", application, "R5"), {"reason": " "}).status_code == 200
    done = client.post(url("application_derogation", application, "R5"), {"reason": "Bourg isolé."})
    assert done.url == url("application_conditions", application)
    assert verdict(application).asked
    assert client.get(url("application_derogation", application, "R5")).status_code == 403
    deposit(application, mayor)
    with pytest.raises(Refused, match=r"^Répondez d’abord à la demande de dérogation\."):
        admit(application=application, by=manager, at=portal_now(), reason="Malgré tout.")
    staff = client_of(manager)
    staff.post(url("staff_derogation", application, "R5"), {"act": "accorder", "reason": "Seul bourg du canton."})
    sentence = (
        f"{REFUSAL}. Dérogation accordée le {ordinary(day())} par Chargée de mission, gestion de l’appel : "
        "Seul bourg du canton"
    )
    assert told(application) == ("derogated", sentence)
    assert [(t.transition, t.from_state, t.to_state, t.by, t.reason) for t in RulingTransition.objects.all()] == [
        ("ask", "open", "asked", secretary, "Bourg isolé."),
        ("grant", "asked", "granted", manager, "Seul bourg du canton."),
    ]
    # On the first of a month, a page raises the ending of « 1er ».
    pages = staff.get(url("staff_application", application)), client.get(url("application_conditions", application))
    for page in pages:
        assert sentence in ordinary(re.sub("</?sup>", "", page.content.decode()))
    admit(application=application, by=manager, at=portal_now())
    line = decided(call, manager, application, 0)
    assert [ordinary(text) for text in letter(line)["derogations"]] == [sentence]


@pytest.mark.parametrize("outcome", range(3))
def test_every_letter_quotes_the_derogation(town, outcome):
    call, manager, application, secretary, mayor = town
    add_rule(call, "R5", "population", derogable=True, **SMALL)
    ask(application, secretary)
    deposit(application, mayor)
    answer(application, manager)
    admit(application=application, by=manager, at=portal_now())
    (quoted,) = letter(decided(call, manager, application, outcome))["derogations"]
    assert "par Chargée de mission, gestion de l’appel" in ordinary(quoted)


def day():
    return format_date(portal_now())


def decided(call, manager, application, outcome):
    act_on = (portal_now() - timedelta(days=1)).date()
    lines = [lines_for([application] * 4)[outcome]]
    decision = record_decision(
        call=call, body="le bureau", act_number="1", act_on=act_on, lines=lines, by=manager, at=portal_now()
    )
    return decision.lines.get()


def letter(line):
    return notice_snapshot(
        line, Round(line.decision, [line], None, line.application.call.grid), scores=[], at=portal_now()
    )


def test_a_refused_derogation_leaves_the_condition_unmet_and_may_be_asked_again(town):
    call, manager, application, secretary, mayor = town
    add_rule(call, "R5", "population", derogable=True, **SMALL)
    ask(application, secretary)
    deposit(application, mayor)
    answer(application, manager, granted=False, reason="Bien desservi.")
    outcome, sentence = told(application)
    assert (outcome, sentence.endswith("par Chargée de mission, gestion de l’appel : Bien desservi")) == ("fail", True)
    assert "Dérogation refusée le" in sentence
    with pytest.raises(Refused, match="Motivez la recevabilité par écrit"):
        admit(application=application, by=manager, at=portal_now())
    ask(application, secretary, "Un fait nouveau.")
    assert Ruling.objects.get().state == "asked"


def ask(application, by, reason="Bourg isolé."):
    return ask_derogation(application=application, code="R5", reason=reason, by=by, at=portal_now())


def answer(application, by, *, granted=True, reason="Oui.", roles=("manager",)):
    return answer_derogation(
        application=application, code="R5", granted=granted, reason=reason, by=by, roles=frozenset(roles), at=portal_now()
    )  # fmt: skip


def test_the_call_names_who_may_grant(town):
    call, _manager, application, secretary, mayor = town
    rule = add_rule(call, "R5", "population", derogable=True, **SMALL)
    officer = make_role(call, "officer")
    ask(application, secretary)
    deposit(application, mayor)
    with pytest.raises(Refused, match=r"^Seule la gestion de l’appel répond à cette demande de dérogation\.$"):
        answer(application, officer, roles=("officer",))
    assert client_of(officer).get(url("staff_derogation", application, "R5")).status_code == 403
    rule.parameters = {**rule.parameters, "derogable_by": "officer"}
    rule.save()
    answer(application, officer, roles=("officer",))
    assert Ruling.objects.get().quality == "instruction"


def test_no_derogation_where_the_call_admits_none_or_where_nothing_is_missing(town):
    call, manager, application, secretary, mayor = town
    rule = add_rule(call, "R5", "population", "warning", **SMALL)
    with pytest.raises(Refused, match=r"^Cette condition n’admet pas de dérogation\.$"):
        ask(application, secretary)
    EligibilityRule.objects.filter(pk=rule.pk).update(derogable=True, parameters={**rule.parameters, "below": 5000})
    with pytest.raises(Refused, match=r"^Aucune dérogation n’est à demander"):
        ask(application, secretary)
    with pytest.raises(Refused, match=r"^Cette condition ne vaut pas pour votre candidature\.$"):
        ask_derogation(application=application, code="ZZ", reason="Oui.", by=secretary, at=portal_now())
    deposit(application, mayor)
    with pytest.raises(Refused, match=r"^Aucune dérogation n’est à accorder"):
        answer(application, manager)


def test_a_rule_without_derogation_lets_no_draft_begin(town):
    call, _manager, _application, _secretary, _mayor = town
    rule = add_rule(call, "R5", "population", derogable=True, **{**SMALL, "below": 100})
    other = make_town_hall(BENOUVILLE)
    agent = make_member(other, "editor")
    assert can_start(agent, other, call, portal_now())
    EligibilityRule.objects.filter(pk=rule.pk).update(derogable=False)
    assert not can_start(agent, other, Call.objects.get(pk=call.pk), portal_now())


def test_an_early_start_is_derogated_from_like_any_rule(town):
    """The expense that begins before the deposit: asked, granted, quoted in the letter."""
    call, manager, application, secretary, mayor = town
    question = call.sections.get(code="S1").questions.create(
        call=call, code="debut", position=9, kind="date", label="Début", required=False
    )
    add_rule(call, "R5", "start", derogable=True, question=question.code)
    row = application.sections.get(section_code="S1")
    row.values = {**row.values, "debut": "01/01/2020"}
    row.save()
    ask(application, secretary, "Le marché expire.")
    deposit(application, mayor)
    frozen = ordinary(EligibilityVerdict.objects.get(rule_code="R5").sentence)
    assert frozen == (
        f"Petite commune : non, une dépense commence le 1er janvier 2020, avant le jour du dépôt, le {ordinary(day())}"
    )
    answer(application, manager, reason="Démarrage anticipé admis.")
    admit(application=application, by=manager, at=portal_now())
    (sentence,) = letter(decided(call, manager, application, 0))["derogations"]
    assert ordinary(sentence) == (
        f"{frozen}. Dérogation accordée le {ordinary(day())} par Chargée de mission, gestion de l’appel : "
        "Démarrage anticipé admis"
    )


# --- checks ------------------------------------------------------------------------------------------------------


def test_an_officer_settles_what_a_person_alone_can_tell(town):
    call, manager, application, _secretary, mayor = town
    add_rule(call, "R5", "declaration")
    officer = make_role(call, "officer", full_name="Anne Martin")
    deposit(application, mayor)
    browser = client_of(officer)
    assert "À vérifier par le service" in told(application)[1]
    page = browser.get(url("staff_application", application)).content.decode()
    assert url("staff_check", application, "R5") in page
    assert browser.post(url("staff_check", application, "R5"), {"act": "oui", "reason": ""}).status_code == 200
    browser.post(url("staff_check", application, "R5"), {"act": "oui", "reason": "Acte de vente lu."})
    assert told(application) == (
        "pass",
        f"Petite commune : oui, vérifié le {ordinary(day())} par Anne Martin, instruction : Acte de vente lu",
    )
    browser.post(url("staff_check", application, "R5"), {"act": "non", "reason": "Acte annulé."})
    assert told(application)[0] == "fail"
    assert browser.get(url("staff_check", application, "R1")).status_code == 403
    assert browser.get(url("staff_check", application, "ZZ")).status_code == 404
    admit(application=application, by=manager, at=portal_now(), reason="Tout de même.")
    assert browser.get(url("staff_check", application, "R5")).status_code == 403


def test_a_check_of_an_earlier_deposit_says_nothing_of_the_next(town):
    call, manager, application, _secretary, mayor = town
    add_rule(call, "R5", "declaration", "warning")
    deposit(application, mayor)
    check(
        application=application, code="R5", met=True, reason="Lu.", by=manager, roles=frozenset({"manager"}),
        at=portal_now(),
    )  # fmt: skip
    assert told(application)[0] == "pass"
    row = application.sections.get(section_code="S1")
    row.values = {**row.values, "Q1": "Une autre place"}
    row.save()
    deposit(application, mayor)
    assert told(application)[0] == "unknown"


def test_a_ruling_has_its_author_its_day_and_its_reason(town):
    _call, manager, application, *_ = town
    made = {"application": application, "rule_code": "R5", "by": manager, "at": portal_now(), "reason": "Oui."}
    for wrong in (
        {"subject": "check", "state": "granted"},
        {"subject": "derogation", "state": "met"},
        {"subject": "check", "state": "met", "reason": ""},
        {"subject": "check", "state": "met", "by": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ruling.objects.create(**{**made, **wrong})


# --- other files, groups -----------------------------------------------------------------------------------------


def test_the_other_live_file_is_named_for_whom_may_see_it_only(town):
    call, _manager, application, secretary, mayor = town
    add_rule(call, "R5", "max_applications")
    organisation = application.lead
    deposit(application, mayor)
    stranger = make_town_hall(BENOUVILLE)
    own = can_start(secretary, organisation, call, portal_now())
    assert f"numéro {application.number}" in own.reason
    named = other_files([organisation, stranger], call, user=secretary)
    assert named == {organisation.pk: (application.number,), stranger.pk: ()}
    agent = make_member(stranger, "editor")
    assert other_files([organisation], call, user=agent) == {organisation.pk: ("",)}
    assert other_files([organisation], call) == {organisation.pk: ("",)}
    assert other_files([organisation], call, but=application, user=secretary) == {organisation.pk: ()}
    withdraw_application(application=application, by=mayor, reason="Non.", at=portal_now())
    assert other_files([organisation], call, user=secretary) == {organisation.pk: ()}


@pytest.fixture
def joint():
    """Étretat with Harfleur, in a call of two applicants at most."""
    call, _manager = make_staffed_call()
    call.extras = {**call.extras, "applicants": {"kinds": ["commune"], "group": {"min": 2, "max": 3}}}
    call.save()
    application, secretary, mayor = make_ready(call)
    other = make_town_hall(HARFLEUR)
    agent = make_member(other, "editor")
    member = invite_partner(
        application=application, organisation=other, role="member", share=None, by=secretary, at=portal_now()
    )
    confirm_partner(member=member, by=agent, at=portal_now())
    return call, application, other, agent, mayor


def test_each_member_of_a_group_is_measured_and_frozen(joint):
    call, application, _other, _agent, mayor = joint
    rule = add_rule(call, "R5", "population", "warning", **{**SMALL, "below": 5000})
    add_rule(call, "R6", "members", at_least=2)
    add_rule(call, "R7", "same_intercommunality")
    assert ordinary(verdict(application).sentence) == (
        "Moins de 5 000 habitants : non, Harfleur, 8 289 habitants, population municipale 2023, Insee"
    )
    EligibilityRule.objects.filter(pk=rule.pk).update(parameters={**rule.parameters, "bears_on": "sum"})
    found = Deposit.objects.get(pk=deposit(application, mayor).pk)
    assert found.facts["partners"][0]["name"] == "Harfleur"
    assert found.facts["partners"][0]["populations"][0]["value"] == 8289
    assert {row.rule_code: (row.outcome, ordinary(row.sentence)) for row in found.verdicts.exclude(rule_code="R1")} == {
        "R5": (
            "warning",
            "Moins de 5 000 habitants : non, ensemble (Étretat 1 102 et Harfleur 8 289), 9 391 habitants, population municipale 2023, Insee",
        ),
        "R6": ("pass", "2 candidats au moins : ici 2 candidats"),
        "R7": ("pass", "Petite commune : oui, Étretat est membre de Le Havre Seine Métropole et Harfleur est membre de Le Havre Seine Métropole"),
    }  # fmt: skip


def test_a_commune_that_is_a_member_elsewhere_counts_that_file(joint):
    call, _application, other, agent, _mayor = joint
    assert other_files([other], call, user=agent) == {other.pk: (f"commencée le {day()}",)}
    refused = can_start(agent, other, call, portal_now())
    assert "portée par" in refused.reason


def test_a_group_that_is_too_small_may_not_be_deposited(town):
    call, _manager, application, _secretary, mayor = town
    add_rule(call, "R5", "joint", joint="needed")
    with pytest.raises(Refused) as refusal:
        deposit(application, mayor)
    assert ordinary(str(refusal.value)) == (
        "Votre commune ne peut pas candidater. Candidature commune demandée : non, ici 1 candidat (Étretat)."
    )


# --- facts of the reference data ---------------------------------------------------------------------------------


def test_attributes_and_earlier_selections_are_read_when_a_rule_asks(town):
    call, _manager, application, _secretary, mayor = town
    commune = application.lead.commune
    add_rule(call, "R5", "attribute", "warning", attribute="ACV", name="Action cœur de ville", wanted=False)
    assert verdict(application).outcome == "unknown"
    elsewhere = make_town_hall(HARFLEUR).commune
    CommuneAttribute.objects.create(commune=elsewhere, code="ACV", value="oui", year=2024, source="ANCT")
    assert ordinary(verdict(application).sentence) == (
        "Petite commune : oui, Étretat, pas dans « Action cœur de ville », 2024, ANCT"
    )
    CommuneAttribute.objects.create(
        commune=commune, code="ACV", value="oui", year=2025, source="ANCT", stage="signée", dated_on=date(2025, 3, 1)
    )
    said = "Petite commune : non, Étretat, « Action cœur de ville », signée depuis le 1er mars 2025, 2025, ANCT"
    assert ordinary(verdict(application).sentence) == said
    frozen = deposit(application, mayor).facts["attributes"]["ACV"]
    assert frozen == {"value": "oui", "year": 2025, "source": "ANCT", "stage": "signée", "since": "2025-03-01"}


def test_a_class_that_no_list_gives_is_not_known(town):
    call, _manager, application, *_ = town
    add_rule(call, "R5", "attribute", attribute="DENSITE", values=["6", "7"])
    CommuneAttribute.objects.create(
        commune=make_town_hall(HARFLEUR).commune, code="DENSITE", value="2", year=2024, source="Insee"
    )
    assert verdict(application).outcome == "unknown"


def test_who_was_selected_before_is_known_once_told(town):
    call, manager, application, _secretary, mayor = town
    deposit(application, mayor)
    admit(application=application, by=manager, at=portal_now())
    line = decided(call, manager, application, 0)
    assert selections(["76254"]) == {}
    line.decision.notified_at = portal_now()
    type(line.decision).objects.filter(pk=line.decision.pk).update(notified_at=portal_now())
    (found,) = selections(["76254"])["76254"]
    assert (found.call, found.programme, found.edition) == (call.slug, call.programme.code, call.edition)
    assert selections([application.lead.siren])[application.lead.siren] == (found,)
    assert selections(["76341"]) == {}


# --- one function ------------------------------------------------------------------------------------------------


def test_the_page_the_file_and_the_letter_say_the_same(town):
    """One sentence for a refusal: on the public page, frozen in the file, in the letter."""
    call, manager, application, secretary, mayor = town
    add_rule(call, "R5", "population", derogable=True, **SMALL)
    public = eligibility_answer(call, application.lead.commune)
    (shown,) = [v.sentence for v in public.verdicts if v.code == "R5"]
    ask(application, secretary)
    deposit(application, mayor)
    (frozen,) = EligibilityVerdict.objects.filter(rule_code="R5").values_list("sentence", flat=True)
    answer(application, manager, granted=False, reason="Non.")
    code = ReasonCode.objects.get(call=call)
    reject(application=application, code=code, text="Voir la condition.", by=manager, at=portal_now())
    (written,) = letter(decided(call, manager, application, 3))["unmet"]
    assert ordinary(shown) == ordinary(frozen) == REFUSAL
    assert shown == frozen
    assert written.startswith(f"{frozen}. Dérogation refusée le ")


def test_the_public_page_tells_nothing_of_a_live_file(client, town):
    call, _manager, application, _secretary, mayor = town
    add_rule(call, "R5", "max_applications")
    deposit(application, mayor)
    answer = eligibility_answer(call, application.lead.commune)
    assert [ordinary(v.sentence) for v in answer.verdicts if v.code == "R5"] == [
        "Une candidature par commune : à vérifier quand la candidature commence"
    ]


def test_a_stranger_finds_no_condition(town):
    _call, _manager, application, _secretary, mayor = town
    deposit(application, mayor)
    stranger = make_role(make_staffed_call_elsewhere(), "manager")
    for name, more in (("application_conditions", ()), ("application_derogation", ("R1",)), ("staff_check", ("R1",))):
        assert client_of(stranger).get(url(name, application, *more)).status_code == 404


def make_staffed_call_elsewhere():
    return make_call(
        make_institution("200067445", "Buëch-Dévoluy", "buech-devoluy"), slug="ailleurs", code_prefix="AIL"
    )
