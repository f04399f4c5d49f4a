"""The site of a project, distinct from the applicant: typed, drawn, listed, deposited; hostile outlines refused."""

import json
import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from applications.content.blocks import frozen_block, thawed_block
from applications.content.places import settled
from applications.content.progress import answer_state
from applications.content.site import MOST_LETTERS, read_site_answer, site_blocks, site_words
from applications.forms.site import SiteInput
from applications.models import SectionAnswers, SiteCommune
from applications.queries.files import answers_for_reading, progress_of
from portal.territories.maps.geojson import FINE, NotGeoJson, read_site
from portal.territories.maps.sites import site_drawing
from tests.applications.files import deposit, make_ready
from tests.applications.staff.makers import client_of
from tests.applications.test_question_kinds import ask, plain
from tests.factories import HARFLEUR, make_call, make_commune, make_role

SQUARE = [[0.20, 49.70], [0.201, 49.70], [0.201, 49.701], [0.20, 49.701], [0.20, 49.70]]
HOLE = [[0.2004, 49.7004], [0.2006, 49.7004], [0.2006, 49.7006], [0.2004, 49.7006], [0.2004, 49.7004]]
POLYGON = {"type": "Polygon", "coordinates": [SQUARE, HOLE]}
PARCEL = {"section": "ab", "number": "112", "prefix": "", "commune": ""}


def site(**changes):
    blank = {"address": "", "geojson": "", "communes": [], "parcels": []}
    return [{**blank, **changes}]


def faults(**changes):
    return {name: plain(sentence) for name, sentence in read_site_answer(site(**changes)).faults.items()}


# --- what is typed -----------------------------------------------------------------------------------------------


def test_one_way_of_saying_the_site_is_enough_and_nothing_is_no_answer():
    assert read_site_answer([]).value == read_site_answer(site()).value == {}
    for one in ({"address": "Place"}, {"parcels": [PARCEL]}, {"geojson": json.dumps(POLYGON)}):
        found = read_site_answer(site(**one))
        assert found.value
        assert found.faults == {}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, {}),
        ({"section": "0A", "prefix": "012"}, {}),
        ({"section": "A1"}, {"0-parcels-0-section": "Écrivez une ou deux lettres, par exemple AB."}),
        ({"section": ""}, {"0-parcels-0-section": "Écrivez une ou deux lettres, par exemple AB."}),
        ({"number": "12b"}, {"0-parcels-0-number": "Écrivez un numéro d’un à quatre chiffres, par exemple 112."}),
        ({"number": "12345"}, {"0-parcels-0-number": "Écrivez un numéro d’un à quatre chiffres, par exemple 112."}),
        ({"prefix": "1"}, {"0-parcels-0-prefix": "Écrivez trois chiffres, ou rien s’il n’y en a pas."}),
    ],
)
def test_a_parcel_is_a_section_and_a_number(cells, expected):
    assert faults(parcels=[{**PARCEL, **cells}]) == expected


def test_a_commune_that_nobody_knows_is_said_beside_it():
    assert faults(communes=[{"commune": "76254\tÉtretat (76)"}, {"commune": "Nulle part"}]) == {
        "0-communes-1-commune": "Choisissez une commune de la liste, ou écrivez son nom et son département, "
        "par exemple Étretat (76)."
    }
    many = [{"commune": f"7625{n}\tX"} for n in range(21)]
    assert faults(communes=many) == {"0-communes": "Gardez 20 lignes au plus : il y en a 21."}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("pas du JSON", "Ce texte n’est pas du GeoJSON"),
        ("[" * 50_000, "Ce texte n’est pas du GeoJSON"),
        ("[]", "Ce tracé ne se lit pas : un objet « FeatureCollection », « Feature » ou une géométrie est attendu."),
        ('{"type": "FeatureCollection", "features": []}', "Ce fichier ne contient aucun contour ni aucun point."),
        ('{"type": "LineString", "coordinates": []}', "Ce tracé ne se lit pas : géométrie « LineString »"),
        ('{"type": "Point", "coordinates": [657000, 6862000]}', "Ce tracé ne se lit pas : coordonnées hors du globe"),
        ('{"type": "Point", "coordinates": [1e999, 2]}', "Ce tracé ne se lit pas : coordonnées illisibles."),
        ('{"type": "Point", "coordinates": [' + "9" * 400 + ", 2]}", "Ce tracé ne se lit pas : coordonnées illisibles."),
        ('{"type": "Point", "coordinates": {"0": 1}}', "Ce tracé ne se lit pas : coordonnées illisibles."),
        ('{"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1],[0,1]]]}', "Ce tracé ne se lit pas : contour qui n’est"),
        ('{"type": "Polygon", "coordinates": [[[0,0],[1,1],[1,0],[0,1],[0,0]]]}', "Ce tracé ne se lit pas : contour qui se"),
        ("x" * (MOST_LETTERS + 1), "Simplifiez le tracé : 100 ko au plus."),
    ],
)  # fmt: skip
def test_an_outline_that_cannot_be_drawn_is_refused_in_a_sentence(text, sentence):
    found = faults(geojson=text)
    assert set(found) == {"0-geojson"}
    assert found["0-geojson"].startswith(sentence)


def test_a_point_too_many_is_too_many():
    ring = [[n / FINE, (n % 2) / FINE] for n in range(2001)]
    with pytest.raises(NotGeoJson, match="2003 points, 2000 au plus"):
        read_site(json.dumps({"type": "Polygon", "coordinates": [[*ring, [3, -1], ring[0]]]}), most_points=2000)


def test_an_outline_is_drawn_at_its_size_holes_kept_and_nothing_else_of_the_file():
    feature = {"type": "Feature", "properties": {"name": "<script>alert(1)</script>"}, "geometry": POLYGON}
    found = read_site_answer(site(geojson=json.dumps({"type": "FeatureCollection", "features": [feature]})))
    drawing = found.drawing
    assert re.fullmatch(r"(M[\d ]+l[-\d ]+z){2}", drawing.path)
    assert drawing.points == ()
    assert drawing.metres == (72, 111)
    (block,) = site_blocks(found)
    assert thawed_block(json.loads(json.dumps(frozen_block(block)))) == block


def test_a_lone_point_stands_in_the_middle():
    (drawing,) = [site_drawing(read_site('{"type": "Point", "coordinates": [0.2, 49.7]}', most_points=9))]
    ((x, y),) = drawing.points
    assert drawing.path == ""
    assert abs(x - drawing.width / 2) < 5
    assert abs(y - drawing.height / 2) < 5


def test_where_one_line_must_do():
    communes = [{"commune": "76254\tÉtretat (76)"}]
    found = read_site_answer(site(address="La place", communes=communes, parcels=[PARCEL], geojson=json.dumps(POLYGON)))
    assert plain(site_words(found.value)) == "La place ; Étretat (76) ; parcelles AB 112 ; contour dessiné"
    asked = SimpleNamespace(code="LIEU", kind="site", required=True, optional_until=None)
    state = answer_state(asked, site(parcels=[{**PARCEL, "number": "x"}]), date(2027, 1, 1))
    assert plain(state.fault).startswith("Parcelles, ligne 1 : écrivez un numéro")


def test_a_file_takes_the_place_of_what_was_pasted():
    asked = SimpleNamespace(code="LIEU", kind="site", label="Le site")
    control, data = SiteInput(asked), {"LIEU-0-address": "La place", "LIEU-0-geojson": "ancien"}
    given = {"LIEU-file": SimpleUploadedFile("site.geojson", b"\xef\xbb\xbf" + json.dumps(POLYGON).encode())}
    assert control.value_from_datadict(data, {}, "LIEU")[0]["geojson"] == "ancien"
    assert json.loads(control.value_from_datadict(data, given, "LIEU")[0]["geojson"]) == POLYGON
    big = {"LIEU-file": SimpleUploadedFile("site.geojson", b"x" * (4 * MOST_LETTERS + 1))}
    (row,) = control.value_from_datadict(data, big, "LIEU")
    assert read_site_answer([row]).faults == {"0-geojson": "Simplifiez le tracé\u00a0: 100\u00a0ko au plus."}
    raw = {"LIEU-file": SimpleUploadedFile("site.geojson", b"\xff\xfe\x00\x01")}
    assert set(read_site_answer(control.value_from_datadict(data, raw, "LIEU")).faults) == {"0-geojson"}


# --- the file ----------------------------------------------------------------------------------------------------


@pytest.fixture
def file(db):
    call = make_call()
    ask(call, "LIEU", "site", label="Le site")
    make_commune(HARFLEUR)
    return make_ready(call)


def post(client, application, name="section", **data):
    row = SectionAnswers.objects.get(application=application, section_code="S1")
    given = {"version": row.version, "affichees": "Q1,Q2,LIEU", "Q1": "La place", "Q2": "12"}
    return client.post(reverse(name, args=[application.uuid, "S1"]), {**given, **data})


SENT = {
    "LIEU-0-address": "12, quai de la Clairette",
    "LIEU-0-communes-0-commune": "Harfleur (76)",
    "LIEU-0-parcels-0-section": "ab",
    "LIEU-0-parcels-0-number": "112",
}


def test_a_site_elsewhere_than_the_applicant_is_saved_read_deposited_and_found_by_staff(file):
    application, secretary, mayor = file
    client = client_of(secretary)
    outline = SimpleUploadedFile("site.geojson", json.dumps(POLYGON).encode())
    assert post(client, application, **SENT, **{"LIEU-file": outline}).status_code == 302
    kept = SectionAnswers.objects.get(application=application, section_code="S1").values["LIEU"]
    assert [row["commune"] for row in kept[0]["communes"]] == ["76341\tHarfleur (76)"]
    assert settled("site", kept) == kept
    page = client.get(reverse("section", args=[application.uuid, "S1"])).content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert 'value="Harfleur (76)"' in page
    page = client.get(reverse("application_read", args=[application.uuid])).content.decode()
    for part in ('class="site-outline"', "12, quai de la Clairette", "Harfleur (76)", "Carte du site", "<td>112</td>"):
        assert part in page
    done = deposit(application, mayor)
    (answer,) = [a for s in answers_for_reading(done, for_jury=True) for a in s.answers if a.code == "LIEU"]
    assert answer.blocks[0].codes == ("76341",)
    assert answer.blocks[0].drawing.path
    assert list(SiteCommune.objects.values_list("question_code", "commune")) == [("LIEU", "76341")]
    officer = client_of(make_role(application.call, "officer"))
    there = [reverse("staff_commune", args=[application.call.slug, insee]) for insee in ("76341", "76254")]
    assert [application.number in officer.get(address).content.decode() for address in there] == [True, True]
    assert ["Projets situés" in officer.get(address).content.decode() for address in there] == [True, False]
    for statement in ("UPDATE applications_sitecommune SET id = id", "DELETE FROM applications_sitecommune"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_wrong_cell_keeps_what_was_typed_and_rows_are_added_without_script(file):
    application, secretary, _ = file
    client = client_of(secretary)
    page = post(client, application, **{**SENT, "LIEU-0-parcels-0-number": "<b>"}).content.decode()
    assert 'value="&lt;b&gt;"' in page
    assert 'id="id_LIEU-0-parcels-0-number_error"' in page
    assert progress_of(application).section("S1").state == "to_correct"
    page = post(client, application, **SENT, ajouter="LIEU-0-parcels").content.decode()
    assert 'name="LIEU-0-parcels-1-section"' in page
    assert 'name="LIEU-0-communes-1-commune"' not in page
    post(client, application, **SENT, retirer="LIEU-0-parcels:1")
    kept = SectionAnswers.objects.get(application=application, section_code="S1").values["LIEU"]
    assert (kept[0]["parcels"], len(kept[0]["communes"])) == ([], 1)
