"""A call that uses every part of the format goes through the rows and comes back, byte for byte."""

from datetime import UTC, datetime

import pytest

from calls.definition.dump import dump
from calls.definition.load import load
from calls.definition.reading import canonical, read
from tests.calls.documents import altered
from tests.factories import make_institution

EVERYTHING = """\
brief:
  - {label: Pour qui, text: Les communes.}
texts:
  - {code: contexte, title: Contexte, text: "Un.\\n\\nDeux :\\n- a ;\\n- b."}
themes: [Santé, Nature]
template: {locked: [grid, eligibility.R1]}
inherits: modele-national
frame:
  - {code: CLS, label: Contrat local de santé, text: Signé avec l’agence., signed_on: 2025-11-27, url: "https://www.exemple.fr/cls"}
objectives:
  - {code: O1, label: Marcher, text: Plus et mieux.}
axes:
  - {code: X1, label: Ingénierie, text: Des chefs de projet.}
documents:
  - {code: D1, label: Modèle de délibération, kind: model, hint: À adapter., piece: PLAN, file: modele.docx}
money:
  total: 1000.5
  tax: ttc
  cuts:
    - axis: funder
      shares:
        - {code: ARS, label: Agence, amount: 1000.5}
    - axis: stratum
      shares:
        - {code: S1, label: Petites, amount: 400}
        - {code: S2, label: Autres, amount: 600.5}
  outside:
    - {code: JOURS, label: Jours d’ingénierie, amount: 0, text: Valorisés à part.}
  grants:
    - {code: G1, label: Étude, kind: study, rate: 60, base: ttc, ceiling: 100000, ceiling_on: cost, floor: 5000, text: Une fois., condition: {kind: stratum, codes: [S1]}}
access: {kind: invitation, invited: ["76254"], call: autre-appel}
call_type: aap
partners:
  - {code: ARS, name: Agence, role: co_pilot}
calendar:
  - {code: jury, when: 2027-09-09 09:00:00, note: Une note}
  - {code: visite, when: 2027-10-01, label: Visite}
tracks:
  - {code: A, label: Places, text: Dans le bourg.}
  - {code: B, label: Chemins}
strata:
  - {code: S1, label: Petites, year: 2023, upper: 500}
  - {code: S3, label: Liste, kind: communes, communes: ["76254"]}
  - {code: S4, label: Département, kind: perimeter, perimeter: {kind: department, codes: ["76"]}}
  - {code: S5, label: Groupements, kind: applicant, kinds: [intercommunality]}
  - {code: S2, label: Autres, year: 2023, population_kind: totale, lower: 500}
applicants:
  kinds: [commune, intercommunality]
  group: {max: 3, text: À plusieurs}
  public: true
pieces:
  - code: PLAN
    label: Plan
    hint: Un plan.
    need: conditional
    stage: both
    condition: {kind: any, terms: [{kind: track, codes: [A]}, {kind: answer, question: etat, equals: idee}]}
    accepted: [pdf, png]
    max_megabytes: 20
    min_count: 2
    max_count: 4
    promised_until: 2027-07-30
    visible_to_jury: false
undertakings:
  - {code: U1, label: Participer, condition: {kind: track, codes: [A]}}
jury:
  seats:
    - {code: V1, label: Présidence, college: Élus, president: true}
    - {code: V2, label: Maire, college: Maires, rule: Tirage au sort}
    - {code: A1, label: Expert, college: Experts, voting: false}
  quorum: 2
  majority: two_thirds
  ballot: secret
  casting_vote: false
  tie: [second_ballot, joint_decision]
  required_seats: [V1, V2]
  hearing: {minutes: 20, threshold: 45.5}
outcomes:
  - {code: selected, label: Lauréate}
reasons:
  - {code: RANG, outcome: not_selected, label: Rang insuffisant.}
phases:
  - {code: P1, title: Cadrage, first_month: 1, last_month: 2, deliverable: Note}
  - {code: P2, title: Suite, first_month: 3, last_month: 12}
agreement:
  title: Convention
  months: 12
  recitals: ["Vu {acte} ;"]
  expertise:
    - {code: E1, label: Méthode, provider: Service, days: 3}
  articles:
    - {code: A1, title: Objet, paragraphs: ["La commune {commune}.", Deux.], condition: {kind: track, codes: [A]}}
  annexes: [Plan]
indicators:
  - {code: I1, label: Arbres, kind: impact, unit: arbres, objective: O1, target: Cent à la fin}
reminders:
  - {code: J7, about: draft_not_deposited, days: -7, at: "09:00"}
"""
RULES = """\
  - {kind: population, code: R2, label: Petite, sentence: Moins., effect: warning, population_kind: totale, year: 2023, at_most: 5000}
  - {kind: answer, code: R3, label: État, sentence: Pas commencé., derogable: true, question: etat, one_of: [idee]}
  - {kind: applicant_kind, code: R4, label: Qui, sentence: Une commune., kinds: [commune]}
  - {kind: max_applications, code: R5, label: Une, sentence: Une., max: 2, group_max: 3}
  - {kind: judgement, code: R6, label: Centre, sentence: Centralité., effect: informative, condition: {kind: track, codes: [B]}}
sections:
"""
QUESTIONS = """\
        max_length: 150
        hint: Un titre.
        project_title: true
      - {code: surface, kind: number, label: Surface, min: 0.5, max: 1000, unit: m², fact: true, required: false}
      - {code: nom, kind: text, label: Commune, prefill: commune.name, visible_to_jury: false}
      - {code: actions, kind: table, label: Actions, min_rows: 1, max_rows: 9, optional_until: 2027-05-01, columns: [{code: quoi, label: Quoi}, {code: cout, label: Coût, kind: money, unit: €, required: false}, {code: etat, label: État, kind: single, options: [{code: a, label: A}, {code: b, label: B}]}]}
      - {code: plan, kind: file, label: Plan, piece: PLAN}
"""
GRID = """\
grid:
  scale_max: 4
  scale_labels: {0: nul, 4: parfait}
  total: 110
  threshold: 50.5
  max_selected: 4
  reserve_size: 3
  tie_break: [C1, C2]
  rankings:
    - {code: K1, label: Places, condition: {kind: track, codes: [A]}, threshold: 40, max_selected: 2, reserve_size: 1}
    - {code: K2, label: Chemins, condition: {kind: track, codes: [B]}}
  technical_visible_to_jury: false
  bonuses:
    - {code: B1, label: Petite, points: 10, condition: {kind: population, population_kind: municipale, year: 2023, below: 5000}}
"""


@pytest.fixture
def whole():
    return read(
        altered(
            ("grid:\n", EVERYTHING + GRID),
            (
                "sections:\n  - code: projet",
                RULES
                + "  - code: projet\n    lead: Une phrase.\n    stage: intent\n    condition: {kind: track, codes: [A]}",
            ),
            ("label: Titre du projet\n", "label: Titre du projet\n" + QUESTIONS),
            ("points: 60\n", "points: 60\n      knockout: 12.5\n      description: Ce qui compte.\n"),
            (
                "    - code: C2\n",
                "    - {code: C3, label: Avis, informational: true, condition: {kind: track, codes: [B]}}\n    - code: C2\n",
            ),
            (
                "  - code: W1\n",
                "  - code: W1\n    label: Vague 2\n    stage: intent\n    wave: 2\n    track: B\n    condition: {kind: stratum, codes: [S1]}\n",
            ),
            ("mail: places@exemple.fr", "mail: places@exemple.fr\n  address: 1 place d’Essai"),
            ("  court:\n", "  reserve_months: 6\n  court:\n"),
            (
                "  text: Un an d’accompagnement.\n",
                "  text: Un an d’accompagnement.\n  max_months: 18\n  themes: [{code: T1, label: Santé, partners: [ARS]}]\n",
            ),
            ("dpo_mail: dpd@exemple.fr", "dpo_mail: dpd@exemple.fr\n  draft_months: 6"),
        )
    )


def through_rows(document):
    return dump(load(document, owner=make_institution(), at=datetime(2027, 1, 1, tzinfo=UTC)))


def test_every_part_comes_back(db, whole):
    untouched = {name for name in type(whole).model_fields if getattr(whole, name) in ((), None)}
    assert untouched == set()
    assert canonical(through_rows(whole)) == canonical(whole)


@pytest.mark.parametrize(
    ("mode", "extra"),
    [
        ("none", ""),
        ("qualitative", "  levels:\n    - {code: A, label: Fort}\n    - {code: B, label: Faible}\n"),
    ],
)
def test_grids_without_numbers_come_back(db, mode, extra):
    criteria = "" if mode == "none" else "  criteria:\n    - {code: C1, label: Intérêt, sections: [projet]}\n"
    text = altered(("  mode: numeric\n", f"  mode: {mode}\n{extra}"))
    start, end = text.index("  criteria:"), text.index("decision:")
    document = read(text[:start] + criteria + text[end:])
    assert canonical(through_rows(document)) == canonical(document)


def test_a_call_without_any_optional_part_comes_back(db):
    document = read(altered())
    assert canonical(through_rows(document)) == canonical(document)
