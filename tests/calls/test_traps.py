"""The traps of the programme pages: what a page got wrong, a call must get right. (T6, T7, T10, T12: catalogue pages.)"""

from decimal import Decimal

import pytest

from calls.conditions import Facts
from calls.definition.lint_texts import texts
from calls.documents import support_paragraphs
from calls.eligibility import evaluate
from calls.grants import grant_for, grant_sentence, granted
from tests.calls.documents import SMALL, advice, altered, ordinary, small
from tests.calls.territory import CALVADOS, HAUTES_ALPES, commune, intercommunality
from tests.calls.test_catalogue_programmes import ADT, FILES, POST, PVD, PVD05, PVD14, QD, programme

GOAL = "goal: Faire vivre les places."
TPS = "territoire-promoteur-de-sante"


# --- T5: the threshold of 20 000 is that of the commune, not of the intercommunality -----------------------------


def rejected_if_read_on_the_intercommunality(name: str, communes) -> list[str]:
    local = programme(name)
    (rule,) = [rule for rule in local.eligibility if rule.code == "R1"]
    assert (rule.of, rule.below, rule.population_kind, rule.year) == ("commune", 20000, "municipale", 2023)
    wrong = rule.model_copy(update={"of": "intercommunality", "year": 2022})
    found = []
    for insee, official_name in communes.items():
        facts = commune(insee)
        assert evaluate([rule], facts)[0].outcome == "pass"
        if evaluate([wrong], facts)[0].outcome == "fail":
            found.append(official_name)
    return found


def test_t5_the_threshold_read_on_the_intercommunality_would_reject():
    assert rejected_if_read_on_the_intercommunality(PVD05, HAUTES_ALPES) == ["Serres", "Laragne-Montéglin", "Tallard"]
    kept = set(CALVADOS.values()) - set(rejected_if_read_on_the_intercommunality(PVD14, CALVADOS))
    assert kept == {"Creully sur Seulles"}


def test_t5_the_intercommunality_of_a_joint_file_is_not_measured():
    (rule,) = [rule for rule in programme(PVD05).eligibility if rule.code == "R1"]
    beside = commune("05170", partners=(intercommunality("200067825", department="05"),))
    (verdict,) = evaluate([rule], beside)
    assert (verdict.outcome, ordinary(verdict.sentence)) == (
        "pass",
        "Moins de 20 000 habitants : Tallard, 2 292 habitants, population municipale 2023, Insee",
    )
    led = intercommunality("200067825", department="05", partners=(commune("05061"),))
    assert evaluate([rule], led)[0].outcome == "fail"
    assert evaluate([rule], intercommunality("200067825", department="05"))[0].outcome == "unknown"


# --- T11: twelve communes are not the département ----------------------------------------------------------------


def test_t11_a_list_in_a_text_closes_nothing():
    local = programme(PVD14)
    assert (local.perimeter.kind, local.access.kind) == ("department", "open")
    elsewhere = commune("14762", answers={"engagement_epci": "delibere", "acv": "non"})
    verdicts = {v.code: v.outcome for v in evaluate(local.eligibility, elsewhere, perimeter=local.perimeter)}
    assert elsewhere.insee not in CALVADOS
    assert (verdicts["R0"], verdicts["R1"]) == ("pass", "pass")


# --- T13, T14, T23: texts left, days that do not match -----------------------------------------------------------


def test_t13_an_editorial_note_left_in_a_public_text():
    for note in ("(ajouter lien vers la section Actu)", "Descriptive text here"):
        assert [message for _, message in advice(altered((GOAL, f"goal: Voir {note}")))] == [
            f"« {note} » semble un texte d’attente : remplacez-le ou retirez-le."
        ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("La signature a lieu le mardi 06 avril 2021.", []),
        ("La signature a lieu le mardi 06 avril 2022.", ["« mardi 06 avril 2022 » : ce jour est un mercredi."]),
        ("Marche le mercredi 29 août 2018.", []),
        ("Marche le mercredi 29 août 2019.", ["« mercredi 29 août 2019 » : ce jour est un jeudi."]),
    ],
)
def test_t14_t23_the_day_of_the_week_tells_the_year(words, found):
    assert [message for _, message in advice(altered((GOAL, f"goal: {words}")))] == found


def test_t14_a_date_without_year_is_read_in_the_years_of_the_call():
    text = altered((GOAL, "goal: La signature a lieu le mardi 06 avril."))
    assert advice(text) == []
    assert [message for _, message in advice(text.replace("2027", "2028"))] == [
        "« mardi 06 avril » : ce jour est un jeudi."
    ]


# --- T15: « jusqu’à 75 % » is a maximum, with a ceiling ----------------------------------------------------------


@pytest.mark.parametrize(
    ("anah", "cost", "amount", "limit"),
    [
        ("oui", 70_000, 52_500, "rate"),
        ("non", 70_000, 45_000, "ceiling"),
        ("oui", 80_000, 55_000, "ceiling"),
        ("non", 60_000, 45_000, "rate"),
    ],
)
def test_t15_the_aid_to_a_post(anah, cost, amount, limit):
    grant = grant_for(programme(POST).money.grants, Facts(answers={"anah": anah}))
    found = granted(grant, Decimal(cost))
    assert (found.amount, found.limit) == (Decimal(amount), limit)


def test_t15_nothing_is_told_while_the_answer_is_missing():
    assert grant_for(programme(POST).money.grants, Facts()) is None


def test_t15_the_rate_is_never_printed_as_due():
    sentences = [ordinary(grant_sentence(grant)) for grant in programme(POST).money.grants]
    assert sentences == [
        "Poste de chef de projet, avec l’Anah : 75 % au plus du coût toutes taxes comprises, dans la limite de 55 000 € d’aide.",
        "Poste de chef de projet, sans l’Anah : 75 % au plus du coût toutes taxes comprises, dans la limite de 45 000 € d’aide.",
    ]


@pytest.mark.parametrize(
    ("cost", "ceiling_on", "amount"),
    [(120_000, "grant", 72_000), (200_000, "grant", 100_000), (200_000, "cost", 60_000)],
)
def test_t15_the_call_says_what_its_ceiling_bears_on(cost, ceiling_on, amount):
    (grant,) = programme(QD).money.grants
    found = granted(grant.model_copy(update={"ceiling_on": ceiling_on}), Decimal(cost))
    assert found.amount == amount


def test_a_floor_and_a_rounded_cent():
    (grant,) = programme(QD).money.grants
    floor = grant.model_copy(update={"floor": Decimal(5000)})
    assert (granted(floor, Decimal(8000)).amount, granted(floor, Decimal(8000)).limit) == (0, "floor")
    assert granted(floor, Decimal("8333.34")).amount == Decimal("5000.00")
    assert granted(grant, Decimal("100.01")).amount == Decimal("60.01")
    assert ordinary(grant_sentence(floor.model_copy(update={"ceiling_on": "cost"}))) == (
        "Étude pré-opérationnelle : 60 % au plus du coût hors taxes, compté jusqu’à 100 000 € ; "
        "aucune aide pour un coût de moins de 5 000 €."
    )


# --- T16: the share of a provider is neither a grant nor the budget ----------------------------------------------


def test_t16_the_share_of_a_provider_stands_outside():
    money = programme(ADT).money
    assert (money.total, money.cuts, money.grants) == (None, (), ())
    (share,) = money.outside
    assert share.amount == 30_000
    assert not programme(ADT).support.pays
    (said,) = [line for line in support_paragraphs(programme(ADT)) if "30 000" in ordinary(line)]
    assert ordinary(said).startswith("Hors de l’enveloppe : Part hors taxes d’un cotraitant")
    assert ordinary(said).endswith("Ce n’est ni une subvention ni le budget de l’appel.")


# --- T17, T20: the applicant is not the site, the owner is not the local lead ------------------------------------


def test_t17_the_applicant_is_not_the_site():
    adt = programme(ADT)
    assert adt.applicants.kinds[0] == "state"
    questions = {question.code: question for question in adt.questions}
    assert {option.code for option in questions["site_sorte"].options} == {
        "commune", "communes", "massif", "epci", "large",
    }  # fmt: skip
    assert questions["collectivites"].columns[1].required is False  # a massif has no SIREN
    assert "perimeter" not in {rule.kind for rule in adt.eligibility}


@pytest.mark.parametrize(
    ("name", "owner", "lead"),
    [
        (ADT, "Ministère chargé de l’urbanisme", "Directions départementales des territoires (et de la mer)"),
        (PVD05, "Agence nationale de la cohésion des territoires", "Préfecture des Hautes-Alpes"),
        (PVD14, "Agence nationale de la cohésion des territoires", "Préfecture du Calvados"),
    ],
)
def test_t20_the_owner_is_not_the_local_lead(name, owner, lead):
    call = programme(name)
    leads = [partner.name for partner in call.partners if partner.role == "local_lead"]
    assert (call.owner.name, leads) == (owner, [lead])


# --- T21, T24, T25, T2: classes by rule, optional facts, one state and several words -----------------------------


def test_t21_classes_come_from_rules_not_from_words():
    for name in FILES:
        for stratum in programme(name).strata:
            assert stratum.year if stratum.kind == "population" else (stratum.communes or stratum.perimeter), name
    said = " ".join(text for _, text in texts(programme(TPS)))
    assert "ville moyenne" not in said.lower()
    assert "villes moyennes" not in said.lower()


def test_t24_a_call_may_have_no_grant_no_number_of_laureates_and_no_milestone():
    call = small()
    assert (call.money, call.grid.max_selected, call.calendar, call.jury) == (None, None, (), None)
    assert advice(SMALL) == []


def test_t25_one_state_has_the_words_of_each_programme():
    said = {name: outcome.label for name in FILES for outcome in programme(name).outcomes if outcome.code == "selected"}
    assert said == {
        TPS: "Retenue",
        QD: "Lauréate",
        PVD: "Labellisée",
        PVD05: "Labellisée",
        PVD14: "Labellisée",
        POST: "Aide accordée",
        ADT: "Retenu",
    }


def test_t2_a_commune_and_an_intercommunality_apply_to_the_same_call():
    assert programme(QD).applicants.kinds == ("commune", "intercommunality")
