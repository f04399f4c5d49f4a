"""The hexagon map of Le Havre: the 54 communes of the official list, each alone at its place."""

import json
from collections import Counter

from django.conf import settings

from portal.territories.maps.places import PLACES


def official_members():
    path = settings.NODE_MODULES / "@etalab" / "decoupage-administratif" / "data" / "epci.json"
    (territory,) = [epci for epci in json.loads(path.read_text()) if epci["code"] == "200084952"]
    return {member["code"] for member in territory["membres"]}


def test_every_commune_of_the_territory_has_a_place_and_no_other():
    assert set(PLACES) == official_members()
    assert len(PLACES) == 54


def test_no_two_communes_share_a_place_and_rows_are_shifted_by_a_half():
    assert max(Counter((place.row, place.half) for place in PLACES.values()).values()) == 1
    parities = {row: {p.half % 2 for p in PLACES.values() if p.row == row} for row in range(10)}
    assert [parity for row, parity in sorted(parities.items())] == [
        {1}, {0}, {1}, {0}, {1}, {0}, {1}, {0}, {1}, {0},
    ]  # fmt: skip
