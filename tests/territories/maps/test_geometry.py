"""Rings and their simplification, on fictional squares and random borders."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from portal.territories.maps.geometry import area, centre, crosses_itself, holds
from portal.territories.maps.simplify import border, junctions, simplified, weight, within_bytes
from tests.territories.maps.squares import SIDE, square


def test_area_centre_and_inside():
    assert area(square(0)) == SIDE**2
    assert area(square(0)[::-1]) == -(SIDE**2)
    assert centre([square(0)]) == (10_500, 450_500)
    assert centre([square(0, side=10), square(3)]) == (13_500, 450_500)
    assert holds(square(0), (10_500, 450_500))
    assert not holds(square(0), (11_500, 450_500))


def test_the_centre_of_a_crescent_is_inside_of_it():
    crescent = ((0, 0), (100, 0), (100, 10), (10, 10), (10, 90), (100, 90), (100, 100), (0, 100), (0, 0))
    x, y = centre([crescent])
    assert holds(crescent, (x, y))


def test_a_ring_that_crosses_itself_is_told_from_one_that_touches_itself():
    bow = ((0, 0), (10, 10), (10, 0), (0, 10), (0, 0))
    touching = ((0, 0), (10, 0), (5, 5), (10, 10), (0, 10), (5, 5), (0, 0))
    assert crosses_itself(bow)
    assert not crosses_itself(touching)
    assert not crosses_itself(square(0))


def test_borders_part_where_three_territories_meet():
    low, high = square(0), square(0, 1)
    beside = ((11_000, 450_000), (12_000, 450_000), (12_000, 452_000), (11_000, 452_000), (11_000, 451_000),
              (11_000, 450_000))  # fmt: skip
    ends = junctions([(low,), (high,), (beside,)])
    assert (11_000, 451_000) in ends
    assert (12_000, 452_000) not in ends


def wavy(shifts):
    """Two territories that share a border of many points, from south to north."""
    middle = [(1_000 + shift, 100 * n) for n, shift in enumerate(shifts)]
    top = 100 * (len(shifts) - 1)
    west = ((0, 0), *middle, (0, top), (0, 0))
    east = (middle[0], (2_000, 0), (2_000, top), *middle[::-1])
    return west, east


@given(st.integers(0, 10_000), st.integers(1, 200))
def test_neighbours_stay_joined_whatever_the_loss(seed, tolerance):
    chance = Random(seed)
    west, east = wavy([chance.randint(-60, 60) for _ in range(chance.randint(3, 30))])
    found = simplified({"O": (west,), "E": (east,)}, tolerance)
    shared = {p for p in found["O"][0] if 900 < p[0] < 1_100}
    assert shared == {p for p in found["E"][0] if 900 < p[0] < 1_100}
    assert {west[1], west[-3]} <= shared


@given(st.integers(0, 10_000))
def test_a_border_is_the_same_from_both_sides_and_keeps_its_ends(seed):
    chance = Random(seed)
    points = [divmod(n, 100) for n in chance.sample(range(10_000), chance.randint(2, 20))]
    there, back = border(points, 5), border(points[::-1], 5)
    assert there == back[::-1]
    assert (there[0], there[-1]) == (points[0], points[-1])
    assert set(there) <= set(points)


def test_outlines_are_made_light_enough_and_no_lighter():
    west, east = wavy([40 if n % 2 else -40 for n in range(60)])
    heavy = weight((west,))
    assert within_bytes({"O": (west,), "E": (east,)}, heavy + 100) == {"O": (west,), "E": (east,)}
    light = within_bytes({"O": (west,), "E": (east,)}, 200)
    assert all(weight(rings) <= 200 for rings in light.values())
    assert heavy > 600


def test_a_tiny_island_leaves_but_never_the_last_ring():
    found = simplified({"A": (square(0), square(5, side=3)), "B": (square(9, side=3),)}, 10)
    assert [len(rings) for rings in found.values()] == [1, 1]
    assert found["A"] == (square(0),)
