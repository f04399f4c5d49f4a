"""Each rule: every refusal with its sentence, and the order in which they are said."""

import pytest

from juries import rules
from juries.rules import FileFacts, VoteFacts

RECUSED = (
    "Vous êtes déporté de ce dossier\u00a0: étude en cours. "
    "Vous ne le lisez pas, ne le notez pas et ne prenez pas part à son vote."
)
TO_DECLARE = (
    "Déclarez d’abord vos liens avec les communes candidates\u00a0: il reste 1\u00a0candidature. "
    "Les dossiers s’ouvrent ensuite."
)


@pytest.mark.parametrize(
    ("facts", "reading", "scoring"),
    [
        ({}, "", ""),
        ({"session": "planned"}, "", ""),
        ({"recusal": "Étude en cours.", "to_declare": 3}, RECUSED, RECUSED),
        ({"to_declare": 1}, TO_DECLARE, TO_DECLARE),
        ({"in_jury": False}, *["Cette candidature n’est pas présentée au jury."] * 2),
        ({"voting_seat": False}, "", "Votre siège a voix consultative\u00a0: vous lisez sans noter."),
        ({"session": "open"}, "", "La séance est ouverte\u00a0: les notes ne changent plus."),
        ({"session": "signed"}, "", "La séance est ouverte\u00a0: les notes ne changent plus."),
        ({"another_author": True}, "", "Une autre personne a déjà noté ce dossier pour ce siège."),
    ],
)
def test_reading_and_scoring(facts, reading, scoring):
    file = FileFacts(**facts)
    assert (rules.can_read(file).reason, rules.can_score(file).reason) == (reading, scoring)
    assert (bool(rules.can_read(file)), bool(rules.can_score(file))) == (not reading, not scoring)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, ""),
        ({"recusal": "Étude en cours", "voted": True}, RECUSED),
        ({"to_declare": 1}, TO_DECLARE),
        ({"voting_seat": False}, "Votre siège a voix consultative\u00a0: il ne prend pas part au vote."),
        ({"sitting": False}, "Vous n’êtes pas inscrit présent à cette séance\u00a0: demandez à la présidence."),
        ({"item": "waiting"}, "Le scrutin n’est pas ouvert. La présidence l’ouvre en séance."),
        ({"item": "closed"}, "Le scrutin est clos\u00a0: votre bulletin n’a pas été compté."),
        ({"voted": True}, "Votre bulletin est déjà dans l’urne. Il ne se reprend pas."),
    ],
)
def test_voting(facts, sentence):
    answer = rules.can_vote(VoteFacts(**{"session": "open", "item": "voting", **facts}))
    assert (answer.reason, bool(answer)) == (sentence, not sentence)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("open", ""),
        ("planned", "La séance n’est pas ouverte."),
        ("deliberated", "La séance est close\u00a0: plus rien n’y change."),
        ("signed", "La séance est close\u00a0: plus rien n’y change."),
    ],
)
def test_session_is_open(state, sentence):
    assert rules.session_is_open(state).reason == sentence


@pytest.mark.parametrize("role", ["manager", "officer", "secretary", "reader", "adviser"])
def test_what_each_staff_role_may_do(role):
    allowed = {
        "manages": bool(rules.can_manage_jury({role})),
        "helps": bool(rules.can_help({role}, chairs=False)),
        "scores": bool(rules.can_score_technically({role})),
        "sits": bool(rules.can_sit({role})),
    }
    assert {name for name, yes in allowed.items() if yes} == {
        "manager": {"manages", "helps", "scores"},
        "officer": {"scores"},
        "secretary": {"helps"},
        "reader": set(),
        "adviser": set(),
    }[role]


def test_the_chair():
    assert rules.can_chair(chairs=True)
    assert rules.can_help(frozenset(), chairs=True)
    assert rules.can_chair(chairs=False).reason == (
        "Seule la présidence du jury ouvre et clôt la séance et les scrutins."
    )
    assert rules.can_sit(frozenset())
