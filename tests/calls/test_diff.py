"""Two documents compared in words, and what a published one may still change."""

import pytest

from calls.definition.diff import diff
from calls.definition.freeze import form_changes, refusals
from tests.calls.documents import altered, ordinary, small

TEXTS = """\
calendar:
  - code: jury
    when: 2027-09-10
  - code: decision
    when: 2027-10-01
windows:
"""


def paths(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    return [(change.kind, change.path) for change in diff(small(), small(*pairs))]


def test_a_document_does_not_differ_from_itself() -> None:
    assert diff(small(), small()) == ()


@pytest.mark.parametrize(
    ("pair", "found"),
    [
        (("title: Le projet", "title: Votre projet"), ("changed", "sections.projet.title")),
        (("label: Titre du projet", "label: Nom du projet"), ("changed", "sections.projet.questions.titre.label")),
        (("    label: Membre\n", "    label: Membre\n    effect: warning\n"), ("changed", "eligibility.R1.effect")),
        (("  months: 12\n", ""), ("removed", "support.months")),
        (("kinds: [method]", "kinds: [method, label]"), ("changed", "support.kinds")),
        (
            ("- {code: travaux, label: En travaux}", "- {code: travaux, label: En travaux}\n          - {code: fini, label: Fini}"),
            ("added", "sections.projet.questions.etat.options.fini"),
        ),
    ],
)  # fmt: skip
def test_one_change_has_one_path(pair, found) -> None:
    assert paths(pair) == [found]


def test_an_order_is_a_change_of_its_own() -> None:
    first, second = "{code: idee, label: Une idée}", "{code: travaux, label: En travaux}"
    text = altered((f"- {first}\n          - {second}", f"- {second}\n          - {first}"))
    from calls.definition.reading import read

    (change,) = diff(small(), read(text))
    assert (change.kind, change.path) == ("moved", "sections.projet.questions.etat.options")


def test_a_change_is_said_in_words() -> None:
    (change,) = diff(small(), small(("phone: 02 35 00 00 00", "phone: 02 35 11 11 11")))
    assert ordinary(change.sentence) == (
        "Modification : contact › téléphone, « 02 35 00 00 00 » devient « 02 35 11 11 11 »."
    )
    (change,) = diff(small(), small(("closes_at: 2027-06-30 23:59:59", "closes_at: 2027-07-15 23:59:59")))
    assert ordinary(change.sentence) == (
        "Modification : périodes de dépôt › W1 › clôture, « mercredi 30 juin 2027 à 23 h 59 min 59 s » devient "
        "« jeudi 15 juillet 2027 à 23 h 59 min 59 s »."
    )


# --- what a published document may still change ------------------------------------------------------------------


def refused(*pairs: tuple[str, str], closed: bool = False, base: tuple = ()) -> list[str]:
    changes = diff(small(*base), small(*base, *pairs))
    assert changes
    return [ordinary(refusal.sentence) for refusal in refusals(changes, closed=closed)]


@pytest.mark.parametrize(
    "pair",
    [
        ("summary: Un appel d’essai.", "summary: Un appel corrigé."),
        ("goal: Faire vivre les places.", "goal: Faire vivre les rues."),
        ("phone: 02 35 00 00 00", "phone: 02 35 11 11 11"),
        ("label: Titre du projet", "label: Titre du projet\n        hint: En une ligne."),
        ("text: Les données servent", "text: Vos données servent"),
    ],
)
def test_texts_contact_and_help_may_change(pair) -> None:
    assert refused(pair) == []


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        (("points: 60", "points: 50"), "grille › critères › Intérêt › points : les critères et leurs points sont arrêtés"),
        (("label: Faisabilité", "label: Faisable"), "les critères et leurs points sont arrêtés à la publication."),
        (("label: Membre", "label: Membres"), "éligibilité › Membre › intitulé : les conditions d’éligibilité"),
        (("2027-06-30 23:59:59", "2027-07-30 23:59:59"), "sa limite se prolonge à deux personnes"),
        (("kind: text\n", "kind: long_text\n"), "les réponses déjà écrites ne se liraient plus"),
        (("codes: [\"200084952\"]", "codes: [\"200067445\"]"), "le périmètre est arrêté"),
        (("edition: \"2027\"", "edition: \"2028\""), "les numéros déjà donnés la portent"),
        (("authority: Bureau communautaire", "authority: Conseil"), "cette partie est arrêtée à la publication"),
    ],
)  # fmt: skip
def test_the_rest_is_refused_with_its_place_and_its_reason(pair, sentence) -> None:
    (found,) = refused(pair)
    assert sentence in found


def test_a_milestone_may_be_put_back_never_forward_nor_taken_away() -> None:
    base = (("windows:\n", TEXTS),)
    assert refused(("when: 2027-09-10", "when: 2027-09-17"), base=base) == []
    (forward,) = refused(("when: 2027-09-10", "when: 2027-09-03"), base=base)
    assert "une date annoncée ne s’avance pas" in forward
    (gone,) = refused(("  - code: jury\n    when: 2027-09-10\n", ""), base=base)
    assert "un jalon annoncé ne se retire pas" in gone


def test_the_form_changes_until_the_limit_only() -> None:
    pair = ("label: Titre du projet", "label: Nom du projet")
    assert refused(pair) == []
    (found,) = refused(pair, closed=True)
    assert "le formulaire ne change plus" in found
    changes = diff(small(), small(pair, ("summary: Un appel d’essai.", "summary: Un appel corrigé.")))
    assert [change.path for change in form_changes(changes)] == ["sections.projet.questions.titre.label"]
