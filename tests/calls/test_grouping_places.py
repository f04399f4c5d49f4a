"""Cantons, massifs, constituencies and attributes as places: perimeter, strata, rules, file, back office, public pages."""

import pytest
from django.test import Client

from applications.queries.staff import in_stratum
from calls.definition.dump import dump
from calls.definition.load import load
from calls.definition.reading import read
from calls.definition.writing import canonical
from calls.models import EligibilityRule, Stratum
from calls.queries import communes_of_perimeter, facts_of, verdicts_for
from calls.queries_applicants import stratum_in
from calls.queries_known import not_known
from calls.queries_perimeter import standings_of
from calls.queries_public import inviting
from portal.core.clock import portal_now
from portal.territories.models import Commune, CommuneAttribute, Grouping
from portal.territories.queries_areas import Territory
from tests.calls.documents import altered, ordinary
from tests.factories import BENOUVILLE, ETRETAT, HARFLEUR, make_call, make_commune, make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def caux():
    """Étretat and Bénouville are in a massif that the call names, Harfleur is not."""
    etretat, benouville, _ = make_commune(ETRETAT), make_commune(BENOUVILLE), make_commune(HARFLEUR)
    Commune.objects.update(code_year=2026)
    massif = Grouping.objects.create(
        kind="massif", code="CAUX", name="Pays de Caux", year=2024, source="décret d’essai"
    )
    massif.communes.add(etretat, benouville)
    return massif


def massif_call(**more):
    call = make_call(perimeter_kind="massif", perimeter_codes=["CAUX"], **more)
    call.extras["perimeter_label"] = "le Pays de Caux"
    call.save()
    return call


def sentence(call, insee: str, code: str = "R1") -> tuple[str, str]:
    verdicts = {v.code: v for v in verdicts_for(call, facts_of(Commune.objects.get(insee=insee)))}
    return verdicts[code].outcome, ordinary(verdicts[code].sentence)


def test_the_perimeter_is_a_massif_whose_file_and_year_the_sentence_names(caux):
    call = massif_call()
    assert [c.insee for c in communes_of_perimeter(call)] == ["76079", "76254"]
    assert sentence(call, "76254") == (
        "pass", "Dans le périmètre de l’appel : Étretat, le Pays de Caux, décret d’essai, 2024",
    )  # fmt: skip
    assert sentence(call, "76341") == (
        "fail",
        "Hors du périmètre de l’appel (le Pays de Caux) : Harfleur n’en fait pas partie, décret d’essai, 2024",
    )
    assert {row.insee for row in standings_of(call)} == {"76079", "76254"}


def test_a_massif_that_no_file_gave_is_to_be_checked(caux):
    caux.delete()
    assert sentence(massif_call(), "76254") == (
        "unknown", "Périmètre de l’appel : à vérifier, le rattachement n’est pas connu pour Étretat",
    )  # fmt: skip


def test_strata_by_massif_and_by_attribute(caux):
    CommuneAttribute.objects.create(commune_id="76341", code="DENSITE", value="1", year=2024, source="Insee")
    CommuneAttribute.objects.create(commune_id="76079", code="DENSITE", value="7", year=2024, source="Insee")
    call = make_call()
    call.strata.all().delete()
    rows = [
        Stratum.objects.create(
            call=call,
            code="S1",
            position=1,
            label="Urbaines",
            kind="attribute",
            population_kind="municipale",
            attribute="DENSITE",
            codes=["1", "2"],
        ),
        Stratum.objects.create(
            call=call,
            code="S2",
            position=2,
            label="Caux",
            kind="perimeter",
            population_kind="municipale",
            perimeter_kind="massif",
            codes=["CAUX"],
        ),
    ]
    found = {
        insee: stratum_in(call, facts_of(Commune.objects.get(insee=insee))) for insee in ("76341", "76254", "76079")
    }
    assert found == {"76341": "S1", "76254": "S2", "76079": "S2"}
    assert {s.insee: s.stratum for s in standings_of(call)} == found
    assert [set(Commune.objects.filter(in_stratum(row)).values_list("insee", flat=True)) for row in rows] == [
        {"76341"}, {"76254", "76079"},
    ]  # fmt: skip


def test_a_rule_on_another_place_may_name_a_massif(caux):
    call = make_call()
    place = {"kind": "massif", "codes": ["CAUX"], "label": "le Pays de Caux"}
    EligibilityRule.objects.create(
        call=call, code="R9", position=9, kind="place", label="Pays de Caux", effect="warning",
        parameters={"sentence": "La commune est du Pays de Caux.", "place": place},
    )  # fmt: skip
    said = "Pays de Caux : non, Harfleur n’est pas dans « le Pays de Caux », décret d’essai, 2024"
    assert sentence(call, "76341", "R9") == ("warning", said)


def test_the_list_of_calls_finds_it_by_a_commune_of_the_massif(caux):
    call = massif_call()

    def found(insee: str) -> list[int]:
        place = Territory("commune", insee, "", "", "")
        return list(type(call).objects.filter(inviting(place)).values_list("pk", flat=True))

    assert (found("76254"), found("76341")) == ([call.pk], [])


def test_the_public_page_answers_for_a_massif(caux, client: Client):
    call = massif_call()
    page = client.get(f"/appels/{call.slug}/eligible/76341/")
    assert "n’en fait pas partie, décret d’essai, 2024" in page.content.decode()


MASSIF = (
    ('  kind: intercommunality\n  codes: ["200084952"]\n', '  kind: massif\n  codes: ["CAUX"]\n'),
    (
        "eligibility:\n",
        "strata:\n  - {code: S1, label: Denses, kind: attribute, attribute: DENSITE, values: ['1']}\neligibility:\n",
    ),
)


def test_a_file_says_massif_and_attribute_and_comes_back_the_same():
    document = read(altered(*MASSIF))
    assert dump(load(document, owner=make_institution(), at=portal_now())) == document
    assert read(canonical(document)) == document


def test_the_back_office_says_what_no_file_gave(caux):
    def said(*changes: tuple[str, str]) -> list[tuple[tuple, str]]:
        return [(p.path, ordinary(p.message)) for p in not_known(read(altered(*MASSIF, *changes)))]

    attribute = (
        ("strata", 0, "attribute"),
        "aucun fichier n’a donné la caractéristique « DENSITE » ; l’administration",
    )
    ((path, sentence_),) = said()
    assert (path, sentence_.startswith(attribute[1])) == (attribute[0], True)
    CommuneAttribute.objects.create(commune_id="76341", code="DENSITE", value="2", year=2024, source="Insee")
    assert said(('codes: ["CAUX"]', 'codes: ["VEXIN"]')) == [
        (
            ("perimeter", "codes"),
            "aucun fichier n’a donné le code « VEXIN » (communes d’un massif) ; connus : CAUX (Pays de Caux).",
        ),
        (("strata", 0, "values"), "aucune commune n’a la valeur « 1 » pour « DENSITE » ; connus : 2."),
    ]
