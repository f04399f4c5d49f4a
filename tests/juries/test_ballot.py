"""What a box says: every box up to nine ballots, the tie, the casting vote, the sentences."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juries.ballot import MAJORITY_LABELS, Count, count, verdict, votes_needed


def test_the_sentence_of_the_picture():
    result = verdict(Count(5, 1, 1))
    assert (result.favourable, result.casting_vote_used) == (True, False)
    assert result.sentence == "5\u00a0voix sur 6\u00a0exprimées\u202f; la majorité était de 4."


@pytest.mark.parametrize(
    ("box", "president", "favourable", "used", "sentence"),
    [
        ((3, 3, 1), "for", True, True, "Partage égal des voix, 3 contre 3\u202f; la voix de la présidence, favorable, est prépondérante."),
        ((3, 3, 0), "against", False, True, "Partage égal des voix, 3 contre 3\u202f; la voix de la présidence, défavorable, est prépondérante."),
        ((3, 3, 1), "abstain", False, False, "Partage égal des voix, 3 contre 3\u202f; la proposition n’est pas adoptée."),
        ((3, 3, 1), None, False, False, "Partage égal des voix, 3 contre 3\u202f; la proposition n’est pas adoptée."),
        ((4, 3, 0), "against", True, False, "4\u00a0voix sur 7\u00a0exprimées\u202f; la majorité était de 4."),
        ((2, 3, 2), "for", False, False, "2\u00a0voix sur 5\u00a0exprimées\u202f; la majorité était de 3."),
        ((1, 0, 6), None, True, False, "1\u00a0voix sur 1\u00a0exprimée\u202f; la majorité était de 1."),
        ((0, 0, 7), "abstain", False, False, "Aucun suffrage exprimé\u202f; la proposition n’est pas adoptée."),
        ((0, 0, 0), None, False, False, "Aucun suffrage exprimé\u202f; la proposition n’est pas adoptée."),
    ],
)  # fmt: skip
def test_simple_majority(box, president, favourable, used, sentence):
    result = verdict(Count(*box), steps=("casting_vote",), president=president)
    assert (result.favourable, result.casting_vote_used, result.sentence) == (favourable, used, sentence)


def test_no_casting_vote_when_the_call_has_none():
    result = verdict(Count(3, 3, 0), president="for")
    assert (result.favourable, result.casting_vote_used) == (False, False)


@pytest.mark.parametrize(
    ("box", "majority", "needed", "favourable", "sentence"),
    [
        ((3, 1, 3), "absolute", 4, False, "3\u00a0voix sur 7\u00a0votants\u202f; la majorité était de 4."),
        ((4, 1, 2), "absolute", 4, True, "4\u00a0voix sur 7\u00a0votants\u202f; la majorité était de 4."),
        ((4, 2, 1), "two_thirds", 4, True, "4\u00a0voix sur 6\u00a0exprimées\u202f; la majorité était de 4."),
        ((4, 3, 0), "two_thirds", 5, False, "4\u00a0voix sur 7\u00a0exprimées\u202f; la majorité était de 5."),
        ((3, 3, 0), "two_thirds", 4, False, "3\u00a0voix sur 6\u00a0exprimées\u202f; la majorité était de 4."),
    ],
)
def test_other_majorities_know_no_casting_vote(box, majority, needed, favourable, sentence):
    result = verdict(Count(*box), majority=majority, steps=("casting_vote",), president="for")
    assert votes_needed(Count(*box), majority) == needed
    assert (result.favourable, result.casting_vote_used, result.sentence) == (favourable, False, sentence)


def test_an_unknown_majority_is_refused():
    with pytest.raises(KeyError):
        votes_needed(Count(1, 0, 0), "unanimity")
    assert set(MAJORITY_LABELS) == {"simple", "absolute", "two_thirds"}


def test_every_box_up_to_nine_ballots():
    for voters in range(10):
        for box in itertools.combinations_with_replacement(["for", "against", "abstain"], voters):
            counted = count(box)
            assert (counted.in_favour, counted.against, counted.abstained) == tuple(
                sum(choice == name for choice in box) for name in ("for", "against", "abstain")
            )
            assert (counted.voters, counted.cast) == (voters, voters - counted.abstained)
            assert verdict(counted).favourable is (counted.in_favour > counted.against)


@given(st.lists(st.sampled_from(["for", "against", "abstain"]), max_size=30), st.randoms())
def test_the_order_of_the_ballots_changes_nothing(box, random):
    shuffled = box[:]
    random.shuffle(shuffled)
    assert verdict(count(shuffled)) == verdict(count(box))


@given(*[st.integers(0, 20)] * 3)
def test_one_more_vote_in_favour_never_loses(in_favour, against, abstained):
    for majority in MAJORITY_LABELS:
        before = verdict(Count(in_favour, against, abstained), majority=majority)
        after = verdict(Count(in_favour + 1, against, abstained), majority=majority)
        assert after.favourable or not before.favourable
