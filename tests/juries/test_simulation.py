"""« Qui est retenu si… » : limits tried, variants kept side by side, none of them a decision."""

from decimal import Decimal as D

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from juries.models import ProposalLine, SimulationVariant
from juries.ranking import Entry
from juries.simulation import Candidate, Setting, setting_sentence, simulate, summary
from tests.juries.clicks import enter, text_of
from tests.juries.scenes import declare_all, make_open_session, make_scene, note_all, plan_session


def file(key: str, score: str | None, amount: int | None = None, territory: str = "") -> Candidate:
    return Candidate(Entry(key, D(score) if score else None), None if amount is None else D(amount), territory)


FILES = [
    file("a", "90", 50, "Nord"),
    file("b", "80", 80, "Nord"),
    file("c", "70", 30, "Sud"),
    file("d", "40", 10, "Sud"),
]


def told(*candidates: Candidate, **limits) -> dict[str, str]:
    return {one.key: one.outcome for one in simulate(candidates or FILES, Setting(**limits))}


def test_threshold_places_and_reserve():
    assert told(threshold=D(50), places=2, reserve=1) == {
        "a": "selected", "b": "selected", "c": "reserve", "d": "not_selected",
    }  # fmt: skip


def test_an_envelope_stops_the_list_or_skips_what_is_too_dear():
    assert told(envelope=D(90)) == {"a": "selected", "b": "not_selected", "c": "not_selected", "d": "not_selected"}
    assert told(envelope=D(90), skip=True) == {"a": "selected", "b": "not_selected", "c": "selected", "d": "selected"}
    why = {one.key: one.why for one in simulate(FILES, Setting(envelope=D(90)))}
    assert why["b"] == "Il reste 40,00\u00a0€ pour 80,00\u00a0€ demandés."


def test_balance_by_territory():
    assert told(per_territory=1) == {"a": "selected", "c": "selected", "b": "not_selected", "d": "not_selected"}
    why = {one.key: one.why for one in simulate(FILES, Setting(per_territory=1))}
    assert why["b"] == "Son territoire a déjà 1\u00a0retenue."


def test_files_of_one_rank_go_together_or_wait_for_the_jury():
    tied = [file("a", "90"), file("b", "80"), file("c", "80"), file("d", "70")]
    assert told(*tied, places=3) == {"a": "selected", "b": "selected", "c": "selected", "d": "not_selected"}
    assert told(*tied, places=2, reserve=1) == {
        "a": "selected", "b": "undecided", "c": "undecided", "d": "reserve",
    }  # fmt: skip


def test_two_files_of_one_rank_from_one_territory():
    tied = [file("a", "80", None, "Nord"), file("b", "80", None, "Nord")]
    assert told(*tied, per_territory=1) == {"a": "undecided", "b": "undecided"}


def test_without_limits_all_are_kept_and_what_is_out_says_why():
    found = simulate([*FILES, file("e", None)], Setting())
    assert [(one.key, one.rank, one.outcome) for one in found] == [
        ("a", 1, "selected"), ("b", 2, "selected"), ("c", 3, "selected"), ("d", 4, "selected"), ("e", 5, "selected"),
    ]  # fmt: skip
    assert simulate([file("e", None)], Setting(threshold=D(1)))[0].why == "Aucune note."


def test_in_words():
    limits = Setting(D(50), 4, 2, D(120_000), 1, skip=True)
    assert setting_sentence(limits) == (
        "Seuil de 50\u00a0points\u202f; 4\u00a0places et 2 en liste complémentaire\u202f; enveloppe de 120\u202f000,00\u00a0€\u202f; "
        "1 au plus par territoire\u202f; un dossier trop cher laisse sa place au suivant."
    )
    found = simulate(FILES, Setting(places=2, reserve=1))
    assert summary(found, FILES) == (
        "2\u00a0retenues\u202f; 1 en liste complémentaire\u202f; 130,00\u00a0€ demandés\u202f; 1\u00a0territoire."
    )


candidates = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 100), st.sampled_from(["", "N", "S"])), max_size=12
).map(lambda rows: [file(str(n), f"{score}0", amount, place) for n, (score, amount, place) in enumerate(rows)])
limits = st.builds(
    Setting,
    threshold=st.none() | st.integers(0, 50).map(D),
    places=st.none() | st.integers(0, 6),
    reserve=st.integers(0, 3),
    envelope=st.none() | st.integers(0, 300).map(D),
    per_territory=st.none() | st.integers(1, 3),
    skip=st.booleans(),
)


@given(candidates, limits, st.randoms())
def test_no_limit_is_ever_exceeded_whatever_the_order(files, setting, chance):
    found = simulate(files, setting)
    kept = [one for one in files if {o.key: o.outcome for o in found}[one.entry.key] == "selected"]
    assert setting.places is None or len(kept) <= setting.places
    assert setting.envelope is None or sum(one.amount for one in kept) <= setting.envelope
    if setting.per_territory is not None:
        assert all(sum(one.territory == place for one in kept) <= setting.per_territory for place in ("N", "S"))
    assert sum(one.outcome == "reserve" for one in found) <= setting.reserve
    assert all(one.why for one in found if one.outcome != "selected")
    shuffled = list(files)
    chance.shuffle(shuffled)
    assert simulate(shuffled, setting) == found


# --- screens -----------------------------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


def test_variants_side_by_side_change_nothing(client):
    scene = make_open_session(files=3)
    enter(client, scene.manager)
    url = reverse("jury_simulation", args=[scene.call.slug])
    typed = {"places": "3", "threshold": "50", "reserve": "0", "territory": "intercommunality", "act": "try"}
    tried = client.post(url, typed, follow=True)
    assert "3\u00a0retenues" in text_of(tried)
    assert SimulationVariant.objects.count() == 0
    for name, places in (("Trois places", "3"), ("Deux places", "2")):
        client.post(url, {**typed, "places": places, "name": name, "act": "keep"})
    page = text_of(client.get(url)).replace("\u00a0", " ")
    assert ("Trois places" in page, "Deux places" in page, "3 à départager" in page) == (True, True, True)
    again = client.post(url, {**typed, "name": "Deux places", "act": "keep"})
    assert "une variante porte déjà ce nom." in text_of(again).lower()
    assert "donnez un nom à cette variante." in text_of(client.post(url, {**typed, "act": "keep"})).lower()
    gone = SimulationVariant.objects.get(name="Deux places")
    client.post(reverse("jury_simulation_drop", args=[scene.call.slug, gone.pk]))
    assert list(SimulationVariant.objects.values_list("name", flat=True)) == ["Trois places"]
    assert ProposalLine.objects.count() == 0


def test_it_waits_for_the_notes_to_close_and_for_nobody_recused(client):
    scene = declare_all(make_scene(1))
    url = reverse("jury_simulation", args=[scene.call.slug])
    enter(client, scene.manager)
    assert "Prévoyez d’abord la séance" in text_of(client.get(url)) or client.get(url).status_code == 404
    note_all(plan_session(scene), (4, 3))
    refused = client.get(url)
    assert (refused.status_code, "Les notes ne sont pas closes" in text_of(refused)) == (403, True)
    scene.call.extras = {
        **scene.call.extras,
        "jury": {"phases": [{"label": "Délibération", "days": 20, "score": False}]},
    }
    scene.call.save(update_fields=["extras"])
    assert client.get(url).status_code == 200
    enter(client, scene.president)
    assert client.get(url).status_code == 200
    enter(client, scene.holders[2].user)
    assert client.get(url).status_code == 403
    from juries.services.interests import declare_link

    declare_link(holder=scene.holders[0], application=scene.files[0], nature="Étude", at=scene.at)
    enter(client, scene.president)
    assert "une simulation en laisserait deviner le rang" in text_of(client.get(url))
