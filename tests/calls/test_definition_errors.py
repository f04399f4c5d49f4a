"""Each error of form: its exact sentence and its line. Keys, choices, texts, numbers, dates."""

import pytest

from calls.definition.reading import BadDocument, read
from tests.calls.documents import SMALL, altered, errors, line_of, ordinary

CLOSES = "closes_at: 2027-06-30 23:59:59"
WHOLE = "    code: R1\n"


def check(text: str, *expected: tuple[str, str]) -> None:
    """`expected`: words that stand once on the line of each error, and its sentence."""
    assert errors(text) == [(line_of(text, words), message) for words, message in expected]


def test_the_small_call_is_right():
    assert errors(SMALL) == []


# --- keys --------------------------------------------------------------------------------------------------------


def test_a_missing_key_gives_an_example():
    check(
        altered(("code_prefix: DPV\n", "")),
        ("format: 1", "« code_prefix » manque : écrivez par exemple « code_prefix: TPS »."),
    )
    check(
        altered(("  signatory: Le Président\n", "")),
        ("decision:", "« signatory » manque : écrivez par exemple « signatory: … »."),
    )


def test_a_missing_group_and_a_missing_list_say_how_to_write_them():
    text = altered(("support:\n  kinds: [method]\n  text: Un an d’accompagnement.\n  months: 12\n", ""))
    check(text, ("format: 1", "« support » manque : ajoutez la ligne « support: » et ses clés en retrait dessous."))
    text = altered(('  codes: ["200084952"]\n', ""))
    check(
        text,
        (
            "perimeter:\n",
            "« codes » manque : ajoutez la ligne « codes: » et au moins une ligne « - » en retrait dessous.",
        ),
    )


def test_an_unknown_key_is_brought_to_the_nearest_or_to_the_list():
    check(altered(("label: Intérêt", "labbel: Intérêt\n      label: Intérêt")), ("labbel", "« labbel » n’est pas connu : écrivez « label »."))  # fmt: skip
    check(
        altered(("  months: 12\n", "  months: 12\n  budget: 3\n")),
        (
            "budget: 3",
            "« budget » n’est pas connu : les clés admises ici sont kinds, text, months, max_months et themes.",
        ),
    )


def test_an_unknown_key_in_a_variant_and_a_list_names_the_keys_of_that_variant():
    check(
        altered((WHOLE, WHOLE + "    zzz: 1\n")),
        (
            "zzz: 1",
            "« zzz » n’est pas connu : les clés admises ici sont code, label, sentence, effect, derogable, derogable_by, shown, condition et kind.",
        ),
    )


def test_an_unknown_key_does_not_hide_a_contradiction():
    text = altered(
        ("format: 1", "format: 1\nfoo: 1"), ("sections: [projet]\n    - code: C2", "sections: [rien]\n    - code: C2")
    )
    assert [line for line, _ in errors(text)] == [2, line_of(text, "sections: [rien]")]


def test_a_rule_without_kind_and_one_of_an_unknown_kind():
    check(
        altered(("  - kind: perimeter\n    code: R1\n", "  - code: R1\n")),
        ("code: R1", "« kind » manque : écrivez de quelle sorte il s’agit, par exemple « kind: population »."),
    )
    check(
        altered(("kind: perimeter", "kind: perimetre")),
        (
            "kind: perimetre",
            "« perimetre » n’est pas admis : écrivez perimeter, place, excluded, attribute, same_intercommunality, population, applicant_kind, members, joint, max_applications, selected_before, answer, start, cost, duration, declaration ou judgement.",
        ),
    )


def test_a_choice_lists_what_is_admitted():
    check(
        altered(("kind: intercommunality", "kind: epci")),
        (
            "kind: epci",
            "« epci » n’est pas admis : écrivez intercommunality, department, region, communes, canton, district, basin, massif, constituency ou grouping.",
        ),
    )


def test_a_list_where_a_group_stands_and_the_reverse():
    check(altered(("  kinds: [method]", "  kinds: method")), ("kinds: method", "une liste est attendue ici : une ligne par élément, qui commence par « - »."))  # fmt: skip
    check(altered(("programme:\n  code: DPV\n  title: Des places à vivre", "programme: DPV")), ("programme: DPV", "un groupe de clés est attendu ici, en retrait sous la clé."))  # fmt: skip
    check(altered(("  mode: numeric", "  mode: numeric\n  scale_labels: bien")), ("scale_labels: bien", "un groupe de clés est attendu ici, en retrait sous la clé."))  # fmt: skip


def test_an_empty_list_asks_for_one_item():
    check(altered(("kinds: [method]", "kinds: []")), ("kinds: []", "il en faut au moins 1 : ajoutez une ligne qui commence par « - »."))  # fmt: skip


# --- texts and codes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("signatory: Le Président", "signatory: ''", "ce texte est vide : écrivez-le, ou retirez la ligne."),
        ("signatory: Le Président", "signatory: [a]", "un texte est attendu ici, pas une liste ni un groupe de clés."),
        ("signatory: Le Président", f"signatory: {'a' * 151}", "ce texte est trop long, 151 caractères : 150 au plus."),
        ("code: C1", "code: 1C", "« 1C » n’est pas admis : un code commence par une lettre, puis lettres sans accent, chiffres et « _ » ; écrivez par exemple C1."),
        ("slug: des-places-a-vivre-2027", "slug: Des places", "« Des places » n’est pas admis : écrivez en minuscules sans accent, mots joints par des tirets, par exemple territoire-de-sante-2027."),
        ("code_prefix: DPV", "code_prefix: d", "« d » n’est pas admis : écrivez deux à huit majuscules ou chiffres, par exemple TPS."),
        ("mail: places@exemple.fr", "mail: places", "« places » n’est pas admis : écrivez une adresse, par exemple ami@exemple.fr."),
        ("phone: 02 35 00 00 00", "phone: 12", "« 12 » n’est pas admis : écrivez dix chiffres, par exemple 02 35 00 00 00."),
        ('siren: "200084952"', "siren: 2000849", "« 2000849 » n’est pas un SIREN : écrivez ses neuf chiffres, par exemple 200084952."),
        ('siren: "200084952"', "siren: 200084953", "« 200084953 » n’est pas un SIREN : sa clé est fausse, un chiffre est sans doute mal recopié."),
    ],
)  # fmt: skip
def test_texts_and_codes(old, new, message):
    check(altered((old, new)), (new, message))


# --- numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("beaucoup", "« beaucoup » n’est pas un nombre entier : écrivez par exemple 5000, sans espace ni unité."),
        ("1 200", "« 1 200 » n’est pas un nombre entier : écrivez par exemple 1200, sans espace ni unité."),
        ("12.5", "« 12.5 » n’est pas un nombre entier : écrivez par exemple 5000, sans espace ni unité."),
        ("0", "0 est trop petit : écrivez 1 au moins."),
        ("300", "300 est trop grand : écrivez 240 au plus."),
    ],
)
def test_whole_numbers(new, message):
    check(altered(("months: 12", f"months: {new}")), (f"months: {new}", message))


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("12,5", "« 12,5 » n’est pas un nombre : écrivez par exemple 12.5, sans espace ni unité."),
        ("moitié", "« moitié » n’est pas un nombre : écrivez par exemple 12.5, sans espace ni unité."),
        ("12.345", "« 12.345 » n’est pas un nombre : écrivez par exemple 12.5, sans espace ni unité."),
    ],
)
def test_decimal_numbers(new, message):
    check(altered(("mode: numeric", f"mode: numeric\n  threshold: {new}")), (f"threshold: {new}", message))


def test_yes_and_no():
    piece = "pieces:\n  - code: PLAN\n    label: Plan\n    visible_to_jury: {}\ngrid:"
    for word, value in (("oui", True), ("non", False), ("on", True), ("off", False), ("true", True), ("No", False)):
        assert read(altered(("grid:", piece.format(word)))).pieces[0].visible_to_jury is value
    check(
        altered(("grid:", piece.format("peut-être"))),
        ("visible_to_jury: peut-être", "« peut-être » n’est pas admis : écrivez true (oui) ou false (non)."),
    )


# --- instants, days, hours ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("2027-06-30", "il manque l’heure : pour la fin de ce jour, écrivez 2027-06-30 23:59:59."),
        ("2027-06-30 23:59", "il manque les secondes : écrivez 2027-06-30 23:59:59."),
        ("2027-06-30 12:00", "il manque les secondes : écrivez 2027-06-30 12:00:00."),
        ("2027-06-30 9:05", "il manque les secondes : écrivez 2027-06-30 09:05:00."),
        ("2027-06-30 00:00", "minuit de quel jour ? Jusqu’à la fin du 29 juin 2027, écrivez 2027-06-29 23:59:59 ; jusqu’à la fin du 30 juin 2027, écrivez 2027-06-30 23:59:59."),
        ("2027-06-30 24:00:00", "24 h n’existe pas : pour la fin de ce jour, écrivez 2027-06-30 23:59:59."),
        ("2027-06-30 25:00:00", "« 25:00 » n’est pas une heure : écrivez par exemple 2027-03-31 23:59:59 (heure de Paris)."),
        ("2027-06-31 12:00:00", "« 2027-06-31 » n’existe pas au calendrier : vérifiez le jour et le mois."),
        ("30 juin", "« 30 juin » n’est pas un instant : écrivez par exemple 2027-03-31 23:59:59 (heure de Paris)."),
        ("2027-03-28 02:30:00", "02:30:00 n’existe pas le 28 mars 2027 : les horloges passent de 2 h à 3 h. Écrivez 2027-03-28 01:59:59 ou 2027-03-28 03:00:00."),
        ("2027-06-30 12:00:00Z", "« Z » n’est pas le décalage de Paris à cet instant (+02:00) : retirez-le, l’heure écrite est toujours celle de Paris."),
        ("2027-06-30 12:00:00+01:00", "« +01:00 » n’est pas le décalage de Paris à cet instant (+02:00) : retirez-le, l’heure écrite est toujours celle de Paris."),
    ],
)  # fmt: skip
def test_instants(written, message):
    check(altered((CLOSES, f"closes_at: {written}")), (f"closes_at: {written}", message))


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2027-06-30 12:00:00", "2027-06-30T12:00:00+02:00"),
        ("2027-06-30T12:00:00+02:00", "2027-06-30T12:00:00+02:00"),
        ("2027-10-31 02:30:00", "2027-10-31T02:30:00+02:00"),
        ("2027-10-31 02:30:00+01:00", "2027-10-31T02:30:00+01:00"),
        ("2027-12-01 00:00:00", "2027-12-01T00:00:00+01:00"),
    ],
)
def test_instants_are_paris_time_to_the_second(written, iso):
    assert read(altered((CLOSES, f"closes_at: {written}"))).closes_at.isoformat() == iso


def test_days_and_hours():
    piece = "pieces:\n  - code: PLAN\n    label: Plan\n    promised_until: {}\ngrid:"
    check(
        altered(("grid:", piece.format("31/12/2027"))),
        ("promised_until", "« 31/12/2027 » n’est pas une date : écrivez année-mois-jour, par exemple 2027-03-31."),
    )
    check(
        altered(("grid:", piece.format("2027-02-30"))),
        ("promised_until", "« 2027-02-30 » n’existe pas au calendrier : vérifiez le jour et le mois."),
    )
    reminder = "reminders:\n  - {code: J7, about: draft_not_deposited, days: -7, at: 9 h}\ngrid:"
    check(
        altered(("grid:", reminder)),
        ("at: 9 h", "« 9 h » n’est pas une heure : écrivez heures:minutes, par exemple 09:00."),
    )


# --- all at once -------------------------------------------------------------------------------------------------


def test_all_errors_come_at_once_in_the_order_of_the_file():
    text = altered(
        ("code_prefix: DPV", "code_prefix: d"),
        ("months: 12", "months: douze"),
        ("points: 60", "points: soixante"),
        ("dpo_mail: dpd@exemple.fr", "dpo_mail: dpd"),
    )
    assert [line for line, _ in errors(text)] == [
        line_of(text, words) for words in ("code_prefix: d", "months: douze", "points: soixante", "dpo_mail: dpd")
    ]


def test_an_error_tells_line_column_and_place():
    with pytest.raises(BadDocument) as caught:
        read(altered(("points: 60", "points: -1")))
    assert ordinary(str(caught.value)) == (
        "ligne 54, colonne 7 (grid › criteria › C1 › points) : -1 est trop petit : écrivez 1 au moins."
    )


def test_an_item_without_code_is_named_by_its_rank():
    with pytest.raises(BadDocument) as caught:
        read(altered(("    - code: C1\n      label: Intérêt", "    - label: Intérêt")))
    assert [problem.place for problem in caught.value.problems] == ["grid › criteria › n° 1 › code"]
