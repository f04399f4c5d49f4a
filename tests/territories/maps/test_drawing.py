"""Which map is drawn, and that it stays small: squares, centres, hexagons by hand, blocks by intercommunality."""

import re

import pytest

from portal.core import ui
from portal.territories.maps.drawing import MOST_BYTES, Located, Territory, base_map
from portal.territories.maps.models import Outline
from portal.territories.maps.painting import painted
from portal.territories.maps.places import PLACES
from portal.territories.maps.queries import MOST_COMMUNES, map_of_communes, map_of_departments
from portal.territories.maps.tiles import blocks, cut, short_name
from portal.territories.models import Commune
from tests.factories import BENOUVILLE, ETRETAT, make_commune
from tests.territories.maps.squares import square

FOUR = [Territory(f"9900{n}", f"Carré {n}", "Groupe A" if n < 3 else "Groupe B") for n in range(4)]


def where(n, rings=True):
    ring = square(n % 2, n // 2)
    return Located((ring,) if rings else (), (ring[0][0] + 500, ring[0][1] + 500), "Carte d’essai", 2026)


def test_nothing_to_draw():
    assert base_map([], {}) is None
    assert painted(None, {}, summary="") is None


def test_squares_are_drawn_side_by_side_from_north_to_south():
    base = base_map(FOUR, {t.code: where(n) for n, t in enumerate(FOUR)})
    assert (base.basis, base.width, base.source) == ("outlines", 600, "Carte d’essai, 2026")
    south_west, south_east, north_west, _ = base.shapes
    assert south_west.x < south_east.x
    assert north_west.y < south_west.y
    assert re.fullmatch(r"M[\d ]+l[-\d ]+z", south_west.path)
    assert base.height <= 2 * base.width


def test_neighbours_share_their_points():
    base = base_map(FOUR, {t.code: where(n) for n, t in enumerate(FOUR)})
    points = [set(corners(shape.path)) for shape in base.shapes]
    assert len(points[0] & points[1]) == 2


def corners(path):
    x, y = map(int, re.match(r"M(-?\d+) (-?\d+)", path).groups())
    numbers = [int(n) for n in re.findall(r"-?\d+", path.split("l")[1])]
    found = [(x, y)]
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x, y))
    return found


def test_one_outline_missing_and_the_centres_are_drawn():
    base = base_map(FOUR, {t.code: where(n, rings=n != 2) for n, t in enumerate(FOUR)})
    assert base.basis == "centres"
    assert {shape.path for shape in base.shapes} == {""}
    assert 0.2 <= base.size <= 1


def test_one_place_missing_and_communes_stand_by_intercommunality():
    base = base_map(FOUR, {t.code: where(n) for n, t in enumerate(FOUR[:3])})
    assert base.basis == "blocks"
    assert [caption.text for caption in base.captions] == ["Groupe A", "Groupe B"]
    assert len({(shape.x, shape.y) for shape in base.shapes}) == 4


def test_hexagons_placed_by_hand_come_before_blocks():
    base = base_map([Territory(code, code) for code in PLACES], {})
    assert base.basis == "placed"
    (alone,) = base_map([Territory("76254", "Étretat")], {}).shapes
    assert (alone.x, alone.y, alone.short) == (30, 34, "Étretat")


def test_a_map_of_heavy_outlines_stays_under_its_bound():
    teeth = [(n, 40 * (n % 2)) for n in range(4_000)]
    ring = (*teeth, (4_000, -4_000), (0, -4_000), teeth[0])
    many = [Territory(f"99{n:03}", f"Dent {n}") for n in range(40)]
    drawn = {
        t.code: Located((tuple((x + 4_000 * (n % 5), y + 4_100 * (n // 5)) for x, y in ring),), (0, 0), "Essai", 2026)
        for n, t in enumerate(many)
    }
    base = base_map(many, drawn)
    assert 0 < sum(len(shape.path) for shape in base.shapes) <= MOST_BYTES


def test_blocks_never_overlap_and_stay_within_their_width():
    groups = [(f"Groupe {n}", [f"{n}-{i}" for i in range(size)]) for n, size in enumerate((1, 54, 7, 3, 22))]
    layout = blocks(groups)
    places = [(tile.x, tile.y) for tile in layout.tiles]
    assert len(set(places)) == len(places) == 87
    assert max(x for x, _ in places) <= layout.width - 30
    assert max(y for _, y in places) <= layout.height - 30
    assert [tile.code for tile in layout.tiles][:2] == ["0-0", "1-0"]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Étretat", "Étretat"),
        ("Saint-Bonnet-en-Champsaur", "St-Bonn."),
        ("Le Tilleul", "Tilleul"),
        ("L’Argentière-la-Bessée", "Argenti."),
    ],
)
def test_short_names(name, short):
    assert short_name(name) == short


def test_a_long_caption_is_cut():
    assert cut("Communauté urbaine", 12) == "Communauté…"
    assert cut("Court", 12) == "Court"


# --- painted ------------------------------------------------------------------------------------------------------


def test_painting_gives_each_its_state_words_and_address():
    base = base_map(FOUR, {})
    drawing = painted(
        base, {"99000": "deposited", "99001": "counted"}, summary="Deux sur quatre.", url=lambda code: f"/{code}/",
        words={"99001": "3 sur 9"}, figures={"99001": "3"},
    )  # fmt: skip
    said = [(shape.spoken, shape.state, shape.url) for shape in drawing.shapes]
    assert said == [
        ("Carré 0\u00a0: déposé", "deposited", "/99000/"),
        ("Carré 1\u00a0: 3 sur 9", "counted", "/99001/"),
        ("Carré 2", "quiet", "/99002/"),
        ("Carré 3", "quiet", "/99003/"),
    ]
    assert drawing.linked
    assert drawing.signs == ["deposited"]
    assert drawing.note.endswith("sa place sur le dessin ne dit pas où elle se trouve.")


def test_every_state_has_its_word():
    assert set(ui.MAP_WORDS) == set(ui.MapState.__args__)


# --- from the database --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_map_is_drawn_once_and_kept(django_assert_num_queries):
    make_commune(ETRETAT)
    make_commune(BENOUVILLE)
    with django_assert_num_queries(2):
        first = map_of_communes(Commune.objects.all(), key="essai")
    with django_assert_num_queries(0):
        assert map_of_communes(Commune.objects.all(), key="essai") == first
    assert [shape.name for shape in first.shapes] == ["Bénouville", "Étretat"]


@pytest.mark.django_db
def test_outlines_of_the_database_are_drawn():
    make_commune(ETRETAT)
    ring = [list(point) for point in square(0)]
    Outline.objects.create(
        kind="commune",
        code=ETRETAT[0],
        rings=[ring],
        longitude=10_500,
        latitude=450_500,
        source="Carte d’essai",
        year=2026,
    )
    base = map_of_communes(Commune.objects.all(), key="essai")
    assert (base.basis, base.source) == ("outlines", "Carte d’essai, 2026")


@pytest.mark.django_db
def test_too_many_communes_have_no_map():
    group, department = make_commune(ETRETAT).intercommunality, make_commune(ETRETAT).department
    Commune.objects.bulk_create(
        Commune(
            insee=f"99{n:03}",
            name=f"Essai {n}",
            search_name=f"essai {n}",
            department=department,
            intercommunality=group,
        )
        for n in range(MOST_COMMUNES)
    )
    assert map_of_communes(Commune.objects.all(), key="essai") is None


@pytest.mark.django_db
def test_departments_stand_by_region():
    make_commune(ETRETAT)
    base = map_of_departments(["76"])
    assert [(shape.name, base.basis) for shape in base.shapes] == [("Seine-Maritime", "blocks")]
    assert [caption.text for caption in base.captions] == ["Normandie"]
