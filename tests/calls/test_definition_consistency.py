"""What only the whole call shows: each contradiction with its sentence and its line."""

import pytest

from calls.definition.consistency import CHECKS, inconsistencies
from calls.definition.reading import read
from calls.definition.selection import group_heads
from tests.calls.documents import SMALL, altered, errors, line_of, small

GRID = "grid:\n  mode: numeric"
ETAT = "        label: Où en est le projet ?\n"
TITRE = "        label: Titre du projet\n"


def before_grid(added: str) -> str:
    return altered((GRID, f"{added}\n{GRID}"))


def check(text: str, *expected: tuple[str, str]) -> None:
    assert errors(text) == [(line_of(text, words), message) for words, message in expected]


# --- codes -------------------------------------------------------------------------------------------------------


def test_a_code_serves_once():
    check(altered(("code: C2", "code: C1 # bis")), ("C1 # bis", "le code « C1 » est déjà pris : donnez un code différent à chacun."))  # fmt: skip
    check(altered(("code: travaux", "code:  idee")), ("code:  idee", "le code « idee » est déjà pris : donnez un code différent à chacun."))  # fmt: skip
    check(altered(("code: etat\n", "code: titre # bis\n")), ("titre # bis", "le code « titre » est déjà pris : donnez un code différent à chacun."))  # fmt: skip


def test_a_question_code_serves_once_in_all_sections():
    section = "  - code: suite\n    title: La suite\n    questions:\n      - {code: titre, kind: text, label: Encore}\n"
    check(
        altered((GRID, section + GRID)),
        ("{code: titre", "le code « titre » est déjà pris : donnez un code différent à chacun."),
    )


@pytest.mark.parametrize(
    "items",
    [
        "tracks:\n  - {code: A, label: Un}\n  - {code:  A, label: Deux}",
        "calendar:\n  - {code: jury, when: 2027-09-01}\n  - {code:  jury, when: 2027-09-02}",
        "undertakings:\n  - {code: A, label: Un}\n  - {code:  A, label: Deux}",
        "outcomes:\n  - {code: selected, label: Un}\n  - {code:  selected, label: Deux}",
        "phases:\n  - {code: A, title: Un, first_month: 1, last_month: 1}\n  - {code:  A, title: Deux, first_month: 1, last_month: 1}",
    ],
)
def test_every_list_of_coded_items_is_watched(items):
    text = before_grid(items)
    assert [line for line, _ in errors(text)] == [line_of(text, "{code:  ")]


# --- time and place ----------------------------------------------------------------------------------------------


def test_a_window_closes_after_it_opens():
    text = altered(("closes_at: 2027-06-30 23:59:59", "closes_at: 2027-01-15 09:00:00"))
    check(text, ("closes_at", "la clôture doit venir après l’ouverture."))


def test_a_window_of_an_unknown_track():
    text = altered(("  - code: W1\n", "  - code: W1\n    track: A\n"))
    check(text, ("track: A", "« A » n’est le code d’aucun volet : il n’y en a pas."))


def test_a_free_milestone_has_a_name():
    check(
        before_grid("calendar:\n  - {code: visite, when: 2027-09-01}"),
        ("code: visite", "« visite » n’est pas une étape connue : donnez-lui un nom par « label: … »."),
    )
    assert errors(before_grid("calendar:\n  - {code: visite, when: 2027-09-01, label: Visite}")) == []


@pytest.mark.parametrize(
    ("kind", "wrong", "right", "example"),
    [
        ("intercommunality", "200084953", "200084952", "200084952 (SIREN)"),
        ("department", "Seine", "2A", "76 ou 974"),
        ("region", "282", "28", "28"),
        ("communes", "7625", "2A004", "76254"),
    ],
)
def test_codes_of_a_perimeter(kind, wrong, right, example):
    text = altered(("kind: intercommunality", f"kind: {kind}"), ('codes: ["200084952"]', f"codes: [{right}, {wrong}]"))
    check(text, ("codes: [", f"« {wrong} » n’est pas un code de cette sorte : écrivez par exemple {example}."))


def test_strata_do_not_overlap():
    strata = "strata:\n  - {{code: S1, label: Un, year: 2023, upper: {0}}}\n  - {{code: S2, label: Deux, year: 2023, lower: 500}}"
    assert errors(before_grid(strata.format(500))) == []
    check(
        before_grid(strata.format(501)),
        ("code: S2", "« S2 » et « S1 » se recouvrent : la borne haute n’est pas comprise."),
    )
    check(
        before_grid("strata:\n  - {code: S1, label: Un, year: 2023, lower: 5, upper: 5}"),
        ("code: S1", "la borne haute doit dépasser la borne basse."),
    )


def test_an_open_stratum_overlaps_what_is_above():
    text = before_grid(
        "strata:\n  - {code: S1, label: Un, year: 2023}\n  - {code: S2, label: Deux, year: 2023, lower: 500}"
    )
    assert [line for line, _ in errors(text)] == [line_of(text, "code: S2")]


# --- form --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "kind"), [("max_length: 3", "single"), ("min: 3", "text"), ("max: 3", "text"), ("unit: m", "text")]
)
def test_a_key_without_meaning_for_the_kind(key, kind):
    anchor = ETAT if kind == "single" else TITRE
    name = key.split(":")[0]
    text = altered((anchor, f"{anchor}        {key}\n"))
    check(text, (key, f"« {name} » n’a pas de sens pour « {kind} » : retirez-le."))


def test_options_belong_to_choices():
    text = altered(("kind: single", "kind: yes_no"))
    check(text, ("options:", "« options » n’a pas de sens pour « yes_no » : retirez-le."))
    text = altered(("          - {code: travaux, label: En travaux}\n", ""))
    check(text, ("code: etat", "un choix a au moins deux réponses : ajoutez-les sous « options: »."))


def test_bounds_of_a_number():
    number = "      - {code: n, kind: number, label: Un nombre, min: 3, max: 2}\n"
    text = altered((TITRE, TITRE + number))
    check(text, ("code: n,", "« max » est plus petit que « min »."))


def test_one_title():
    text = altered((TITRE, f"{TITRE}        project_title: true\n"), (ETAT, f"{ETAT}        project_title: oui\n"))
    check(text, ("project_title: oui", "une seule question donne son titre au projet."))


def test_pieces():
    piece = "pieces:\n  - code: PLAN\n    label: Plan\n    {}"
    check(
        before_grid(piece.format("min_count: 3\n    max_count: 2")),
        ("max_count", "« max_count » est plus petit que « min_count »."),
    )
    check(
        before_grid(piece.format("need: conditional")),
        ("code: PLAN", "une pièce « conditional » dit quand elle est demandée : ajoutez « condition: »."),
    )
    check(
        before_grid(piece.format("need: optional\n    condition: {kind: applicant, kinds: [commune]}")),
        ("need: optional", "cette pièce a une condition : écrivez « need: conditional »."),
    )
    check(
        before_grid(piece.format("promised_until: 2027-06-29")),
        ("promised_until", "la pièce promise serait due avant la clôture."),
    )
    assert errors(before_grid(piece.format("promised_until: 2027-06-30"))) == []


# --- conditions --------------------------------------------------------------------------------------------------


def question_if(condition: str) -> str:
    return altered((TITRE, f"{TITRE}        condition: {condition}\n"))


def piece_if(condition: str) -> str:
    return before_grid(f"pieces:\n  - code: PLAN\n    label: Plan\n    need: conditional\n    condition: {condition}")


def test_a_condition_bears_on_an_earlier_question():
    check(
        question_if("{kind: answer, question: etat, equals: idee}"),
        ("question: etat", "« etat » n’est demandé que plus loin : une condition porte sur une question précédente."),
    )
    check(
        question_if("{kind: answer, question: titre, equals: x}"),
        ("question: titre", "« titre » n’est demandé que plus loin : une condition porte sur une question précédente."),
    )


def test_a_condition_names_what_exists():
    check(
        piece_if("{kind: answer, question: rien, equals: x}"),
        ("question: rien", "aucune question n’a le code « rien » : vérifiez-le."),
    )
    check(
        piece_if("{kind: answer, question: etat, one_of: [idee, fini]}"),
        ("question: etat", "« fini » n’est pas une réponse de « etat » : ses codes sont idee, travaux."),
    )
    check(piece_if("{kind: track, codes: [A]}"), ("codes: [A]", "« A » n’est le code d’aucun volet : il n’y en a pas."))
    check(
        piece_if("{kind: stratum, codes: [A]}"),
        ("codes: [A]", "« A » n’est le code d’aucune strate : il n’y en a pas."),
    )


def test_a_condition_is_watched_in_depth():
    condition = "{kind: all, terms: [{kind: not, term: {kind: any, terms: [{kind: track, codes: [A]}]}}]}"
    assert [message for _, message in errors(piece_if(condition))] == [
        "« A » n’est le code d’aucun volet : il n’y en a pas."
    ]


def test_conditions_without_comparison_or_bound():
    check(
        piece_if("{kind: answer, question: etat}"),
        (
            "kind: answer",
            "rien n’est comparé : écrivez par exemple equals: oui (ou one_of, includes, at_least, at_most).",
        ),
    )
    check(
        piece_if("{kind: population, year: 2023}"),
        (
            "kind: population",
            "ce seuil n’a pas de borne : écrivez par exemple below: 5000 (ou at_most, at_least, above).",
        ),
    )


def test_an_eligibility_rule_names_a_question():
    rule = "  - kind: answer\n    code: R2\n    label: État\n    sentence: Pas commencé.\n    question: {}\n    equals: {}\n"
    anchor = "    sentence: La commune est membre de l’intercommunalité.\n"
    check(
        altered((anchor, anchor + rule.format("rien", "x"))),
        ("question: rien", "aucune question n’a le code « rien » : vérifiez-le."),
    )
    check(
        altered((anchor, anchor + rule.format("etat", "fini"))),
        ("  - kind: answer", "« fini » n’est pas une réponse de « etat » : ses codes sont idee, travaux."),
    )
    assert errors(altered((anchor, anchor + rule.format("etat", "idee")))) == []


# --- grid and jury -----------------------------------------------------------------------------------------------

CRITERIA = SMALL[SMALL.index("  criteria:") : SMALL.index("decision:")]


def test_grids():
    check(
        altered((CRITERIA, "")),
        ("grid:", "cette grille n’a pas de critère : ajoutez « criteria: », ou écrivez « mode: none »."),
    )
    assert errors(altered((GRID + "\n" + CRITERIA, "grid:\n  mode: none\n"))) == []
    check(altered(("mode: numeric", "mode: none")), ("  criteria:", "un appel sans grille n’a pas de critère : retirez-les."))  # fmt: skip
    check(altered(("mode: numeric", "mode: qualitative")), ("grid:", "une grille par niveaux en a au moins deux : ajoutez « levels: »."))  # fmt: skip
    check(altered(("      points: 60\n", "")), ("code: C1", "un critère chiffré a des points : écrivez par exemple « points: 25 »."))  # fmt: skip
    check(altered(("points: 60", "points: 60\n      knockout: 60.5")), ("knockout", "le minimum dépasse les points du critère."))  # fmt: skip
    check(altered(("mode: numeric", "mode: numeric\n  tie_break: C9")), ("tie_break", "« C9 » n’est le code d’aucun critère : C1, C2."))  # fmt: skip
    check(altered(("mode: numeric", "mode: numeric\n  scale_labels: {0: nul, 6: parfait}")), ("scale_labels", "6 est hors de l’échelle, de 0 à 5."))  # fmt: skip


def test_the_sub_criteria_of_a_group_follow_one_another():
    of = "      part_of: Ensemble\n"
    third = "    - code: C3\n      label: Tiers\n      points: 10\n      sections: [projet]\n"
    apart = altered(("      points: 60\n", f"      points: 50\n{of}"), ("decision:\n", f"{third}{of}decision:\n"))
    problem = "les sous-critères de « Ensemble » ne se suivent pas : rapprochez-les."
    assert [message for _, message in errors(apart)] == [problem]
    together = altered(
        ("      points: 60\n", f"      points: 60\n{of}"), ("      points: 40\n", f"      points: 40\n{of}")
    )
    assert errors(together) == []
    assert group_heads(read(together).grid.criteria) == {"C1": 100}


def test_a_criterion_names_a_section():
    text = altered(("points: 60\n      sections: [projet]", "points: 60\n      sections: [autre]"))
    check(text, ("sections: [autre]", "« autre » n’est le code d’aucune section : projet."))


def jury(*marks: str, rules: str = "quorum: 2") -> str:
    seats = "".join(f"    - {{code: V{n}, label: Siège, college: Élus{mark}}}\n" for n, mark in enumerate(marks, 1))
    return before_grid(f"jury:\n  {rules}\n  seats:\n{seats}".rstrip())


def test_juries():
    president = ", president: true"
    assert errors(jury(president, "", "")) == []
    one = "la voix prépondérante demande une présidence et une seule : écrivez « president: true » sur un siège."
    check(jury("", ""), ("jury:", one))
    check(jury(president, president), ("jury:", one))
    assert errors(jury("", "", rules="quorum: 2\n  casting_vote: non")) == []
    check(
        jury(president, "", ", voting: false", rules="quorum: 3"),
        ("quorum: 3", "le quorum dépasse le nombre de voix délibératives (2)."),
    )
    check(
        jury(f"{president}, voting: false", "", ""),
        ("code: V1", "la présidence a voix délibérative."),
    )


# --- what follows ------------------------------------------------------------------------------------------------


def test_phases():
    phase = "phases:\n  - {{code: P1, title: Un, first_month: {}, last_month: {}}}"
    check(before_grid(phase.format(3, 2)), ("code: P1", "la phase finit avant de commencer."))
    check(before_grid(phase.format(3, 13)), ("code: P1", "la phase dépasse la durée de l’accompagnement (12 mois)."))


def agreement(paragraph: str) -> str:
    return before_grid(
        f"agreement:\n  title: Convention\n  months: 12\n  recitals: ['Vu {{acte}} ;']\n  articles:\n"
        f"    - code: A1\n      title: Objet\n      paragraphs:\n        - '{paragraph}'"
    )


def test_merge_fields():
    assert errors(agreement("La commune {de_la_commune} et {organisateur}.")) == []
    text = agreement("La commune {comune}.")
    assert [(line, message.split(" : ")[0]) for line, message in errors(text)] == [
        (line_of(text, "{comune}"), "« {comune} » n’est pas un champ connu")
    ]
    text = agreement("La commune {commune.")
    check(text, ("{commune.", "une accolade est seule : un champ s’écrit « {commune} »."))


def test_every_check_is_silent_on_a_right_call():
    document = small()
    assert {check.__name__: list(check(document)) for check in CHECKS} == {check.__name__: [] for check in CHECKS}
    assert inconsistencies(document) == []


# --- money, strata, references --------------------------------------------------------------------------------------


def with_money(cuts: str) -> str:
    return altered(("windows:\n", f"partners:\n  - {{code: REG, name: Région, role: funder}}\nmoney:\n  total: 1000\n  cuts:\n{cuts}windows:\n"))  # fmt: skip


def test_the_shares_of_an_axis_make_the_total():
    check(
        with_money("    - {axis: funder, shares: [{code: REG, label: Région, amount: 900.5}]}\n"),
        ("axis: funder", "les parts font 900,50 € : il manque 99,50 € pour le total."),
    )
    check(
        with_money("    - {axis: department, shares: [{code: '05', label: Alpes, amount: 1000.01}]}\n"),
        ("axis: department", "les parts font 1 000,01 € : il est en trop 0,01 € pour le total."),
    )
    check(
        with_money("    - {axis: funder, shares: [{code: DEP, label: Département, amount: 1000}]}\n"),
        ("code: DEP", "« DEP » n’est le code d’aucun partenaire : REG."),
    )


def test_a_floor_lies_under_its_ceiling():
    check(
        altered(("windows:\n", "money:\n  grants:\n    - {code: G, label: Étude, kind: study, rate: 60, ceiling: 100, floor: 200}\nwindows:\n")),
        ("code: G", "le plancher dépasse le plafond."),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("stratum", "sentence"),
    [
        ("{code: S1, label: Bourgs}", "une strate « population » a besoin de « year » : écrivez par exemple year: 2023."),
        ("{code: S1, label: Bourgs, kind: communes}", "une strate « communes » a besoin de « communes » : écrivez par exemple communes: [\"76254\"]."),
        ("{code: S1, label: Bourgs, kind: applicant}", "une strate « applicant » a besoin de « kinds » : écrivez par exemple kinds: [intercommunality]."),
        ("{code: S1, label: Bourgs, kind: perimeter, perimeter: {kind: department, codes: [x]}}", "« x » n’est pas un code de cette sorte : écrivez par exemple 76 ou 974."),
    ],
)  # fmt: skip
def test_a_stratum_says_how_it_is_defined(stratum, sentence):
    check(altered(("eligibility:\n", f"strata:\n  - {stratum}\neligibility:\n")), ("label: Bourgs", sentence))


def test_a_question_of_its_kind_has_what_it_needs():
    def asked(question: str) -> str:
        return altered(("      - code: etat\n", f"      - {question}\n      - code: etat\n"))

    check(asked("{code: t, kind: table, label: Actions}"), ("code: t,", "un tableau a des colonnes : ajoutez-les sous « columns: »."))  # fmt: skip
    check(asked("{code: f, kind: file, label: Plan, piece: P9}"), ("code: f,", "« P9 » n’est le code d’aucune pièce : il n’y en a pas."))  # fmt: skip
    check(
        asked("{code: o, kind: operations, label: Opérations, max_rows: 11}"),
        ("code: o,", "une candidature a 10 opérations au plus : écrivez « max_rows: »."),
    )
    check(
        asked("{code: o, kind: operations, label: Opérations, min_rows: 3, max_rows: 2}"),
        ("code: o,", "« max_rows » est plus petit que « min_rows »."),
    )
    check(
        asked("{code: t, kind: table, label: Actions, min_rows: 3, max_rows: 2, columns: [{code: a, label: A}]}"),
        ("code: t,", "« max_rows » est plus petit que « min_rows »."),
    )


def test_an_informational_criterion_counts_for_nothing():
    check(
        altered(("      points: 60\n", "      informational: true\n      points: 60\n")),
        ("code: C1", "un critère pour information n’a ni points ni minimum : retirez-les."),
    )


def test_access_says_to_whom():
    check(altered(("eligibility:\n", "access: {kind: invitation}\neligibility:\n")), ("access:", "un appel sur invitation dit qui est invité : ajoutez « invited: »."))  # fmt: skip
    check(altered(("eligibility:\n", "access: {kind: signatories}\neligibility:\n")), ("access:", "dites de quel appel il faut avoir signé la convention : ajoutez « call: »."))  # fmt: skip


# --- reminders ---------------------------------------------------------------------------------------------------


def reminder(about: str, days: int, at: str = "09:00", code: str = "R1") -> str:
    return f'  - {{code: {code}, about: {about}, days: {days}, at: "{at}"}}'


@pytest.mark.parametrize(
    ("about", "days", "message"),
    [
        ("draft_not_deposited", 1, "un brouillon ne se dépose plus après la clôture : écrivez un nombre négatif, par exemple -7."),
        ("assessment_missing", 0, "les notes se ferment à l’ouverture de la séance : écrivez un nombre négatif, par exemple -7."),
        ("assessment_missing", 3, "les notes se ferment à l’ouverture de la séance : écrivez un nombre négatif, par exemple -7."),
    ],
)  # fmt: skip
def test_a_reminder_after_its_term_is_refused(about, days, message):
    check(before_grid(f"reminders:\n{reminder(about, days)}"), ("{code: R1", message))
    assert errors(before_grid(f"reminders:\n{reminder(about, -1)}")) == []


def test_the_same_reminder_twice_is_refused():
    twice = f"reminders:\n{reminder('milestone_due', 2)}\n{reminder('milestone_due', 2, code='R2')}"
    check(
        before_grid(twice),
        ("{code: R2", "une autre relance dit la même chose au même moment : gardez-en une."),
    )


# --- eligibility rules -------------------------------------------------------------------------------------------

ASKED = (
    "          - {code: travaux, label: En travaux}\n",
    """          - {code: travaux, label: En travaux}
      - {code: debut, kind: date, label: Début}
      - {code: cout, kind: money, label: Coût}
      - {code: plan, kind: table, label: Plan, columns: [{code: quoi, label: Quoi}, {code: le, label: Le, kind: date}, {code: prix, label: Prix, kind: money}]}
      - {code: ops, kind: operations, label: Opérations, max_rows: 3}
""",
)


def with_rule(rule: str) -> str:
    head = "code: R9, label: Règle, sentence: Une règle."
    return altered(ASKED, ("sections:\n  - code: projet", f"  - {{{rule}, {head}}}\nsections:\n  - code: projet"))


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("kind: start, question: nulle", "aucune question n’a le code « nulle » : vérifiez-le."),
        ("kind: start, question: titre", "« titre » n’est pas une date : choisissez une autre question."),
        ("kind: start, question: debut, column: le", "« debut » n’est pas un tableau : retirez « column »."),
        ("kind: start, question: plan", "dites quelle colonne de « plan » porte une date, par « column » : le."),
        (
            "kind: start, question: plan, column: prix",
            "dites quelle colonne de « plan » porte une date, par « column » : le.",
        ),
        ("kind: cost, question: debut, at_most: 10", "« debut » n’est pas un nombre : choisissez une autre question."),
        (
            "kind: duration, question: plan, column: le, at_most: 10",
            "dites quelle colonne de « plan » porte un nombre, par « column » : prix.",
        ),
        (
            "kind: cost, question: ops, column: start, at_most: 10",
            "dites quelle colonne de « ops » porte un nombre, par « column » : asked, cost, eligible, months.",
        ),
        ("kind: start, question: ops", "dites quelle colonne de « ops » porte une date, par « column » : end, start."),
        (
            "kind: declaration, question: nulle",
            "« nulle » n’est le code d’aucune question : cout, debut, etat, ops, plan, titre.",
        ),
        (
            "kind: place, place: {kind: department, codes: [76254], label: Ici}",
            "« 76254 » n’est pas un code de cette sorte : écrivez par exemple 76 ou 974.",
        ),
        (
            'kind: cost, question: cout, at_most: 10, shown: "Non, {annee}."',
            "« {annee} » n’est pas un champ de cette règle : les champs sont {candidat}, {chiffre}, {seuil}.",
        ),
        (
            'kind: cost, question: cout, at_most: 10, shown: "Non, {chiffre}{."',
            "une accolade est seule : un champ s’écrit « {chiffre} ».",
        ),
    ],
)
def test_a_rule_that_names_what_is_not_there(rule, message):
    assert [found for _, found in errors(with_rule(rule))] == [message]


@pytest.mark.parametrize(
    "rule",
    [
        "kind: start, question: debut",
        "kind: start, question: plan, column: le",
        "kind: start, question: ops, column: start",
        "kind: cost, question: ops, column: cost, at_most: 10",
        "kind: duration, question: ops, column: months, below: 36",
        "kind: cost, question: cout, at_most: 10",
        "kind: duration, question: plan, column: prix, below: 12",
        "kind: declaration, question: etat",
        "kind: declaration",
        'kind: cost, question: cout, at_most: 10, shown: "{candidat} : {chiffre} pour {seuil}."',
    ],
)
def test_a_rule_that_is_right(rule):
    assert errors(with_rule(rule)) == []
