"""Every kind of rule: the three answers, their very sentences, whom they bear on, the manager's own sentence."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from calls.conditions import Attribute, Facts, Figure
from calls.definition.eligibility import BY_A_PERSON, FIELDS, MODELS
from calls.eligibility import RULES
from tests.calls.documents import ordinary
from tests.calls.rule_cases import BY_KIND, CASES, DAY, HARFLEUR, SELECTED, Case, commune, rule, said, verdict_of

PLACE = "place"
SENTENCES = {
    "place": (
        "Terrain communal : oui, Étretat est dans « Seine-Maritime », code officiel géographique 2026, Insee",
        "Terrain communal : non, Étretat n’est pas dans « Seine-Maritime », code officiel géographique 2026, Insee",
        "Terrain communal : à vérifier, le rattachement n’est pas connu pour Étretat",
    ),
    "excluded": (
        "Terrain communal : oui, Étretat est membre de Le Havre Seine Métropole, code officiel géographique 2026, Insee",
        "Terrain communal : non, Étretat est membre de Caen la Mer, code officiel géographique 2026, Insee",
        "Terrain communal : à vérifier, l’intercommunalité n’est pas connue pour Étretat",
    ),
    "attribute": (
        "Terrain communal : oui, Étretat, pas dans « Action cœur de ville », 2024, ANCT",
        "Terrain communal : non, Étretat, « Action cœur de ville », convention signée, 2024, ANCT",
        "Terrain communal : à vérifier, « Action cœur de ville » n’est pas connu pour Étretat",
    ),
    "same_intercommunality": (
        "Terrain communal : oui, Étretat est membre de Le Havre Seine Métropole et Harfleur est membre de Le Havre Seine Métropole, code officiel géographique 2026, Insee",
        "Terrain communal : non, Étretat est membre de Le Havre Seine Métropole et Caen est membre de Caen la Mer, code officiel géographique 2026, Insee",
        "Terrain communal : à vérifier dans votre candidature, qui dira qui candidate ensemble",
    ),
    "members": (
        "2 candidats au moins et 3 candidats au plus : ici 2 candidats",
        "2 candidats au moins et 3 candidats au plus : non, ici 1 candidat",
        "2 candidats au moins et 3 candidats au plus : à vérifier dans votre candidature, qui dira qui candidate ensemble",
    ),
    "joint": (
        "Candidature commune demandée : ici 2 candidats (Étretat, Harfleur)",
        "Candidature commune demandée : non, ici 1 candidat (Étretat)",
        "Candidature commune demandée : à vérifier dans votre candidature, qui dira qui candidate ensemble",
    ),
    "max_applications": (
        "Une candidature par commune : c’est le cas",
        "Une candidature par commune : Étretat participe déjà à la candidature DPV-2027-0007",
        "Une candidature par commune : à vérifier quand la candidature commence",
    ),
    "selected_before": (
        "Terrain communal : oui, Étretat n’a pas eu de candidature retenue dans le programme « DPV »",
        "Terrain communal : non, Étretat a déjà eu une candidature retenue, Des places à vivre, édition 2025",
        "Terrain communal : à vérifier, les sélections précédentes de Étretat ne sont pas connues",
    ),
    "start": (
        "Terrain communal : oui, rien ne commence avant la date limite, le 15 février 2027 ; première date, le 2 mars 2027",
        "Terrain communal : non, une dépense commence le 1er février 2027, avant la date limite, le 15 février 2027",
        "Terrain communal : à vérifier, la date n’est pas encore connue",
    ),
    "cost": (
        "Coût, 100 000 € au plus : 40 000 €, d’après la réponse de la commune",
        "Coût, 100 000 € au plus : non, 100 000,50 €, d’après la réponse de la commune",
        "Coût, 100 000 € au plus : à vérifier, le nombre n’est pas encore connu",
    ),
    "duration": (
        "Durée, 36 mois au plus : 36 mois, d’après la réponse de la commune",
        "Durée, 36 mois au plus : non, 40 mois, d’après la réponse de la commune",
        "Durée, 36 mois au plus : à vérifier, le nombre n’est pas encore connu",
    ),
    "declaration": (
        None,
        "Terrain communal : non, d’après la déclaration de la commune",
        "Déclaré par la commune, à vérifier par le service instructeur : le terrain appartient à la commune",
    ),
}


def test_no_kind_is_left_out():
    assert set(MODELS) == set(RULES) == set(FIELDS) == set(BY_KIND)
    assert {case.kind for case in CASES if case.kept is None} == BY_A_PERSON


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_every_kind_gives_its_three_answers(case: Case):
    found = {
        name: verdict_of(case.rule, facts).outcome
        for name, facts in (("pass", case.kept), ("fail", case.broken), ("unknown", case.unknown))
        if facts is not None
    }
    assert found == {name: name for name in found}


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_the_sentences(kind: str):
    case = BY_KIND[kind]
    found = tuple(said(case.rule, facts)[1] if facts else None for facts in (case.kept, case.broken, case.unknown))
    assert found == SENTENCES[kind]


@pytest.mark.parametrize("case", [case for case in CASES if case.broken], ids=lambda case: case.kind)
def test_the_sentence_of_the_manager_quotes_every_field_of_its_kind(case: Case):
    """Each field is replaced by what the portal found; the sentence is the portal's own when the rule is kept."""
    own = rule(
        case.kind, shown="Non. " + " ".join(f"{name}={{{name}}};" for name in FIELDS[case.kind]), **case.parameters
    )
    text = ordinary(verdict_of(own, case.broken).sentence)
    values = dict(part.strip().split("=", 1) for part in text.removeprefix("Non. ").rstrip(" ;").split(" ; "))
    assert list(values) == list(FIELDS[case.kind])
    assert all(value.strip() for value in values.values()), values
    if case.kept:
        assert verdict_of(own, case.kept).sentence == verdict_of(case.rule, case.kept).sentence


def test_a_manager_writes_the_refusal_of_a_threshold():
    own = rule(
        "population",
        shown="{candidat} compte {chiffre} en {annee} ({population}, {source}) : il en faut {seuil}.",
        **BY_KIND["population"].parameters,
    )
    assert said(own, commune(population=5000)) == (
        "fail",
        "Étretat compte 5 000 habitants en 2023 (population municipale, Insee) : il en faut moins de 5 000 habitants",
    )


# --- whom a bound bears on ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bears_on", "outcome", "sentence"),
    [
        (
            "each",
            "fail",
            "Moins de 9 000 habitants : non, Octeville, 9 100 habitants, population municipale 2023, Insee",
        ),
        ("lead", "pass", "Moins de 9 000 habitants : Étretat, 1 102 habitants, population municipale 2023, Insee"),
        (
            "sum",
            "fail",
            "Moins de 9 000 habitants : non, ensemble (Étretat 1 102 et Octeville 9 100), 10 202 habitants, population municipale 2023, Insee",
        ),
    ],
)
def test_a_population_bears_on_each_on_the_lead_or_on_the_sum(bears_on, outcome, sentence):
    below = rule("population", population_kind="municipale", year="2023", below="9000", bears_on=bears_on)
    assert said(below, commune(partners=(commune("Octeville", 9100),))) == (outcome, sentence)


def test_a_sum_waits_for_every_figure_and_counts_a_shared_intercommunality_once():
    sum_of = {"population_kind": "municipale", "year": "2023", "bears_on": "sum"}
    assert said(rule("population", at_least="1000", **sum_of), commune(partners=(commune("Octeville", None),))) == (
        "unknown",
        "1 000 habitants au moins : à vérifier, la population municipale 2023 n’est pas connue pour Octeville",
    )
    group = {"intercommunality_populations": {("municipale", 2023): Figure(266_929, "Insee")}}
    joint = commune(partners=(commune("Harfleur", 8289, **group),), **group)
    assert said(rule("population", of="intercommunality", below="300000", **sum_of), joint) == (
        "pass",
        "Moins de 300 000 habitants : ensemble (Le Havre Seine Métropole 266 929), 266 929 habitants, population municipale 2023, Insee",
    )


@pytest.mark.parametrize("kind", ["place", "excluded", "attribute", "applicant_kind", "selected_before"])
def test_a_rule_may_bear_on_the_lead_alone(kind: str):
    case = BY_KIND[kind]
    joint = replace(case.kept, partners=(case.broken,))
    assert verdict_of(case.rule, joint).outcome == "fail"
    assert verdict_of(rule(kind, bears_on="lead", **case.parameters), joint).outcome == "pass"


# --- particulars -------------------------------------------------------------------------------------------------


def test_an_attribute_says_its_value_its_stage_and_its_day():
    wanted = rule("attribute", attribute="DENSITE", name="Densité", values=["6", "7"])
    dense = commune(attributes={"DENSITE": Attribute("6", 2025, "Insee")})
    assert said(wanted, dense) == ("pass", "Terrain communal : oui, Étretat, « Densité » 6, 2025, Insee")
    town = commune(attributes={"DENSITE": Attribute("1", 2025, "Insee", "provisoire", date(2025, 1, 1))})
    assert said(wanted, town) == (
        "fail",
        "Terrain communal : non, Étretat, « Densité » 1, provisoire depuis le 1er janvier 2025, 2025, Insee",
    )


def test_two_islands_without_intercommunality_are_not_of_the_same():
    island = {"intercommunality_siren": "", "intercommunality_name": ""}
    together = commune("Ouessant", partners=(commune("Île-de-Sein", **island),), **island)
    assert said(rule("same_intercommunality"), together)[0] == "fail"
    assert said(rule("same_intercommunality"), commune("Ouessant", in_file=True, **island))[0] == "pass"
    assert said(rule("excluded", intercommunalities=["200065597"]), commune("Ouessant", **island)) == (
        "pass",
        "Terrain communal : oui, Ouessant n’est membre d’aucune intercommunalité, code officiel géographique 2026, Insee",
    )


def test_the_intercommunality_that_leads_is_of_its_own():
    body = Facts(name="LHSM", applicant_kind="intercommunality", siren="200084952", partners=(commune(),))
    assert said(rule("same_intercommunality"), body)[0] == "pass"
    assert said(rule("excluded", intercommunalities=["200084952"]), body) == ("fail", "Terrain communal : non, LHSM")


def test_a_member_whose_intercommunality_is_not_known_leaves_the_group_unknown():
    assert said(rule("same_intercommunality"), commune(partners=(Facts(name="Ici"),))) == (
        "unknown",
        "Terrain communal : à vérifier, l’intercommunalité n’est pas connue pour Ici",
    )


def test_a_joint_file_may_ask_for_its_intercommunality():
    subject = rule("joint", joint="needed", partner="intercommunality")
    group = Facts(name="LHSM", applicant_kind="intercommunality", siren="200084952")
    assert said(subject, commune(partners=(group,)))[0] == "pass"
    assert said(subject, commune(partners=(HARFLEUR,))) == (
        "fail",
        "Candidature commune demandée avec une intercommunalité : non, ici 2 candidats (Étretat, Harfleur)",
    )
    assert said(rule("joint", joint="forbidden"), commune(partners=(HARFLEUR,)))[0] == "fail"
    assert said(rule("joint", joint="forbidden"), commune(in_file=True))[0] == "pass"
    assert said(rule("joint", joint="allowed"), commune())[0] == "pass"


@pytest.mark.parametrize(
    ("asked", "outcome"),
    [
        ({"call": "places-2025"}, "fail"),
        ({"call": "autre"}, "pass"),
        ({"programme": "DPV", "edition": "2025", "track": "A"}, "fail"),
        ({"programme": "DPV", "edition": "2024"}, "pass"),
        ({"programme": "DPV", "track": "B"}, "pass"),
        ({"programme": "DPV", "wanted": True}, "pass"),
        ({"programme": "AUTRE", "wanted": True}, "fail"),
    ],
)
def test_an_earlier_selection_is_that_of_an_edition_or_of_a_track(asked, outcome):
    assert verdict_of(rule("selected_before", **asked), commune(selections=(SELECTED,))).outcome == outcome


def test_expenses_start_after_the_deposit_unless_the_call_gives_a_day():
    subject = rule("start", question="debut")
    early = commune(answers={"debut": "2027-02-28"}, received_on=DAY)
    assert said(subject, early) == (
        "fail",
        "Terrain communal : non, une dépense commence le 28 février 2027, avant le jour du dépôt, le 1er mars 2027",
    )
    assert said(subject, commune(answers={"debut": "2027-03-01"}, received_on=DAY))[0] == "pass"
    assert said(subject, commune(answers={"debut": "2027-03-01"}))[0] == "unknown"
    rows = [{"le": "2027-03-02"}, {"le": ""}]
    table = rule("start", question="depenses", column="le")
    assert said(table, commune(answers={"depenses": rows}, received_on=DAY))[0] == "unknown"
    assert said(table, commune(answers={"depenses": [*rows, {"le": "2027-01-01"}]}, received_on=DAY))[0] == "fail"


def test_a_number_that_cannot_be_read_is_not_known():
    subject = rule("cost", question="cout", at_least="10")
    for answer in ("beaucoup", True, "", None):
        assert verdict_of(subject, commune(answers={"cout": answer})).outcome == "unknown"


def test_a_declaration_without_question_awaits_the_service():
    assert said(rule("declaration"), commune()) == (
        "unknown",
        "À vérifier par le service instructeur : le terrain appartient à la commune",
    )
    assert said(rule("declaration", question="libre"), commune()) == (
        "unknown",
        "À déclarer par vous : le terrain appartient à la commune",
    )


@pytest.mark.parametrize(
    ("kind", "parameters", "message"),
    [
        ("members", {}, "ce nombre n’a pas de borne : écrivez par exemple at_least: 2 (ou at_most)."),
        ("members", {"at_least": "3", "at_most": "2"}, "« at_most » est plus petit que « at_least » : échangez-les."),
        (
            "joint",
            {"joint": "allowed", "partner": "commune"},
            "« partner » va avec joint: needed : retirez l’un des deux.",
        ),
        (
            "selected_before",
            {},
            "dites dans quel appel ou quel programme : écrivez par exemple programme: PVD (ou call).",
        ),
        (
            "cost",
            {"question": "cout"},
            "ce seuil n’a pas de borne : écrivez par exemple at_most: 100000 (ou below, at_least, above).",
        ),
    ],
)
def test_what_a_rule_cannot_do_without(kind, parameters, message):
    with pytest.raises(ValidationError) as caught:
        rule(kind, **parameters)
    assert [error["msg"] for error in caught.value.errors()] == [message]
