"""Each rule: its verdict and its very sentence, with its spaces."""

import pytest

from calls.conditions import Facts, Figure
from calls.definition.eligibility import parameters, read_rule
from calls.definition.identity import Perimeter
from calls.eligibility import Verdict, evaluate, overall
from tests.calls.rule_cases import commune, rule
from tests.calls.rule_cases import said as verdict

SMALL = {"population_kind": "municipale", "year": "2023", "below": "5000"}


def test_the_sentence_of_the_brief_to_the_very_space():
    (found,) = evaluate([rule("population", **SMALL)], commune())
    assert found == Verdict(
        "R1",
        "pass",
        "Moins de 5\u202f000\u00a0habitants\u00a0: 1\u202f102\u00a0habitants, population municipale 2023, Insee",
        "blocking",
        derogable=True,
        derogable_by="manager",
        label="Terrain communal",
    )


# --- perimeter ---------------------------------------------------------------------------------------------------


def test_perimeter_of_an_intercommunality():
    member = "Dans le périmètre de l’appel : Étretat est membre de Le Havre Seine Métropole, code officiel géographique 2026, Insee"
    assert verdict(rule("perimeter"), commune()) == ("pass", member)
    caen = commune("Caen", intercommunality_siren="200065597", intercommunality_name="Caen la Mer")
    outside = "Hors du périmètre de l’appel (Le Havre Seine Métropole) : Caen est membre de Caen la Mer, code officiel géographique 2026, Insee"
    assert verdict(rule("perimeter"), caen) == ("fail", outside)


def test_an_island_without_intercommunality_is_outside():
    ouessant = commune("Ouessant", intercommunality_siren="", intercommunality_name="")
    assert verdict(rule("perimeter"), ouessant) == (
        "fail",
        "Hors du périmètre de l’appel (Le Havre Seine Métropole) : Ouessant n’en fait pas partie, code officiel géographique 2026, Insee",
    )


def test_a_perimeter_that_nothing_tells():
    unknown = "Périmètre de l’appel : à vérifier, le rattachement n’est pas connu pour Étretat"
    assert verdict(rule("perimeter"), Facts(name="Étretat")) == ("unknown", unknown)
    assert verdict(rule("perimeter"), commune(), None) == ("unknown", unknown)


@pytest.mark.parametrize(
    ("kind", "inside", "outside"),
    [("department", "76", "14"), ("region", "28", "11"), ("communes", "76254", "76351")],
)
def test_other_perimeters(kind, inside, outside):
    near = Perimeter(kind=kind, codes=(inside,), label="Ici")
    far = Perimeter(kind=kind, codes=(outside,), label="Ailleurs")
    assert verdict(rule("perimeter"), commune(code_year=None), near) == (
        "pass",
        "Dans le périmètre de l’appel : Étretat, Ici",
    )
    assert verdict(rule("perimeter"), commune(code_year=None), far) == (
        "fail",
        "Hors du périmètre de l’appel (Ailleurs) : Étretat n’en fait pas partie",
    )


def test_the_intercommunality_itself_may_be_in_its_perimeter():
    body = Facts(name="Le Havre Seine Métropole", applicant_kind="intercommunality", siren="200084952")
    assert verdict(rule("perimeter"), body)[0] == "pass"


def test_a_commune_without_inhabitant_may_not_apply():
    assert verdict(rule("perimeter"), commune("Bezonvaux", inhabited=False)) == (
        "fail",
        "Bezonvaux n’a aucun habitant : elle ne peut pas candidater",
    )


# --- population --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("population", "effect", "outcome", "sentence"),
    [
        (4999, "blocking", "pass", "Moins de 5 000 habitants : 4 999 habitants, population municipale 2023, Insee"),
        (
            5000,
            "blocking",
            "fail",
            "Moins de 5 000 habitants : non, 5 000 habitants, population municipale 2023, Insee",
        ),
        (
            8289,
            "warning",
            "warning",
            "Moins de 5 000 habitants : non, 8 289 habitants, population municipale 2023, Insee",
        ),
        (
            8289,
            "informative",
            "warning",
            "Moins de 5 000 habitants : non, 8 289 habitants, population municipale 2023, Insee",
        ),
        (1, "blocking", "pass", "Moins de 5 000 habitants : 1 habitant, population municipale 2023, Insee"),
        (
            None,
            "blocking",
            "unknown",
            "Moins de 5 000 habitants : à vérifier, la population municipale 2023 n’est pas connue pour Étretat",
        ),
    ],
)
def test_population(population, effect, outcome, sentence):
    assert verdict(rule("population", effect, **SMALL), commune(population=population)) == (outcome, sentence)


def test_a_threshold_without_kind_or_year_cannot_be_told():
    assert verdict(rule("population", below="5000"), commune()) == (
        "unknown",
        "Moins de 5 000 habitants : à vérifier, l’appel ne dit pas quelle population, ni de quelle année",
    )


def test_the_population_may_be_that_of_the_intercommunality():
    """T5: a threshold says whose population it bears on."""
    serres = commune(
        "Serres",
        1298,
        intercommunality_name="CC du Sisteronais-Buëch",
        intercommunality_populations={("municipale", 2023): Figure(25_482, "Insee")},
    )
    below = {"population_kind": "municipale", "year": "2023", "below": "20000"}
    assert verdict(rule("population", **below), serres)[0] == "pass"
    assert verdict(rule("population", of="intercommunality", **below), serres) == (
        "fail",
        "Moins de 20 000 habitants : non, CC du Sisteronais-Buëch, 25 482 habitants, population municipale 2023, Insee",
    )


# --- who, how many, what is answered -----------------------------------------------------------------------------


def test_kinds_of_applicants():
    subject = rule("applicant_kind", kinds=["commune", "intercommunality"])
    assert verdict(subject, commune()) == ("pass", "Candidat admis : une commune")
    assert verdict(subject, commune(applicant_kind="region")) == (
        "fail",
        "Candidat attendu, une commune ou une intercommunalité : ici une région",
    )


def test_one_application_by_commune():
    subject = rule("max_applications", group_max="3")
    assert verdict(subject, commune()) == ("pass", "Une candidature par commune : c’est le cas")
    assert verdict(subject, commune(other_files=("",))) == (
        "fail",
        "Une candidature par commune : Étretat participe déjà à une autre candidature",
    )
    assert verdict(subject, commune(other_files=("TPS-2027-0007",))) == (
        "fail",
        "Une candidature par commune : Étretat participe déjà à la candidature TPS-2027-0007",
    )
    assert verdict(rule("max_applications", max="2"), commune(other_files=("TPS-2027-0007", ""))) == (
        "fail",
        "2 candidatures par commune au plus : Étretat participe déjà à 2 autres candidatures (TPS-2027-0007)",
    )
    assert verdict(subject, commune(other_files=None)) == (
        "unknown",
        "Une candidature par commune : à vérifier quand la candidature commence",
    )


def test_answers():
    subject = rule("answer", question="propriete", one_of=["communale", "acquisition"])
    assert verdict(subject, commune()) == ("unknown", "À vérifier par vous : le terrain appartient à la commune")
    assert verdict(subject, commune(answers={"propriete": "communale"})) == (
        "pass",
        "Terrain communal : oui, d’après la réponse de la commune",
    )
    assert verdict(subject, commune(answers={"propriete": "prive"})) == (
        "fail",
        "Terrain communal : non, d’après la réponse de la commune",
    )


def test_what_only_a_person_can_tell():
    assert verdict(rule("judgement"), commune()) == (
        "unknown",
        "À apprécier par le service instructeur : le terrain appartient à la commune",
    )


# --- joint files -------------------------------------------------------------------------------------------------


def test_in_a_joint_file_each_commune_satisfies_the_rules():
    partner = commune("Harfleur", 8289)
    joint = commune(partners=(partner,))
    assert verdict(rule("population", **SMALL), joint) == (
        "fail",
        "Moins de 5 000 habitants : non, Harfleur, 8 289 habitants, population municipale 2023, Insee",
    )
    stranger = commune("Caen", intercommunality_siren="200065597", intercommunality_name="Caen la Mer")
    assert verdict(rule("perimeter"), commune(partners=(stranger,)))[0] == "fail"
    unknown = commune("Bénouville", None)
    assert verdict(rule("population", **SMALL), commune(partners=(unknown,)))[0] == "unknown"
    small = commune("Bénouville", 168)
    assert verdict(rule("population", **SMALL), commune(partners=(small,))) == (
        "pass",
        "Moins de 5 000 habitants : Étretat, 1 102 habitants, population municipale 2023, Insee",
    )


def test_the_size_of_a_joint_file():
    subject = rule("max_applications", group_max="3")
    others = tuple(commune(name) for name in ("Bénouville", "Le Tilleul", "Vergetot"))
    assert verdict(subject, commune(partners=others[:2])) == (
        "pass",
        "Une candidature par commune : c’est le cas, groupée à 3 communes",
    )
    assert verdict(subject, commune(partners=others)) == ("fail", "Candidature groupée, 3 communes au plus : ici 4")
    busy = commune("Bénouville", other_files=("",))
    assert verdict(subject, commune(partners=(busy,))) == (
        "fail",
        "Une candidature par commune : Bénouville participe déjà à une autre candidature",
    )


# --- together ----------------------------------------------------------------------------------------------------


def outcomes(*pairs: tuple[str, str]) -> list[Verdict]:
    return [Verdict(f"R{n}", outcome, "", effect) for n, (outcome, effect) in enumerate(pairs)]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], "eligible"),
        ([("pass", "blocking"), ("warning", "warning")], "eligible"),
        ([("pass", "blocking"), ("unknown", "warning")], "eligible"),
        ([("pass", "blocking"), ("unknown", "informative")], "eligible"),
        ([("pass", "blocking"), ("unknown", "blocking")], "to_check"),
        ([("unknown", "blocking"), ("fail", "blocking")], "ineligible"),
    ],
)
def test_overall(pairs, expected):
    assert overall(outcomes(*pairs)) == expected


def test_a_rule_applies_only_under_its_condition():
    condition = {"kind": "applicant", "kinds": ["intercommunality"]}
    subject = rule("judgement", condition=condition)
    assert evaluate([subject], commune()) == []
    unknown = rule("judgement", condition={"kind": "track", "codes": ["A"]})
    assert [found.outcome for found in evaluate([unknown], commune())] == ["unknown"]


def test_a_rule_comes_back_from_its_row():
    subject = rule("population", condition={"kind": "track", "codes": ["A"]}, **SMALL)
    again = read_rule(
        code=subject.code,
        kind=subject.kind,
        label=subject.label,
        effect=subject.effect,
        derogable=subject.derogable,
        parameters=parameters(subject),
    )
    assert again == subject
    assert set(parameters(subject)) == {"sentence", "population_kind", "year", "below", "condition"}
