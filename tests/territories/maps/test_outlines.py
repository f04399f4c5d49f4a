"""`manage.py outlines`: strict reading, dry by default, the same file twice, a centre never erases an outline."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.territories.maps.geojson import NotGeoJson, read
from portal.territories.maps.models import Outline
from tests.factories import BENOUVILLE, ETRETAT, TILLEUL, make_commune
from tests.territories.maps.squares import collection, feature, point, polygon, square

pytestmark = pytest.mark.django_db
TWO = collection(feature("76254", polygon(square(0))), feature("76079", polygon(square(1))))


@pytest.fixture
def run(tmp_path):
    for spec in (ETRETAT, BENOUVILLE, TILLEUL):
        make_commune(spec)

    def command(text, *options, source="Carte d’essai", year=2026):
        path, out = tmp_path / "carte.geojson", StringIO()
        path.write_text(text, encoding="utf-8")
        call_command("outlines", str(path), "--source", source, "--year", str(year), *options, stdout=out)
        return out.getvalue()

    return command


def test_nothing_is_written_unless_asked(run):
    assert run(TWO) == (
        "Contours et centres : 2 à créer, 0 à modifier, 0 à jour.\nRien n’est écrit. Pour écrire : ajoutez --apply.\n"
    )
    assert not Outline.objects.exists()


def test_the_same_file_twice_changes_nothing(run):
    assert "C’est écrit." in run(TWO, "--apply")
    kept = list(Outline.objects.order_by("code").values("code", "longitude", "latitude", "source", "year"))
    assert kept == [
        {"code": "76079", "longitude": 11_500, "latitude": 450_500, "source": "Carte d’essai", "year": 2026},
        {"code": "76254", "longitude": 10_500, "latitude": 450_500, "source": "Carte d’essai", "year": 2026},
    ]
    assert run(TWO, "--apply").endswith("0 à créer, 0 à modifier, 2 à jour.\nTout est à jour.\n")
    assert "2 à modifier" in run(TWO, year=2027)


def test_a_centre_never_takes_the_place_of_an_outline(run):
    run(TWO, "--apply")
    centres = collection(feature("76254", point(1.0, 45.0)), feature("76693", point(1.2, 45.1)))
    assert "1 à créer, 0 à modifier, 1 à jour" in run(centres, "--apply")
    assert Outline.objects.get(code="76254").rings != []
    assert Outline.objects.get(code="76693").rings == []


BAD = [
    (feature("99999", polygon(square(0))), "Objet 1, 99999 : code inconnu du portail."),
    (feature("", polygon(square(0))), "Objet 1 : aucun code (propriété « code »)."),
    (feature("76254", None), "Objet 1, 76254 : sans géométrie."),
    (feature("76254", polygon(square(0)[:-1])), "Objet 1, 76254 : contour qui n’est pas fermé."),
    (feature("76254", polygon(square(0)[:3])), "Objet 1, 76254 : contour de moins de quatre points."),
    (
        feature("76254", polygon(((0, 0), (9, 9), (9, 0), (0, 9), (0, 0)))),
        "Objet 1, 76254 : contour qui se croise.",
    ),
    (feature("76254", polygon(((0, 0), (9, 0), (5, 0), (0, 0)))), "Objet 1, 76254 : contour sans surface."),
    (
        feature("76254", point(498_000, 6_950_000)),
        "Objet 1, 76254 : coordonnées hors du globe : le fichier doit être en longitude et latitude (WGS 84).",
    ),
    (feature("76254", point(float("nan"), 1)), "Objet 1, 76254 : coordonnées illisibles."),
    (feature("76254", {"type": "Point", "coordinates": ["a", "b"]}), "Objet 1, 76254 : coordonnées illisibles."),
    (
        feature("76254", {"type": "LineString", "coordinates": []}),
        "Objet 1, 76254 : géométrie « LineString » : Polygon, MultiPolygon ou Point sont attendus.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "sentence"), BAD)
def test_each_feature_left_out_says_why(entry, sentence):
    found = read(collection(entry), {"76254"})
    assert found.features == {}
    assert found.refused == [sentence]


def test_a_code_read_twice_is_left_out_the_second_time(run):
    text = collection(*[feature("76254", polygon(square(n))) for n in (0, 1)])
    assert "Objets écartés : 1.\n  Objet 2, 76254 : code déjà lu plus haut dans le fichier.\n" in run(text)


def test_the_property_of_the_code_may_be_named(run):
    text = collection(feature("76254", polygon(square(0)), name="numero"))
    assert "1 à créer" in run(text, "--code", "numero")
    assert "aucun code" in run(text)


@pytest.mark.parametrize(
    "text", ["<xml/>", "[]", '{"type": "Feature"}', '{"type": "FeatureCollection", "features": [1]}']
)
def test_a_file_that_is_no_collection_is_refused(run, text):
    with pytest.raises(CommandError):
        run(text)
    with pytest.raises(NotGeoJson):
        read(text, set())
