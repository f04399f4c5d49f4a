"""The other programmes of the catalogue: the facts of each, its dates, its grid, its words, its money."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from calls.conditions import Attribute, Facts, Selection, holds, stratum_of
from calls.definition.inheritance import locked_refusals
from calls.definition.moments import write_instant, write_moment
from calls.definition.reading import read_file
from calls.definition.schema import CallDocument
from calls.documents import jury_block, rules_snapshot
from calls.eligibility import evaluate, overall
from calls.models import CallRevision
from portal.core.calendar import is_working_day
from portal.core.documents.markup import to_html
from portal.core.typography import typeset
from portal.core.words import number_in_words
from tests.calls.documents import ordinary
from tests.calls.territory import AUBENAS, CAEN, CALVADOS, GAP, HAUTES_ALPES, SOPHIA, commune, intercommunality
from tests.documents.examples import rules

CATALOGUE = Path(__file__).resolve().parents[2] / "calls" / "catalogue"
FILES = sorted(path.stem for path in CATALOGUE.glob("*.yaml"))
QD, ADT, PVD = "quartiers-durables", "ateliers-des-territoires", "petites-villes-de-demain"
PVD05, PVD14 = f"{PVD}-hautes-alpes", f"{PVD}-calvados"
POST = f"{PVD}-chef-de-projet-calvados"


@cache
def programme(name: str) -> CallDocument:
    return read_file((CATALOGUE / f"{name}.yaml").read_bytes())


def codes(parts) -> list[str]:
    return [part.code for part in parts]


# --- all of them -------------------------------------------------------------------------------------------------


def test_the_catalogue_holds_the_five_programmes_their_template_and_the_sub_call():
    assert FILES == [ADT, PVD, PVD14, POST, PVD05, QD, "territoire-promoteur-de-sante"]
    assert {name: (programme(name).code_prefix, programme(name).owner.siren) for name in FILES} == {
        ADT: ("ADT", "110068012"),
        PVD: ("PVD", "130026032"),
        PVD14: ("PVD14", "130026032"),
        POST: ("PVDCP", "130026032"),
        PVD05: ("PVD05", "130026032"),
        QD: ("QD", "231300021"),
        "territoire-promoteur-de-sante": ("TPS", "200084952"),
    }


@pytest.mark.parametrize("name", FILES)
def test_each_is_long_enough_and_says_how_to_answer(name):
    call = programme(name)
    assert 25 <= len(call.questions) <= 58
    asked = [q.code for q in call.questions if q.required and q.condition is None and not q.hint]
    assert asked in ([], ["aide_premiere"])
    assert len([q for q in call.questions if q.project_title]) == 1
    assert {d.piece for d in call.documents if d.kind == "model"} <= set(codes(call.pieces))
    assert [d.code for d in call.documents if d.kind == "model" and not (d.file and d.piece)] == []


@pytest.mark.parametrize("name", [name for name in FILES if name != ADT])
def test_in_brief_counts_the_sections_and_the_pieces_right(name):
    call = programme(name)
    (asked,) = [ordinary(entry.text) for entry in call.brief if entry.label == "Ce qui est demandé"]
    needed = [piece for piece in call.pieces if piece.need == "required"]
    assert re.search(rf"\b{number_in_words(len(call.sections))} sections", asked, re.IGNORECASE)
    assert f"{number_in_words(len(needed))} pièces" in asked


@pytest.mark.parametrize("name", FILES)
def test_every_date_is_a_working_day(name):
    call = programme(name)
    days = [milestone.when.day for milestone in call.calendar]
    days += [at.date() for window in call.windows for at in (window.opens_at, window.closes_at)]
    days += [piece.promised_until for piece in call.pieces if piece.promised_until]
    assert [day for day in days if not is_working_day(day)] == []


@pytest.mark.parametrize("name", FILES)
def test_texts_are_typeset(name):
    call = programme(name)
    said = [call.goal, call.summary, *(t.text for t in call.texts), *(q.hint for q in call.questions if q.hint)]
    said += [*(c.description for c in call.grid.criteria if c.description), *(r.sentence for r in call.eligibility)]
    assert [text for text in said if typeset(text) != text] == []


@pytest.mark.parametrize("name", FILES)
def test_the_published_rules_can_be_printed(name):
    """A grid of levels has no total to check, a call without grid or jury says so."""
    call = programme(name)
    snapshot = {**rules(), **rules_snapshot(call, CallRevision(n=1, made_at=call.opens_at))}
    html = ordinary(to_html("pdf/calls/rules.html", snapshot))
    assert ("chaque critère reçoit un niveau" in html) is (call.grid.mode == "qualitative")
    assert (f"sur {call.grid.total} points" in html) is (call.grid.mode == "numeric")
    assert ("L’appel n’a pas de jury" in html) is (call.jury is None)
    assert ("L’appel n’a pas de grille" in html) is (call.grid.mode == "none")


# --- quartiers durables ------------------------------------------------------------------------------------------


def test_qd_identity_and_calendar():
    qd = programme(QD)
    assert (qd.title, qd.edition, qd.support.kinds) == (
        "Quartiers durables",
        "2027",
        ("engineering", "study_grant", "network"),
    )
    assert {partner.code: partner.role for partner in qd.partners} == {
        "DREAL": "co_pilot", "CEREMA": "technical", "EPF": "technical", "ADEME": "technical", "CAUE": "technical",
        "AGENCES": "technical", "DDTM": "opinion", "ETAT": "funder",
    }  # fmt: skip
    assert (write_instant(qd.opens_at), write_instant(qd.closes_at)) == ("2027-01-12 09:00:00", "2027-04-15 23:59:59")
    when = {milestone.code: write_moment(milestone.when) for milestone in qd.calendar}
    assert (when["jury"], when["signature"], when["journee"]) == ("2027-06-15 09:00:00", "2027-10-15", "2029-07-03")
    assert [theme.label for theme in qd.support.themes][:4] == [
        "Énergie", "Risques", "Programmation", "Qualité de la construction",
    ]  # fmt: skip


def test_qd_form_and_pieces():
    qd = programme(QD)
    assert codes(qd.sections) == [
        "identification", "site", "projet", "dimensions", "gouvernance", "etude", "appui", "financement", "engagements",
    ]  # fmt: skip
    assert codes(qd.pieces) == [
        "DELIB", "NOTE", "PLAN_SIT", "PERIMETRE", "FONCIER", "PLU", "CDC", "PLANNING", "BUDGET", "PLAN_FIN",
        "ATT_NONCOM", "ATT_TVA", "RIB", "SIRET", "LETTRE_EPCI", "CHARTE_SIGNEE",
    ]  # fmt: skip
    assert {p.code for p in qd.pieces if not p.visible_to_jury} == {"FONCIER", "ATT_TVA", "RIB", "SIRET"}


def test_qd_grid_has_the_four_dimensions_on_thirty_points():
    grid = programme(QD).grid
    assert {c.code: (c.points, c.knockout) for c in grid.criteria} == {
        "C1": (20, None), "C2A": (8, None), "C2B": (8, None), "C2C": (6, None), "C2D": (8, None), "C3": (15, None),
        "C4": (10, None), "C5": (15, Decimal(5)), "C6": (10, None),
    }  # fmt: skip
    assert sum(c.points for c in grid.criteria if c.code.startswith("C2")) == 30
    assert (grid.weights, grid.threshold, grid.max_selected, grid.bonuses) == (100, 60, 6, ())


def test_qd_jury_is_presided_by_two_and_has_no_casting_vote():
    jury = programme(QD).jury
    assert codes(seat for seat in jury.seats if seat.president or seat.co_chair) == ["P1", "P2"]
    assert codes(seat for seat in jury.seats if seat.by_department) == ["V3"]
    assert (jury.casting_vote, jury.tie, jury.required_seats) == (False, ("joint_decision",), ("P1", "P2"))
    assert (len(jury.voting), len(jury.advisory), jury.quorum, jury.hearing.minutes) == (7, 3, 4, 30)
    (moving,) = [seat for seat in jury.seats if seat.rule]
    assert "change d’une candidature à l’autre" in moving.rule
    said = jury_block(programme(QD))["paragraphs"][1]
    assert ordinary(said).endswith("En cas de partage égal des voix : décision conjointe des coprésidences.")
    assert "prépondérante" not in said


def test_qd_money_agreement_and_words():
    qd = programme(QD)
    (grant,) = qd.money.grants
    assert (grant.rate, grant.base, grant.ceiling, grant.ceiling_on, grant.kind) == (60, "ht", 100000, "grant", "study")
    assert qd.money.total == qd.grid.max_selected * grant.ceiling
    assert (qd.agreement.months, len(qd.agreement.articles), len(qd.agreement.annexes)) == (36, 14, 3)
    assert [phase.title for phase in qd.phases] == [
        "Identification du foncier disponible",
        "Aide à la définition du programme",
        "Cahiers des charges et recrutement des prestataires",
        "Étude pré-opérationnelle",
        "Phases opérationnelles",
    ]
    assert qd.outcomes[0].label == "Lauréate"
    assert qd.decision.court.name == "Tribunal administratif de Marseille"


QD_ANSWERS = {
    "operation": "dent_creuse", "etude_commencee": "non", "avis_epci": "demande", "plan": [{"start": "2027-09-01"}],
}  # fmt: skip
DEPOSITED_ON = date(2027, 4, 15)


@pytest.mark.parametrize(
    ("applicant", "opinion"), [(AUBENAS, True), (SOPHIA, False)], ids=["90 inhabitants", "184 000 inhabitants"]
)
def test_qd_takes_the_smallest_and_the_largest(applicant, opinion):
    qd = programme(QD)
    facts = (
        commune(applicant, answers=QD_ANSWERS, received_on=DEPOSITED_ON)
        if opinion
        else intercommunality(applicant, department="06", answers=QD_ANSWERS, received_on=DEPOSITED_ON)
    )
    verdicts = evaluate(qd.eligibility, facts, perimeter=qd.perimeter)
    expected = {"R1": "pass", "R1B": "pass", "R2": "pass", "R3": "unknown", "R4": "pass", "R4A": "pass"}
    assert {v.code: v.outcome for v in verdicts} == ({**expected, "R5": "pass"} if opinion else expected)
    assert overall(verdicts) == "eligible"
    asked = [p.code for p in qd.pieces if p.need == "conditional" and holds(p.condition, facts)]
    assert asked == (["LETTRE_EPCI"] if opinion else [])


@pytest.mark.parametrize(
    ("insee", "answers", "failed"),
    [
        (AUBENAS, {"operation": "extension"}, "R2"),
        (AUBENAS, {"etude_commencee": "oui"}, "R4"),
        (AUBENAS, {"plan": [{"start": "2027-09-01"}, {"start": "2027-04-14"}]}, "R4A"),
        (AUBENAS, {"avis_epci": "non"}, "R5"),
        ("14047", {}, "R1"),
    ],
)
def test_qd_refuses(insee, answers, failed):
    qd = programme(QD)
    facts = commune(insee, answers={**QD_ANSWERS, **answers}, received_on=DEPOSITED_ON)
    verdicts = evaluate(qd.eligibility, facts, perimeter=qd.perimeter)
    assert [v.code for v in verdicts if v.outcome == "fail"] == [failed]


# --- petites villes de demain ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [PVD05, PVD14])
def test_a_local_instance_keeps_what_the_template_locks(name):
    template, local = programme(PVD), programme(name)
    assert (local.inherits, local.template, template.inherits) == (template.slug, None, None)
    assert template.template.locked == (
        "eligibility.R1", "eligibility.R2", "eligibility.R5", "support", "undertakings", "grid", "outcomes",
    )  # fmt: skip
    assert locked_refusals(template, local) == []
    for path in template.template.locked:
        part, _, code = path.partition(".")
        one, other = getattr(template, part), getattr(local, part)
        if code:
            one, other = ({item.code: item for item in items}[code] for items in (one, other))
        assert one == other, path


def test_what_the_instances_say_of_their_own():
    for name, department, court, closes in (
        (PVD05, "05", "Tribunal administratif de Marseille", "2027-11-30 23:59:59"),
        (PVD14, "14", "Tribunal administratif de Caen", "2027-11-26 23:59:59"),
    ):
        local = programme(name)
        assert (local.perimeter.kind, local.perimeter.codes) == ("department", (department,))
        assert (local.decision.court.name, write_instant(local.closes_at)) == (court, closes)
        assert {p.role for p in local.partners if p.code == "PREFECTURE"} == {"local_lead"}
        assert local.contact != programme(PVD).contact


def test_pvd_grid_is_of_levels_and_the_list_is_that_of_the_prefect():
    local = programme(PVD05)
    assert (local.grid.mode, local.grid.threshold, local.jury) == ("qualitative", None, None)
    assert [level.label for level in local.grid.levels] == ["Forte", "Moyenne", "Faible"]
    assert [c.label for c in local.grid.criteria] == [
        "Centralité", "Fragilité", "Volonté politique", "Engagement de l’intercommunalité",
        "Complémentarité au niveau du département",
    ]  # fmt: skip
    assert all(c.points is None for c in local.grid.criteria)
    assert (local.decision.act, local.decision.authority) == (
        "order",
        "Préfet des Hautes-Alpes, liste confirmée par l’ANCT",
    )
    assert local.outcomes[0].label == "Labellisée"
    assert [theme.label for theme in local.support.themes] == [
        "Espace public", "Habitat", "Mobilité", "Santé", "Vieillissement",
    ]  # fmt: skip


def test_pvd_asks_for_the_projects_in_a_table():
    table = next(q for q in programme(PVD).questions if q.code == "actions")
    assert [(c.code, c.kind) for c in table.columns] == [
        ("intitule", "text"), ("theme", "single"), ("moa", "text"), ("stade", "single"), ("cout", "money"),
        ("annee", "number"),
    ]  # fmt: skip


def test_the_framework_agreement_follows_within_eighteen_months():
    for name in (PVD, PVD05, PVD14):
        when = {m.code: m.when.day for m in programme(name).calendar}
        signed, due = when["signature"], when["cadre"]
        assert (due.year - signed.year) * 12 + due.month - signed.month <= 18
        assert programme(name).agreement.months == 18
        assert programme(name).phases[0].last_month == 18


PVD_ANSWERS = {"engagement_epci": "delibere", "acv": "non"}
NOT_ACV = {"ACV": Attribute("", 2018, "ANCT")}


@pytest.mark.parametrize(
    ("name", "communes", "groups"), [(PVD05, HAUTES_ALPES, 8), (PVD14, CALVADOS, 5)], ids=["05", "14"]
)
def test_the_communes_of_the_first_edition_are_eligible_and_their_groups_counted(name, communes, groups):
    """T6, T10, T11, T12: eleven communes of eight intercommunalities, twelve of five."""
    local = programme(name)
    found = set()
    for insee, official_name in communes.items():
        alone = commune(insee, answers=PVD_ANSWERS, attributes=NOT_ACV)
        group = intercommunality(alone.intercommunality_siren, department=alone.department, in_file=True)
        facts = replace(alone, partners=(group,), in_file=True)
        assert facts.name == official_name
        verdicts = {v.code: v.outcome for v in evaluate(local.eligibility, facts, perimeter=local.perimeter)}
        assert verdicts == {
            "R0": "pass", "R1": "pass", "R2": "pass", "R2A": "pass", "R2B": "pass", "R3": "unknown", "R4": "unknown",
            "R5": "pass", "R5A": "pass",
        }, official_name  # fmt: skip
        without = {
            v.code: v for v in evaluate(local.eligibility, replace(alone, in_file=True), perimeter=local.perimeter)
        }
        assert (without["R2"].outcome, without["R2"].needs_text) == ("warning", True)
        found.add(stratum_of(local.strata, facts))
    assert (len(communes), len(found), None in found) == (11 if groups == 8 else 12, groups, False)


@pytest.mark.parametrize(("name", "insee"), [(PVD05, GAP), (PVD14, CAEN)])
def test_a_commune_of_twenty_thousand_is_not(name, insee):
    local = programme(name)
    verdicts = evaluate(local.eligibility, commune(insee), perimeter=local.perimeter)
    assert [v.code for v in verdicts if v.outcome == "fail"] == ["R1"]


def test_a_town_of_the_other_programme_and_two_groups_in_one_file_are_refused():
    local = programme(PVD05)
    town = commune("05170", answers=PVD_ANSWERS, attributes={"ACV": Attribute("oui", 2018, "ANCT")})
    partner = commune("05179", answers=PVD_ANSWERS, attributes=NOT_ACV)
    joint = replace(town, partners=(partner,), in_file=True)
    failed = {v.code: ordinary(v.sentence) for v in evaluate(local.eligibility, joint, perimeter=local.perimeter)}
    outcomes = {v.code for v in evaluate(local.eligibility, joint, perimeter=local.perimeter) if v.outcome == "fail"}
    assert outcomes == {"R2B", "R5"}
    assert failed["R5"] == (
        "Hors du programme Action cœur de ville : non, Tallard, « Action cœur de ville », 2018, ANCT"
    )


# --- the post, for signatories -----------------------------------------------------------------------------------


def test_the_post_is_for_the_signatories_of_the_call_of_calvados():
    post = programme(POST)
    assert (post.access.kind, post.access.call) == ("signatories", programme(PVD14).slug)
    assert (post.grid.mode, post.grid.criteria, post.jury) == ("none", (), None)
    assert (post.applicants.kinds, post.support.kinds) == (
        ("commune", "intercommunality", "other"),
        ("project_manager",),
    )
    assert [(window.wave, write_instant(window.closes_at)) for window in post.windows] == [
        (1, "2029-03-30 23:59:59"),
        (2, "2030-03-29 23:59:59"),
        (3, "2031-03-31 23:59:59"),
    ]
    assert {p.code: p.condition.question for p in post.pieces if p.need == "conditional"} == {
        "CLE": "partage",
        "RAPPORT": "renouvellement",
    }


# --- ateliers des territoires ------------------------------------------------------------------------------------


def test_adt_has_two_stages_and_two_cutoffs():
    adt = programme(ADT)
    assert [(w.code, w.stage, w.wave) for w in adt.windows] == [
        ("N1", "intent", 1), ("D1", "file", 1), ("N2", "intent", 2), ("D2", "file", 2),
    ]  # fmt: skip
    assert {s.code: s.stage for s in adt.sections} == {
        "porteurs": "both", "site": "both", "objet": "both", "dynamiques": "file", "ressources": "file",
        "portage": "file",
    }  # fmt: skip
    assert {p.code: p.stage for p in adt.pieces} == {
        "NOTE": "intent", "CARTE": "both", "LETTRE_COLL": "file", "LETTRE_PREFET": "file", "LETTRE_SERVICE": "file",
        "ETUDES": "file",
    }  # fmt: skip


def test_adt_is_qualitative_without_jury_nor_grant():
    adt = programme(ADT)
    assert (adt.grid.mode, adt.jury, adt.support.pays, adt.money.grants) == ("qualitative", None, False, ())
    assert (adt.support.months, adt.support.max_months) == (8, 12)
    weights = [int(ordinary(c.description).rpartition(" : ")[2].split()[0]) for c in adt.grid.criteria]
    assert weights == [20, 25, 20, 15, 10, 10]
    assert adt.grid.max_selected == 10
    assert [phase.title.replace("\u00a0", " ").split(" ")[0] for phase in adt.phases] == [
        "Appropriation",
        "Animation",
        "Restitution",
    ]
    assert adt.outcomes[0].label == "Retenu"


def test_adt_rules():
    adt = programme(ADT)
    right = {"binome": "oui", "service_engage": "oui", "atelier_recent": "non"}
    town = commune("07341")
    common = {"applicant_kind": "state", "partners": (town,), "in_file": True, "selections": ()}
    town.selections = ()
    facts = Facts(name="DDT de l’Ardèche", answers=right, **common)
    verdicts = {v.code: v.outcome for v in evaluate(adt.eligibility, facts, perimeter=adt.perimeter)}
    assert verdicts == {
        "R1": "pass", "R1A": "pass", "R2": "unknown", "R3": "pass", "R4": "unknown", "R5": "pass", "R6": "pass",
    }  # fmt: skip
    alone = replace(facts, partners=())
    assert [v.code for v in evaluate(adt.eligibility, alone, perimeter=adt.perimeter) if v.outcome == "fail"] == ["R1"]
    before = replace(facts, selections=(Selection("ateliers-2025", "ADT", "2025", "", "Ateliers, édition 2025"),))
    again = [v for v in evaluate(adt.eligibility, before, perimeter=adt.perimeter) if v.needs_text]
    assert [v.code for v in again] == ["R6"]
    for question, code in (("binome", "R1A"), ("service_engage", "R3"), ("atelier_recent", "R5")):
        turned = {**right, question: "non" if right[question] == "oui" else "oui"}
        facts = Facts(name="DDT de l’Ardèche", answers=turned, **common)
        failed = [v.code for v in evaluate(adt.eligibility, facts, perimeter=adt.perimeter) if v.outcome == "fail"]
        assert failed == [code]
