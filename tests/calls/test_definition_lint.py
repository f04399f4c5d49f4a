"""Each advice seen red, then silent: its sentence and its line."""

import pytest

from calls.definition.check import check
from calls.definition.lint import OF_TEXTS, RULES
from calls.definition.lint_texts import texts
from tests.calls.documents import SMALL, advice, altered, ordinary, says, small

CLOSES = "closes_at: 2027-06-30 23:59:59"
GRID = "grid:\n  mode: numeric"
DELIB = "pieces:\n  - code: DELIB\n    label: Délibération du conseil municipal\n"


def closing(at: str) -> str:
    return altered((CLOSES, f"closes_at: {at}"))


def before_grid(added: str) -> str:
    return altered((GRID, f"{added}\n{GRID}"))


def test_nothing_to_say_of_the_small_call():
    assert advice(SMALL) == []
    said = tuple(texts(small()))
    found = {rule.__name__: list(rule(small(), said) if rule in OF_TEXTS else rule(small())) for rule in RULES}
    assert found == {rule.__name__: [] for rule in RULES}


# --- dates -------------------------------------------------------------------------------------------------------

SHORT = "la commune n’a que {} jours pour répondre : six semaines au moins lui laissent le temps d’écrire et de faire signer."


def test_a_window_of_less_than_six_weeks():
    says(closing("2027-02-25 23:59:59"), ("closes_at: 2027-02-25", SHORT.format(41)))
    assert advice(closing("2027-02-26 23:59:59")) == []


def test_a_window_shorter_than_a_council_cycle_when_a_resolution_is_asked():
    message = (
        "un conseil municipal peut ne pas se réunir avant la clôture (il se réunit une fois par trimestre) : "
        "permettez de promettre la délibération par « promised_until »."
    )
    text = altered((CLOSES, "closes_at: 2027-04-14 23:59:59"), (GRID, DELIB + GRID))
    says(text, ("closes_at: 2027-04-14", message))
    for quiet in (
        altered((CLOSES, "closes_at: 2027-04-15 23:59:59"), (GRID, DELIB + GRID)),
        altered((CLOSES, "closes_at: 2027-04-14 23:59:59"), (GRID, DELIB + "    promised_until: 2027-04-16\n" + GRID)),
        altered((CLOSES, "closes_at: 2027-04-14 23:59:59"), (GRID, DELIB + "    need: optional\n" + GRID)),
    ):
        assert advice(quiet) == []


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("2027-06-27 23:59:59", "la clôture tombe un dimanche : personne ne répond au téléphone ce jour-là ; proposez le lundi 28 juin 2027."),
        ("2027-07-14 23:59:59", "la clôture tombe un jour férié (Fête nationale) : personne ne répond au téléphone ce jour-là ; proposez le jeudi 15 juillet 2027."),
        ("2027-05-17 12:00:00", "la clôture tombe un jour férié (Lundi de Pentecôte) : personne ne répond au téléphone ce jour-là ; proposez le mardi 18 mai 2027."),
        ("2027-08-31 23:59:59", "la clôture tombe en août : mairies et conseils sont en congés ; proposez septembre."),
        ("2027-06-30 00:00:00", "la clôture tombe à minuit juste : la veille à 23:59:59 dit la même chose sans erreur de jour."),
    ],
)  # fmt: skip
def test_a_deadline_on_a_bad_day(at, message):
    says(closing(at), (f"closes_at: {at}", message))


def test_a_deadline_at_an_hour_that_comes_twice():
    sunday = (
        "la clôture tombe un dimanche : personne ne répond au téléphone ce jour-là ; proposez le mardi 2 novembre 2027."
    )
    twice = "la clôture tombe à une heure qui a lieu deux fois cette nuit-là (passage à l’heure d’hiver) : choisissez une autre heure."
    at = "closes_at: 2027-10-31 02:30:00"
    says(closing("2027-10-31 02:30:00"), (at, sunday), (at, twice))


def test_other_deadlines_are_watched_too():
    says(
        before_grid("calendar:\n  - {code: questions_until, when: 2027-03-28}"),
        (
            "questions_until",
            "« Fin des questions » tombe un dimanche : personne ne répond au téléphone ce jour-là ; proposez le mardi 30 mars 2027.",
        ),
    )
    says(
        before_grid(DELIB + "    promised_until: 2027-08-16"),
        (
            "promised_until",
            "la limite de « DELIB » tombe en août : mairies et conseils sont en congés ; proposez septembre.",
        ),
    )


def test_a_jury_on_a_sunday_is_its_own_business():
    assert advice(before_grid("calendar:\n  - {code: jury, when: 2027-09-05}")) == []


@pytest.mark.parametrize(
    ("milestones", "words", "message"),
    [
        ("{code: publication, when: 2027-01-16}", "publication", "« Publication de l’appel » vient après l’ouverture."),
        ("{code: questions_until, when: 2027-07-01}", "questions_until", "« Fin des questions » vient après la clôture."),
        ("{code: webinar, when: 2027-07-01}", "webinar", "« Webinaire de présentation » vient après la clôture."),
        ("{code: jury, when: 2027-06-29}", "code: jury", "« Jury » vient avant la clôture."),
        ("{code: decision, when: 2027-07-01}\n  - {code: jury, when: 2027-07-02}", "code: decision", "« Décision » vient avant « Jury »."),
    ],
)  # fmt: skip
def test_stages_in_the_wrong_order(milestones, words, message):
    says(before_grid(f"calendar:\n  - {milestones}"), (words, message))


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("Marche le mercredi 29 août 2019.", "« mercredi 29 août 2019 » : ce jour est un jeudi."),
        ("Réunion le Lundi 1er juin 2027.", "« Lundi 1er juin 2027 » : ce jour est un mardi."),
        ("Réunion le mardi 5 mai.", "« mardi 5 mai » : ce jour est un mercredi."),
        ("Réunion le mardi 31 juin 2027.", "« mardi 31 juin 2027 » : ce jour est un jour qui n’existe pas."),
    ],
)
def test_a_weekday_that_does_not_match(written, message):
    text = altered(("goal: Faire vivre les places.", f"goal: {written}"))
    says(text, ("goal:", message))


def test_a_weekday_that_matches():
    assert (
        advice(altered(("goal: Faire vivre les places.", "goal: Réunion le mercredi 5 mai 2027, ou le jeudi 6 mai.")))
        == []
    )


def test_a_date_without_year_may_be_of_any_year_of_the_calendar():
    text = before_grid("calendar:\n  - {code: end, when: 2028-05-31}")
    assert advice(text.replace("goal: Faire vivre les places.", "goal: Bilan le vendredi 5 mai.")) == []


# --- populations -------------------------------------------------------------------------------------------------

RULE = (
    "  - kind: population\n    code: R2\n    label: Petite\n    sentence: Moins de 5 000 habitants.\n    below: 5000\n"
)
WHY = " : des communes passent d’un côté à l’autre selon le chiffre choisi."


@pytest.mark.parametrize(
    ("keys", "missing"),
    [
        ("", "sa nature (population_kind) ni son année (year)"),
        ("    year: 2023\n", "sa nature (population_kind)"),
        ("    population_kind: totale\n", "son année (year)"),
    ],
)
def test_a_threshold_without_kind_or_year(keys, missing):
    text = altered(("sections:\n  - code: projet", RULE + keys + "sections:\n  - code: projet"))
    says(text, ("  - kind: population", f"ce seuil de population ne dit pas {missing}{WHY}"))


def test_a_threshold_with_kind_and_year():
    keys = "    year: 2023\n    population_kind: totale\n"
    assert advice(altered(("sections:\n  - code: projet", RULE + keys + "sections:\n  - code: projet"))) == []


def test_a_threshold_inside_a_condition():
    bonus = "  bonuses:\n    - code: B1\n      label: Petite\n      points: 5\n      condition:\n        kind: not\n        term: {kind: population, at_least: 5000, year: 2023}\n"
    text = altered(("decision:\n", bonus + "decision:\n"))
    says(text, ("term:", f"ce seuil de population ne dit pas sa nature (population_kind){WHY}"))


# --- grid --------------------------------------------------------------------------------------------------------

NO_QUESTION = "aucune question n’éclaire ce critère : nommez par « sections » celles que le jury lira, ou posez-en une."


def test_a_criterion_that_no_question_informs():
    text = altered(("points: 60\n      sections: [projet]", "points: 60"))
    says(text, ("code: C1", NO_QUESTION))


def test_a_criterion_whose_questions_the_jury_does_not_see():
    hidden = altered(
        ("label: Titre du projet\n", "label: Titre du projet\n        visible_to_jury: false\n"),
        ("label: Où en est le projet ?\n", "label: Où en est le projet ?\n        visible_to_jury: false\n"),
    )
    says(hidden, ("code: C1", NO_QUESTION), ("code: C2", NO_QUESTION))


def test_weights_that_do_not_sum():
    text = altered(("points: 60", "points: 50"))
    says(text, ("  criteria:", "les points des critères font 90, et non 100 : revoyez-les."))
    assert advice(altered(("points: 60", "points: 50"), ("mode: numeric", "mode: numeric\n  total: 90"))) == []


def test_a_threshold_out_of_reach():
    text = altered(("mode: numeric", "mode: numeric\n  threshold: 100.5"))
    says(text, ("threshold", "aucune candidature ne peut atteindre ce seuil : le meilleur total possible est 100."))
    assert advice(altered(("mode: numeric", "mode: numeric\n  threshold: 100"))) == []


def test_a_bonus_never_lifts_the_best_total_above_the_total():
    bonus = "  bonuses:\n    - {code: B1, label: Petite, points: 10, condition: {kind: applicant, kinds: [commune]}}\n"
    text = altered(("decision:\n", bonus + "decision:\n"), ("points: 60", "points: 55"))
    assert [message for _, message in advice(text)] == ["les points des critères font 95, et non 100 : revoyez-les."]
    assert small(("decision:\n", bonus + "decision:\n"), ("points: 60", "points: 55")).grid.best == 100


def test_a_hearing_out_of_reach():
    jury = "jury:\n  quorum: 1\n  hearing: {minutes: 20, threshold: 101}\n  seats:\n    - {code: V1, label: Siège, college: Élus, president: true}"
    says(
        before_grid(jury), ("hearing", "aucune candidature ne peut être entendue : le meilleur total possible est 100.")
    )


def test_weights_of_a_grid_without_numbers_are_not_summed():
    text = altered(
        ("mode: numeric", "mode: qualitative\n  levels:\n    - {code: A, label: Fort}\n    - {code: B, label: Faible}"),
        ("      points: 60\n", ""),
        ("      points: 40\n", ""),
    )
    assert advice(text) == []


# --- forgotten texts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Lorem ipsum dolor.", "Lorem ipsum"),
        ("Le montant est à compléter.", "à compléter"),
        ("Les actualités (ajouter lien vers la section Actu).", "(ajouter lien vers la section Actu)"),
        ("TODO", "TODO"),
        ("Le XXXX mars.", "XXXX"),
        ("Un prix de ?? euros.", "??"),
        ("Voir [lien].", "[lien]"),
        ("Descriptive text here.", "Descriptive text here"),
        ("Le ____ mars.", "____"),
    ],
)
def test_placeholder_texts(written, found):
    text = altered(("goal: Faire vivre les places.", f'goal: "{written}"'))
    says(text, ("goal:", f"« {found} » semble un texte d’attente : remplacez-le ou retirez-le."))


def test_placeholders_are_found_in_any_text():
    text = altered(("label: Faisabilité", "label: TODO"))
    says(text, ("label: TODO", "« TODO » semble un texte d’attente : remplacez-le ou retirez-le."))


# --- the report --------------------------------------------------------------------------------------------------


def test_errors_and_advice_are_apart():
    right, wrong = check(SMALL.encode()), check(altered(("code_prefix: DPV\n", "")).encode())
    assert (right.document, right.errors, right.advice) == (small(), (), ())
    assert (
        ordinary(right.summary)
        == "L’appel « Des places à vivre » est complet : 1 section, 2 questions, 0 pièce, 2 critères."
    )
    assert wrong.document is None
    assert wrong.advice == ()
    assert ordinary(wrong.summary) == "1 erreur à corriger."


# --- reminders ---------------------------------------------------------------------------------------------------

NEVER = "cette relance ne partira jamais : elle tombe avant l’ouverture, ou après l’heure de la clôture."


def recalling(about: str, days: int, at: str = "09:00") -> str:
    return before_grid(f'reminders:\n  - {{code: R1, about: {about}, days: {days}, at: "{at}"}}')


def test_a_reminder_that_no_window_lets_leave():
    says(recalling("draft_not_deposited", -170), ("{code: R1", NEVER))
    assert advice(recalling("draft_not_deposited", -165)) == []
    noon = recalling("draft_not_deposited", 0, "12:01").replace(CLOSES, "closes_at: 2027-06-30 12:00:00")
    says(noon, ("{code: R1", NEVER))
    assert advice(noon.replace("12:01", "12:00")) == []


def test_a_reminder_of_what_is_to_be_completed_comes_before_its_limit():
    assert advice(recalling("completion_due", -3)) == []
    assert advice(recalling("completion_due", 0)) == []


def test_a_reminder_of_notes_without_a_grid():
    text = recalling("assessment_missing", -3)
    kept, rest = text[: text.index(GRID)], text[text.index("decision:") :]
    message = "cette relance ne partira jamais : l’appel n’a pas de grille, le jury ne note pas."
    says(f"{kept}grid:\n  mode: none\n{rest}", ("{code: R1", message))
