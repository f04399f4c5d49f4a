"""The kinds of questions that hold more than a line: places, organisations, tables, pieces, undertakings."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.urls import reverse

from applications.content.answers import AnswerFault, fact_columns, read, tidy, wording
from applications.content.carrying import carried
from applications.content.places import settled
from applications.content.progress import required_on
from applications.models import AnswerFact, SectionAnswers
from applications.parcel.current import parcel_of
from applications.queries.files import answers_for_reading, progress_of
from applications.services.drafting import save_section, start_application
from calls.models import Question, Section
from portal.core.clock import at_instant, portal_now
from portal.core.rules import Refused
from tests.applications.files import deposit, make_attachment, make_ready, make_town, together
from tests.factories import HARFLEUR, make_application, make_call, make_commune, make_intercommunality, paris

COLUMNS = [
    {"code": "poste", "label": "Poste", "kind": "text", "required": True},
    {"code": "cout", "label": "Coût", "kind": "money", "required": True},
    {"code": "fin", "label": "Fin", "kind": "date", "required": False},
]


def table(**columns):
    values = {"code": "T", "kind": "table", "columns": COLUMNS, "min_rows": 0, "max_rows": 3, "options": [], "unit": ""}
    return SimpleNamespace(**{**values, **columns})


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def row(poste="", cout="", fin=""):
    return {"poste": poste, "cout": cout, "fin": fin}


# --- pure --------------------------------------------------------------------------------------------------------


def test_rows_are_read_cell_by_cell_amounts_stay_decimal_text_and_blank_rows_count_for_nothing():
    typed = [row("Bancs", "1 250,50 €", "1/6/2027"), row(), row("Arbres", "800")]
    value = read(table(), typed)
    assert value == [
        {"poste": "Bancs", "cout": "1250.50", "fin": "2027-06-01"},
        {"poste": "Arbres", "cout": "800", "fin": ""},
    ]
    assert plain(wording(table(), value)).split("\n") == [
        "Poste : Bancs ; Coût : 1 250,50 € ; Fin : 1er juin 2027",
        "Poste : Arbres ; Coût : 800,00 €",
    ]
    assert fact_columns(table(), value) == []


def test_a_column_of_text_may_leave_its_kind_unsaid():
    """As a call keeps it: what is by default is not written."""
    asked = table(columns=[{"code": "qui", "label": "Qui"}, {"code": "cout", "label": "Coût", "kind": "money"}])
    assert read(asked, [{"qui": "EPF", "cout": "12"}]) == [{"qui": "EPF", "cout": "12"}]
    assert carried(asked, asked, [{"qui": "EPF", "cout": "12"}]) == [{"qui": "EPF", "cout": "12"}]


@pytest.mark.parametrize(
    ("columns", "typed", "sentence"),
    [
        ({}, [row("Bancs", "cher")], "Ligne 1, « Coût » : écrivez un montant en euros positif ou nul"),
        ({}, [row(), row("", "12")], "Ligne 2 : remplissez « Poste »."),
        ({"min_rows": 2}, [row("Bancs", "12")], "Remplissez au moins 2 lignes : il y en a 1."),
        ({"max_rows": 1}, [row("Bancs", "12"), row("Murs", "3")], "Gardez 1 ligne au plus : il y en a 2."),
    ],
)
def test_the_fault_of_a_table_names_its_row_and_its_column(columns, typed, sentence):
    with pytest.raises(AnswerFault) as fault:
        read(table(**columns), typed)
    assert plain(str(fault.value)).startswith(sentence)


def test_what_is_kept_of_a_table_ends_at_its_last_row_and_is_bounded():
    assert tidy([row("A", "1"), row(), row()], "table") == [row("A", "1")]
    assert len(tidy([row("x", str(n)) for n in range(500)], "table")) == 100
    assert tidy("n’importe quoi", "table") == []


@pytest.mark.parametrize(
    ("typed", "value", "words"),
    [
        ("200084952", "200084952", "200 084 952"),
        ("217602549 00016", "21760254900016", "217 602 549 00016"),
        ("356 000 000 00048", "35600000000048", "356 000 000 00048"),
    ],
)
def test_an_organisation_is_checked_and_shown_in_groups(typed, value, words):
    asked = SimpleNamespace(kind="organisation", options=[], unit="")
    assert read(asked, typed) == value
    assert plain(wording(asked, value)) == words


@pytest.mark.parametrize("typed", ["200084953", "20008495200013x", "12345678901234", "la mairie"])
def test_a_wrong_number_of_organisation_is_refused(typed):
    asked = SimpleNamespace(kind="organisation", options=[], unit="")
    with pytest.raises(AnswerFault, match="SIRET de 14 chiffres"):
        read(asked, typed)


def test_optional_until_a_day_included_then_required():
    asked = SimpleNamespace(kind="text", required=True, optional_until=date(2027, 3, 31))
    assert [required_on(asked, date(2027, 3, day)) for day in (30, 31)] == [False, False]
    assert required_on(asked, date(2027, 4, 1))
    asked.required, asked.optional_until = False, None
    assert not required_on(asked, date(2027, 4, 1))
    asked.kind = "undertaking"
    assert required_on(asked, date(2027, 4, 1))


# --- places ------------------------------------------------------------------------------------------------------


@pytest.fixture
def places(db):
    make_commune()
    for insee, siren in (("76670", "217606706"), ("76671", "217606714")):
        make_commune((insee, siren, "Serres", 0, 300))
    make_intercommunality()


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("commune", "etretat", "76254\tÉtretat (76)"),
        ("commune", "Étretat (76)", "76254\tÉtretat (76)"),
        ("commune", "76254", "76254\tÉtretat (76)"),
        ("commune", "76254\tÉtretat (76)", "76254\tÉtretat (76)"),
        ("commune", "76254\tÉtretat", "76254\tÉtretat (76)"),
        ("commune", "76254\tHarfleur", "Harfleur"),
        ("commune", "99999\tNulle part", "Nulle part"),
        ("commune", "Serres", "Serres"),
        ("commune", "76670\tSerres", "76670\tSerres (76)"),
        ("commune", "Étret", "Étret"),
        ("intercommunality", "le havre seine metropole", "200084952\tCommunauté urbaine Le Havre Seine Métropole"),
        ("intercommunality", "200 084 952", "200084952\tCommunauté urbaine Le Havre Seine Métropole"),
        ("intercommunality", "Le Havre", "Le Havre"),
        ("text", "76254\tx", "76254\tx"),
    ],
)
def test_a_place_is_kept_by_its_code_when_one_is_meant_and_never_by_a_forged_one(places, kind, typed, stored):
    assert settled(kind, typed) == stored


def test_the_search_of_intercommunalities_is_public_and_bounded(places, client, django_assert_num_queries):
    url = reverse("place_search", query={"genre": "intercommunalite", "format": "json"})
    with django_assert_num_queries(1):
        found = client.get(f"{url}&q=havre").json()["results"]
    assert found == [
        {
            "value": "200084952",
            "label": "Communauté urbaine Le Havre Seine Métropole",
            "detail": "SIREN 200084952",
        }
    ]
    assert client.get(f"{url}&q=x").json() == {"results": []}


# --- through the file --------------------------------------------------------------------------------------------


def ask(call, code, kind, **columns):
    section = call.sections.get(code="S1")
    values = {"position": 20 + section.questions.count(), "label": f"Question {code}", **columns}
    return Question.objects.create(call=call, section=section, code=code, kind=kind, **values)


@pytest.fixture
def rich():
    """A draft whose first section asks for every kind."""
    call = make_call()
    ask(call, "LIEU", "commune", is_fact=True)
    ask(call, "GROUPE", "intercommunality")
    ask(call, "PORTEUR", "organisation", is_fact=True)
    ask(call, "POSTES", "table", columns=COLUMNS, min_rows=1, max_rows=3)
    ask(call, "PLAN", "file", piece_code="PLAN_SIT")
    ask(call, "OUI", "undertaking", is_fact=True)
    application, secretary, mayor = make_ready(call)
    return application, secretary, mayor


RIGHT = {
    "Q1": "La place",
    "Q2": "12",
    "LIEU": "Étretat",
    "LIEU-code": "",
    "GROUPE": "200084952",
    "PORTEUR": "217602549 00016",
    "POSTES-0-poste": "Bancs",
    "POSTES-0-cout": "1 250,50",
    "POSTES-0-fin": "",
    "OUI": "oui",
}


def post(client, application, data, name="section"):
    row = SectionAnswers.objects.get(application=application, section_code="S1")
    shown = "Q1,Q2,LIEU,GROUPE,PORTEUR,POSTES,PLAN,OUI"
    url = reverse(name, args=[application.uuid, "S1"])
    return client.post(url, {"version": row.version, "affichees": shown, **data})


@pytest.mark.django_db
def test_every_kind_is_saved_read_again_deposited_and_typed(rich, client):
    application, secretary, mayor = rich
    client.force_login(secretary)
    response = post(client, application, RIGHT)
    assert response.status_code == 302
    stored = SectionAnswers.objects.get(application=application, section_code="S1").values
    assert stored["LIEU"] == "76254\tÉtretat (76)"
    assert stored["POSTES"] == [row("Bancs", "1 250,50")]
    page = client.get(reverse("application_read", args=[application.uuid])).content.decode()
    for words in ("Étretat (76)", "Communauté urbaine Le Havre", "Engagement pris", "PLAN_SIT.pdf", "Bancs"):
        assert words in page
    done = deposit(application, mayor)
    section = answers_for_reading(done, for_jury=True)[0]
    answers = {answer.code: answer for answer in section.answers}
    assert (answers["LIEU"].value, answers["LIEU"].text) == ("76254", "Étretat (76)")
    assert [plain(cell) for cell in answers["POSTES"].rows[0]][:2] == ["Bancs", "1 250,50 €"]
    assert answers["POSTES"].value == [{"poste": "Bancs", "cout": "1250.50", "fin": ""}]
    assert answers["PLAN"].items == ["PLAN_SIT.pdf"]
    facts = {fact.question_code: fact for fact in AnswerFact.objects.filter(deposit=done)}
    assert set(facts) == {"Q2", "LIEU", "PORTEUR", "OUI"}
    assert (facts["LIEU"].text, facts["PORTEUR"].text, facts["OUI"].yes) == ("76254", "21760254900016", True)


@pytest.mark.django_db
def test_an_undertaking_is_never_pre_ticked_and_must_be_ticked(rich, client):
    application, secretary, mayor = rich
    client.force_login(secretary)
    body = client.get(reverse("section", args=[application.uuid, "S1"])).content.decode()
    assert 'name="OUI"' in body
    assert "checked" not in body
    page = post(client, application, {**RIGHT, "OUI": ""})
    assert page.status_code == 200
    assert "Cochez cet engagement" in page.content.decode()
    with pytest.raises(Refused, match="1.section à compléter"):
        deposit(application, mayor)


@pytest.mark.django_db
def test_the_piece_shown_in_a_section_is_the_piece_itself(rich, client):
    application, secretary, _ = rich
    client.force_login(secretary)
    application.attachments.filter(piece_code="PLAN_SIT").delete()
    post(client, application, RIGHT)
    progress = progress_of(application)
    assert [answer.question.code for answer in progress.section("S1").missing] == ["PLAN"]
    assert progress.missing_apart == []
    there = reverse("piece", args=[application.uuid, "PLAN_SIT"])
    response = post(client, application, {**RIGHT, "Q1": "Écrit avant de joindre", "joindre": there})
    assert response.headers["Location"] == f"{there}?section=S1"
    assert SectionAnswers.objects.get(application=application, section_code="S1").values["Q1"].startswith("Écrit avant")
    assert post(client, application, {**RIGHT, "joindre": "https://ailleurs.exemple.fr/"}).status_code == 404
    make_attachment(application, "PLAN_SIT", secretary)
    assert progress_of(application).section("S1").state == "complete"


@pytest.mark.django_db
def test_rows_are_added_and_removed_without_script_and_nothing_typed_is_lost(rich, client):
    application, secretary, _ = rich
    client.force_login(secretary)
    page = post(client, application, {**RIGHT, "ajouter": "POSTES"}).content.decode()
    assert 'name="POSTES-1-poste"' in page
    assert 'name="POSTES-2-poste"' not in page
    two = {**RIGHT, "POSTES-1-poste": "Arbres", "POSTES-1-cout": "cher", "POSTES-1-fin": ""}
    page = post(client, application, {**two, "retirer": "POSTES:1"}).content.decode()
    assert SectionAnswers.objects.get(application=application, section_code="S1").values["POSTES"] == [
        row("Arbres", "cher")
    ]
    assert 'value="cher"' in page
    assert 'value="Bancs"' not in page


@pytest.mark.django_db
def test_no_more_rows_than_the_call_allows_are_proposed(rich, client):
    application, secretary, _ = rich
    client.force_login(secretary)
    many = {f"POSTES-{n}-{code}": "1" for n in range(3) for code in ("poste", "cout", "fin")}
    page = post(client, application, {**RIGHT, **many, "ajouter": "POSTES"}).content.decode()
    assert 'name="POSTES-2-poste"' in page
    assert 'name="POSTES-3-poste"' not in page
    assert "data-repeat-add disabled" in page


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_writers_of_one_table_one_is_kept_seven_are_told():
    from applications.services.drafting import SectionConflict

    organisation, secretary, _ = make_town()
    call = make_call()
    ask(call, "POSTES", "table", columns=COLUMNS)
    application = make_application(call, organisation, by=secretary)

    def save(n):
        typed = {"POSTES": [row(f"Poste {n}", "10")]}
        return save_section(
            application=application, section_code="S1", typed=typed, version=0, by=secretary, at=portal_now()
        )

    results = together([lambda n=n: save(n) for n in range(8)])
    conflicts = [result for result in results if isinstance(result, SectionConflict)]
    kept = [result for result in results if result not in conflicts]
    assert (len(kept), len(conflicts)) == (1, 7), results
    assert SectionAnswers.objects.get().values == kept[0].row.values


@pytest.mark.django_db
def test_a_conflict_shows_the_rows_of_the_other_person(rich, client):
    application, secretary, mayor = rich
    client.force_login(secretary)
    stale = {**RIGHT, "POSTES-0-poste": "Le mien"}
    client.force_login(mayor)
    post(client, application, {**RIGHT, "POSTES-0-poste": "Celui du maire"})
    client.force_login(secretary)
    url = reverse("section", args=[application.uuid, "S1"])
    page = client.post(url, {"version": 1, "affichees": "POSTES", **stale}).content.decode()
    assert "Celui du maire" in page
    assert 'value="Le mien"' in page


# --- conditions and days -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_question_optional_until_a_day_is_asked_the_day_after():
    application, _, mayor = make_ready()
    Question.objects.filter(call=application.call, code="Q1").update(optional_until=date(2027, 3, 1))
    SectionAnswers.objects.filter(application=application, section_code="S1").update(values={"Q2": "12"})
    day = paris(2027, 3, 1, 23, 59, 59)
    application.call.windows.update(opens_at=paris(2027, 1, 1), closes_at=paris(2027, 6, 1))
    assert progress_of(application, day).complete
    assert not progress_of(application, paris(2027, 3, 2)).complete
    with at_instant(paris(2027, 3, 2)), pytest.raises(Refused, match="section à compléter"):
        deposit(application, mayor)
    with at_instant(day):
        assert deposit(application, mayor).n == 1


@pytest.mark.django_db
def test_a_section_that_does_not_concern_the_file_is_neither_shown_nor_numbered_nor_deposited(client):
    application, secretary, mayor = make_ready()
    condition = {"kind": "answer", "question": "Q2", "at_least": "5000"}
    Section.objects.filter(call=application.call, code="S2").update(condition=condition)
    progress = progress_of(application)
    assert [(s.section.code, s.number) for s in progress.sections] == [("S1", 1)]
    client.force_login(secretary)
    assert client.get(reverse("section", args=[application.uuid, "S2"])).status_code == 404
    assert [s["code"] for s in deposit(application, mayor).answers["sections"]] == ["S1"]


@pytest.mark.django_db
def test_an_answer_to_a_question_that_no_longer_applies_counts_for_no_condition():
    call = make_call()
    ask(call, "QA", "yes_no", required=False)
    ask(call, "QB", "yes_no", required=False, condition={"kind": "answer", "question": "QA", "equals": "oui"})
    ask(call, "QC", "text", required=False, condition={"kind": "answer", "question": "QB", "equals": "oui"})
    application, secretary, _ = make_ready(call)
    typed = {"QA": "non", "QB": "oui", "QC": "gardé"}
    saved = save_section(
        application=application, section_code="S1", typed=typed, version=1, by=secretary, at=portal_now()
    )
    assert [a.question.code for a in saved.progress.section("S1").answers] == ["Q1", "Q2", "QA"]


@pytest.mark.django_db
def test_only_the_undertakings_that_bear_on_the_file_are_asked_and_frozen(client):
    application, _, mayor = make_ready()
    undertaking = application.call.undertakings.get()
    undertaking.condition = {"kind": "answer", "question": "Q2", "at_least": "5000"}
    undertaking.save()
    assert parcel_of(application).undertakings == ()
    client.force_login(mayor)
    assert "Participer à cinq réunions" not in client.get(reverse("deposit", args=[application.uuid])).content.decode()
    assert deposit(application, mayor, undertakings=[]).undertakings == []


@pytest.mark.django_db
def test_a_question_that_appears_is_shown_after_saving_and_told_to_the_autosave(client):
    call = make_call()
    ask(call, "QB", "text", required=False, condition={"kind": "answer", "question": "Q2", "at_least": "5000"})
    application, secretary, _ = make_ready(call)
    client.force_login(secretary)
    sent = {"version": 1, "affichees": "Q1,Q2", "Q1": "La place", "Q2": "6000"}
    told = client.post(reverse("section_autosave", args=[application.uuid, "S1"]), sent).json()
    assert told["shown"] == "Q1,Q2,QB"
    page = client.post(reverse("section", args=[application.uuid, "S1"]), {**sent, "version": told["version"]})
    assert page.status_code == 200
    assert "1 question s’ajoute à cette section" in plain(page.content.decode())
    assert 'name="QB"' in page.content.decode()


@pytest.mark.django_db
def test_known_places_are_filled_in_by_their_code():
    organisation, secretary, _ = make_town(HARFLEUR)
    call = make_call()
    ask(call, "LIEU", "commune", prefill="commune.insee")
    application = start_application(call=call, organisation=organisation, by=secretary, at=portal_now())
    assert application.sections.get(section_code="S1").values == {"LIEU": "76341\tHarfleur (76)"}
