"""The programme of the catalogue, whole: what `domain.md` says of it is in the file, and the file is right."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from calls.conditions import Facts, Figure, holds, stratum_of
from calls.definition.check import check
from calls.definition.lint import lint
from calls.definition.moments import write_instant, write_moment
from calls.definition.reading import canonical, read_file
from calls.definition.shifting import shift, with_calendar
from calls.eligibility import evaluate, overall
from portal.core.calendar import is_working_day
from portal.core.typography import typeset

CATALOGUE = Path(__file__).resolve().parents[2] / "calls" / "catalogue"
FILES = sorted(CATALOGUE.glob("*.yaml"))


@pytest.fixture(scope="module")
def tps():
    return read_file((CATALOGUE / "territoire-promoteur-de-sante.yaml").read_bytes())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_is_right_without_advice_and_canonical(file):
    report = check(file.read_bytes())
    assert (report.errors, report.advice) == ((), ())
    text = file.read_text(encoding="utf-8")
    assert "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#")).lstrip(
        "\n"
    ) == canonical(report.document)


def test_identity(tps):
    assert (tps.title, tps.edition, tps.code_prefix, tps.call_type) == (
        "Territoire promoteur de santé",
        "2027",
        "TPS",
        "ami",
    )
    assert (tps.owner.siren, tps.owner.name) == ("200084952", "Le Havre Seine Métropole")
    assert (tps.contact.phone, tps.contact.mail, tps.data_notice.dpo_mail) == (
        "02 35 00 00 00",
        "ami-sante@exemple.fr",
        "dpd@exemple.fr",
    )
    assert tps.support.kinds == ("method", "engineering", "funding_search")
    assert (tps.support.months, tps.support.pays) == (12, False)
    assert (tps.perimeter.kind, tps.perimeter.codes) == ("intercommunality", ("200084952",))
    assert (tps.applicants.kinds, tps.applicants.group.min, tps.applicants.group.max) == (("commune",), 2, 3)


def test_calendar(tps):
    assert (write_instant(tps.opens_at), write_instant(tps.closes_at)) == ("2027-01-15 09:00:00", "2027-03-31 23:59:59")
    assert tps.closes_at.isoformat() == "2027-03-31T23:59:59+02:00"
    assert {milestone.code: write_moment(milestone.when) for milestone in tps.calendar} == {
        "publication": "2027-01-15 09:00:00",
        "webinar": "2027-01-28 14:00:00",
        "questions_until": "2027-03-01 23:59:59",
        "opinions": "2027-04-20",
        "jury": "2027-05-05 09:00:00",
        "decision": "2027-05-27",
        "notification": "2027-05-31",
        "signature": "2027-06-04",
        "kickoff": "2027-06-07",
        "diagnostics": "2027-09-30",
        "midterm": "2027-11-15",
        "scenarios": "2027-12-15",
        "financements": "2028-02-29",
        "end": "2028-05-31",
    }


def test_every_date_is_a_working_day(tps):
    days = [milestone.when.day for milestone in tps.calendar]
    days += [tps.opens_at.date(), tps.closes_at.date()]
    days += [piece.promised_until for piece in tps.pieces if piece.promised_until]
    assert [day for day in days if not is_working_day(day)] == []


def test_form(tps):
    assert [section.title for section in tps.sections] == [
        "Commune et contacts",
        "Le site",
        "Pourquoi ce projet",
        "Effets attendus",
        "Les habitants",
        "Avancement et calendrier",
        "Moyens et manques",
        "Accompagnement souhaité",
        "Budget et financements",
        "Engagements",
    ]
    assert [question.code for question in tps.questions if question.project_title] == ["titre"]
    assert {question.code for question in tps.questions if not question.visible_to_jury} == {
        "representant",
        "contact_courriel",
        "contact_telephone",
    }
    without_hint = {q.code for q in tps.questions if q.required and q.condition is None and not q.hint}
    assert without_hint == {"aide_premiere"}


def test_each_expected_effect_asks_how(tps):
    effects = {option.code for option in next(q for q in tps.questions if q.code == "effets").options}
    assert effects == {"accessibilite", "marche", "velo", "jeu", "rencontre", "nature", "ombre", "air"}
    asked = {q.code: q.condition.includes for q in tps.questions if q.code.startswith("effet_")}
    assert asked == {f"effet_{code}": code for code in effects}


def test_pieces_and_undertakings(tps):
    assert {piece.code: (piece.need, piece.min_count, piece.max_count) for piece in tps.pieces} == {
        "DELIB": ("required", 1, 1),
        "LETTRE_ENG": ("required", 1, 1),
        "PLAN_SIT": ("required", 1, 1),
        "PERIMETRE": ("required", 1, 1),
        "PHOTOS": ("required", 3, 10),
        "ETUDES": ("optional", 1, 5),
        "FONCIER": ("optional", 1, 3),
    }
    assert {piece.code: piece.promised_until for piece in tps.pieces if piece.promised_until} == {
        "DELIB": date(2027, 5, 14)
    }
    assert [undertaking.code for undertaking in tps.undertakings] == [
        "REUNIONS", "REFERENTS", "HABITANTS", "TRAVAUX", "CHANGEMENTS", "EVALUATION",
    ]  # fmt: skip


def test_grid(tps):
    grid = tps.grid
    assert {c.code: (c.points, c.knockout) for c in grid.criteria} == {
        "C1": (25, Decimal(8)),
        "C2": (15, None),
        "C3": (20, None),
        "C4": (15, None),
        "C5": (15, None),
        "C6": (10, None),
    }
    assert (grid.mode, grid.scale_max, grid.total, grid.weights, grid.best) == ("numeric", 5, 100, 100, 100)
    assert (grid.threshold, grid.max_selected, grid.reserve_size, grid.tie_break) == (50, 4, 3, ("C1",))
    assert dict(grid.scale_labels) == {0: "insuffisant", 3: "satisfaisant", 5: "excellent"}
    (bonus,) = grid.bonuses
    condition = bonus.condition
    assert (bonus.points, condition.population_kind, condition.year, condition.below) == (10, "municipale", 2023, 5000)


def test_jury_and_decision(tps):
    jury = tps.jury
    assert (len(jury.voting), len(jury.advisory), jury.quorum, jury.casting_vote) == (9, 3, 5, True)
    assert [seat.label for seat in jury.seats if seat.president] == ["Vice-présidence chargée de la santé"]
    assert [seat.code for seat in jury.seats if seat.rule] == ["V4", "V5"]
    assert (jury.hearing.minutes, jury.hearing.threshold) == (20, 45)
    assert (tps.decision.authority, tps.decision.court.name) == (
        "Bureau communautaire",
        "Tribunal administratif de Rouen",
    )
    assert {reason.outcome for reason in tps.reasons} == {
        "selected",
        "reserve",
        "not_selected",
        "ineligible",
        "inadmissible",
    }


def test_support_agreement_and_indicators(tps):
    assert [(phase.first_month, phase.last_month) for phase in tps.phases] == [
        (1, 1),
        (2, 4),
        (5, 7),
        (8, 10),
        (9, 12),
        (12, 12),
    ]
    assert [article.title for article in tps.agreement.articles] == [
        "Objet",
        "Durée",
        "Engagements de la communauté urbaine",
        "Engagements de la commune",
        "Gouvernance",
        "Calendrier et livrables",
        "Absence de flux financier",
        "Données et droit à l’image",
        "Propriété des livrables",
        "Communication",
        "Évaluation et retour d’expérience",
        "Modification et résiliation",
        "Litiges",
    ]
    assert (tps.agreement.months, tps.agreement.days, len(tps.agreement.annexes)) == (12, 30, 3)
    assert len(tps.indicators) == 15
    assert {(r.about, r.days, r.at.hour) for r in tps.reminders} == {
        ("draft_not_deposited", -7, 9),
        ("draft_not_deposited", -2, 9),
        ("piece_promised", -7, 9),
        ("assessment_missing", -5, 9),
        ("milestone_due", -7, 9),
    }


# Population of 2023 of the 54 communes, by stratum: 6 of 5 000 and more, 48 under.
VECTORS = [
    ("Pierrefiques", 128, "S1", True),
    ("Beaurepaire", 490, "S1", True),
    ("Oudalle", 520, "S2", True),
    ("Mannevillette", 935, "S2", True),
    ("Étretat", 1102, "S3", True),
    ("Saint-Romain-de-Colbosc", 4780, "S3", True),
    ("Octeville-sur-Mer", 6172, "S4", False),
    ("Le Havre", 166_687, "S4", False),
]


@pytest.mark.parametrize(("name", "population", "stratum", "bonus"), VECTORS)
def test_strata_bonus_and_eligibility_of_real_communes(tps, name, population, stratum, bonus):
    facts = Facts(
        name=name,
        intercommunality_siren="200084952",
        populations={("municipale", 2023): Figure(population, "Insee")},
        answers={"propriete": "communale", "stade": "idee"},
    )
    assert stratum_of(tps.strata, facts) == stratum
    assert holds(tps.grid.bonuses[0].condition, facts) is bonus
    verdicts = evaluate(tps.eligibility, facts, perimeter=tps.perimeter)
    expected = {"R1": "pass", "R2": "pass" if bonus else "warning", "R3": "pass", "R4": "pass", "R5": "pass"}
    assert {verdict.code: verdict.outcome for verdict in verdicts} == expected
    assert overall(verdicts) == "eligible"


@pytest.mark.parametrize(
    ("answers", "failed"),
    [({"propriete": "prive", "stade": "idee"}, {"R3"}), ({"propriete": "acquisition", "stade": "travaux"}, {"R5"})],
)
def test_what_makes_a_commune_ineligible(tps, answers, failed):
    facts = Facts(name="Étretat", intercommunality_siren="200084952", answers=answers)
    verdicts = evaluate(tps.eligibility, facts, perimeter=tps.perimeter)
    assert {verdict.code for verdict in verdicts if verdict.outcome == "fail"} == failed


def test_texts_are_typeset(tps):
    texts = [tps.goal, tps.summary, *(text.text for text in tps.texts), *(q.hint for q in tps.questions if q.hint)]
    assert [text for text in texts if typeset(text) != text] == []


def test_a_new_edition_and_the_demo_shift_it_by_whole_weeks(tps):
    earlier = shift(tps, days=-52 * 7)
    assert write_instant(earlier.closes_at) == "2026-04-01 23:59:59"
    assert [milestone.when.day.weekday() for milestone in earlier.calendar] == [
        milestone.when.day.weekday() for milestone in tps.calendar
    ]
    later = with_calendar(tps, closes_at=tps.closes_at.replace(year=2028), slug="tps-2028", edition="2028")
    assert (write_instant(later.closes_at), later.edition) == ("2028-03-31 23:59:59", "2028")
    assert "août" not in " ".join(problem.message for problem in lint(later))
