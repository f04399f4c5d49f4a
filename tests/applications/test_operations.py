"""The operations of a file, each with its financing plan: typed, saved, judged, read again, deposited."""

import re
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications.content.answers import tidy
from applications.content.operations import fault_sentence, months_between, read_operations
from applications.forms.operations import OperationsInput
from applications.forms.section import without_row
from applications.funding.verdicts import Frame
from applications.models import Operation, PlanExpense, PlanResource, SectionAnswers
from applications.parcel.current import parcel_of
from applications.queries.files import answers_for_reading, progress_of
from applications.queries.funding import costs_in
from calls.conditions import Facts
from calls.definition.eligibility import CostRule, DurationRule, StartRule
from calls.eligibility.project import RULES
from portal.core.rules import Refused
from tests.applications.catalogue import operation
from tests.applications.files import deposit, make_ready
from tests.applications.staff.makers import client_of
from tests.applications.test_question_kinds import ask, plain
from tests.factories import make_call, make_role

ASKED = SimpleNamespace(code="OPS", kind="operations", label="Opérations", min_rows=1, max_rows=2, required=True)
MONEY = {"grants": [{"code": "ETUDE", "label": "Étude", "kind": "study", "rate": 60, "ceiling": 20_000}]}


def line(side, n, **cells):
    """One line of an operation with some cells changed."""
    rows = operation()[side]
    return {side: [{**row, **cells} if rank == n else row for rank, row in enumerate(rows)]}


def faults(*operations):
    read = read_operations(ASKED, list(operations), Frame())
    return {name: plain(sentence) for name, sentence in read.faults.items()}


# --- what is typed -----------------------------------------------------------------------------------------------

AMOUNT = "Écrivez un montant en euros entre 0,01 et 1 000 000 000, par exemple 1 250,50."


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        (line("expenses", 0, amount="-40 000"), {"0-expenses-0-amount": AMOUNT}),
        (line("expenses", 0, amount="1000000000000000"), {"0-expenses-0-amount": AMOUNT}),
        (line("expenses", 0, amount="0"), {"0-expenses-0-amount": AMOUNT}),
        (line("expenses", 0, amount="cher"), {"0-expenses-0-amount": AMOUNT}),
        (
            line("expenses", 0, amount="40 000,005"),
            {"0-expenses-0-amount": "Écrivez un montant en euros et centimes, avec deux décimales au plus."},
        ),
        (
            line("expenses", 0, vat="120"),
            {"0-expenses-0-vat": "Écrivez un pourcentage entre 0 et 100, par exemple 31,4."},
        ),
        (line("expenses", 0, item="jouets"), {"0-expenses-0-item": "Choisissez une réponse de la liste."}),
        (line("expenses", 0, eligible=""), {"0-expenses-0-eligible": "Répondez par oui ou par non."}),
        (line("resources", 1, state=""), {"0-resources-1-state": "Choisissez une réponse."}),
        ({"resources": []}, {"0-resources": "Écrivez au moins une ligne."}),
        (
            line("resources", 1, amount="29 999,99"),
            {"0-resources": "Il manque 0,01 € : les ressources égalent les dépenses, au centime."},
        ),
        (
            line("resources", 1, amount="30 000,01"),
            {"0-resources": "Il y a 0,01 € de trop : les ressources égalent les dépenses, au centime."},
        ),
        (
            line("resources", 0, state="refused"),
            {"0-resources": "Il manque 10 000,00 € : les ressources égalent les dépenses, au centime."},
        ),
        ({"end": "31/08/2027"}, {"0-end": "La fin vient avant le début : corrigez l’une des deux dates."}),
        (
            {"title": " ", "owner_kind": ""},
            {"0-title": "Remplissez « Intitulé de l’opération ».", "0-owner_kind": "Choisissez une réponse."},
        ),
    ],
)
def test_each_fault_stands_at_its_cell(changes, expected):
    assert faults(operation(**changes)) == expected


def test_lines_that_cancel_out_are_refused_where_they_stand():
    (row,) = operation()["expenses"]
    rows = [{**row, "amount": amount} for amount in ("40 000", "500", "-500")]
    assert faults(operation(expenses=rows)) == {"0-expenses-2-amount": AMOUNT}


def test_a_fault_names_its_place_in_a_sentence_and_how_many_others_there_are():
    found = read_operations(ASKED, [operation(**line("expenses", 0, amount="-1", vat="120"), owner="")], Frame()).faults
    assert plain(fault_sentence(found)) == (
        "Opération 1, « Maître d’ouvrage » : remplissez « Maître d’ouvrage ». 2 autres à corriger."
    )
    assert plain(fault_sentence(dict(list(found.items())[1:]))).startswith(
        "Opération 1, dépense 1, « Montant hors taxes » : écrivez un montant en euros"
    )


def test_as_many_operations_as_the_call_asks_for():
    assert faults(operation(), operation(), operation()) == {"": "Gardez 2 opérations au plus : il y en a 3."}
    two = SimpleNamespace(**{**vars(ASKED), "min_rows": 2})
    assert read_operations(two, [operation()], Frame()).faults == {"": "Décrivez au moins 2 opérations : il y en a 1."}
    assert read_operations(two, [], Frame()).value is None


def test_what_is_kept_of_operations_ends_at_the_last_one_that_holds_something():
    blank = {"title": " ", "expenses": [{"label": ""}], "resources": []}
    kept = tidy([operation(), blank], "operations")
    assert kept == [operation()]
    assert tidy("n’importe quoi", "operations") == []
    assert len(tidy([operation()] * 500, "operations")) == 100
    assert tidy([{"expenses": [{"label": "x\x00", "amount": ""}, {"label": ""}]}], "operations") == [
        {"expenses": [{"label": "x", "amount": ""}]}
    ]


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2027-01-01", "2027-12-31", "12"),
        ("2027-01-15", "2027-02-14", "1"),
        ("2027-01-15", "2027-02-15", "2"),
        ("2027-01-01", "2027-01-01", "1"),
        ("2027-02-01", "2027-01-01", ""),
        ("", "2027-01-01", ""),
    ],
)
def test_a_month_begun_counts(start, end, months):
    assert months_between(start, end) == months


@given(st.lists(st.builds(operation), min_size=1, max_size=2))
def test_what_the_page_sends_back_is_what_was_typed(typed):
    """Named as the control names them, the cells are read back in their places."""
    control = OperationsInput(ASKED, Frame())
    context = control.get_context("OPS", typed, {"id": "id_OPS"})["widget"]
    cells = [cell for one in context["operations"] for cell in one["cells"]]
    cells += [
        c for one in context["operations"] for side in one["lists"] for r in side["widget"]["rows"] for c in r["cells"]
    ]
    sent = {cell["name"]: cell["value"] for cell in cells}
    assert control.value_from_datadict(sent, {}, "OPS") == typed


def test_one_line_or_one_operation_is_taken_out():
    typed = {"OPS": [operation(), operation(title="Autre")], "T": [{"a": "1"}]}
    assert [row["title"] for row in without_row(typed, "OPS:1")["OPS"]] == ["Autre"]
    assert [row["funder"] for row in without_row(typed, "OPS-1-resources:1")["OPS"][1]["resources"]] == ["Commune"]
    for nonsense in ("OPS-9-resources:1", "OPS-x-y-z:1", "RIEN:1", "OPS:", "T-0-a:1"):
        assert without_row(typed, nonsense) == typed


# --- rules of the call -------------------------------------------------------------------------------------------


def rule(model, **columns):
    return model(code="R", label="Règle", sentence="La règle.", question="OPS", **columns)


@pytest.mark.parametrize(
    ("asked", "met", "sentence"),
    [
        (rule(CostRule, kind="cost", column="cost", at_most=80_000), True, "Coût, 80 000 € au plus : 80 000 €"),
        (rule(CostRule, kind="cost", column="asked", below=20_000), False, "Coût, moins de 20 000 € : non, 20 000 €"),
        (rule(DurationRule, kind="duration", column="months", at_most=12), True, "Durée, 12 mois au plus : 12 mois"),
        (rule(DurationRule, kind="duration", column="months", at_most=11), False, "Durée, 11 mois au plus : non, 12"),
        (rule(StartRule, kind="start", column="start", not_before="2027-09-01"), True, "Règle : oui"),
        (rule(StartRule, kind="start", column="start", not_before="2027-09-02"), False, "Règle : non"),
    ],
)
def test_the_rules_of_a_call_read_the_operations(asked, met, sentence):
    values = read_operations(ASKED, [operation(), operation(end="01/10/2027")], Frame()).value
    finding = RULES[asked.kind](asked, Facts(answers={"OPS": values}), None)
    assert finding.met is met
    assert plain(finding.say()).startswith(sentence)


# --- the file ----------------------------------------------------------------------------------------------------


@pytest.fixture
def file(db):
    """A complete draft, but for its operations."""
    call = make_call()
    call.extras["money"] = MONEY
    call.save()
    ask(call, "OPS", "operations", min_rows=1, max_rows=2)
    return make_ready(call)


def sent(*operations, **more):
    """What the page sends of these operations."""
    data = {}
    for n, one in enumerate(operations):
        for code, cell in one.items():
            rows = cell if isinstance(cell, list) else []
            data |= {f"OPS-{n}-{code}-{m}-{name}": text for m, row in enumerate(rows) for name, text in row.items()}
            data |= {} if isinstance(cell, list) else {f"OPS-{n}-{code}": cell}
    return {**data, **more}


def post(client, application, data, name="section"):
    row = SectionAnswers.objects.get(application=application, section_code="S1")
    given = {"version": row.version, "affichees": "Q1,Q2,OPS", "Q1": "La place", "Q2": "12"}
    return client.post(reverse(name, args=[application.uuid, "S1"]), {**given, **data})


def stored(application):
    return SectionAnswers.objects.get(application=application, section_code="S1").values["OPS"]


def words(response):
    text = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(plain(text).replace("&nbsp;", " ").split())


def test_operations_are_saved_read_again_deposited_and_typed(file):
    application, secretary, mayor = file
    client = client_of(secretary)
    assert post(client, application, sent(operation(), operation(title="Le four"))).status_code == 302
    assert stored(application) == [operation(), operation(title="Le four")]
    page = words(client.get(reverse("application_read", args=[application.uuid])))
    for said in (
        "Opération 1 : La halle", "Opération 2 : Le four", "Du 1er septembre 2027 au 31 août 2028",
        "Étude : 10 000 € demandés, 20 000 € au plus (plafond de 20 000 € d’aide).",
        "Part du maître d’ouvrage : 30 000 € ; le minimum est de 8 000 €, 20 % des financements publics (40 000 €)",
        "Ensemble des opérations", "Le plan est équilibré : 80 000 € de dépenses et de ressources.",
    ):  # fmt: skip
        assert said in page
    done = deposit(application, mayor)
    (answer,) = [a for s in answers_for_reading(done, for_jury=True) for a in s.answers if a.code == "OPS"]
    assert [block.title for block in answer.blocks] == [
        "Opération 1\u00a0: La halle", "Opération 2\u00a0: Le four", "Ensemble des opérations",
    ]  # fmt: skip
    assert (
        answer.blocks == next(a for s in parcel_of(application).progress.sections for a in s.answers if a.blocks).blocks
    )
    assert list(Operation.objects.values_list("position", "title", "owner", "cost", "eligible", "asked")) == [
        (1, "La halle", "Commune d’Étretat", 40_000, 40_000, 10_000),
        (2, "Le four", "Commune d’Étretat", 40_000, 40_000, 10_000),
    ]
    assert list(PlanExpense.objects.values_list("operation__position", "nature", "excl_vat", "vat_rate")) == [
        (1, "investment", 40_000, 20), (2, "investment", 40_000, 20),
    ]  # fmt: skip
    assert set(PlanResource.objects.values_list("operation__position", "kind", "state", "amount")) == {
        (n, *rest) for n in (1, 2) for rest in (("call", "asked", 10_000), ("own", "granted", 30_000))
    }


@pytest.mark.parametrize("model", [Operation, PlanExpense, PlanResource])
def test_the_deposited_plan_is_never_changed(file, model):
    application, secretary, mayor = file
    post(client_of(secretary), application, sent(operation()))
    deposit(application, mayor)
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_wrong_cell_is_said_beside_it_and_kept_as_typed(file):
    application, secretary, mayor = file
    wrong = operation(**line("expenses", 0, amount="-5", vat="120"))
    response = post(client_of(secretary), application, sent(wrong))
    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="-5"' in page
    assert 'value="120"' in page
    for name in ("amount", "vat"):
        cell = f"id_OPS-0-expenses-0-{name}"
        assert re.search(rf'<input[^>]*id="{cell}"[^>]*aria-invalid="true" aria-describedby="{cell}_error"', page)
        assert f'id="{cell}_error"' in page
    assert stored(application) == [wrong]
    assert progress_of(application).section("S1").state == "to_correct"
    with pytest.raises(Refused, match="1.section à compléter"):
        deposit(application, mayor)
    assert Operation.objects.count() == 0


def test_lines_and_operations_are_added_and_removed_without_script(file):
    application, secretary, _ = file
    client = client_of(secretary)
    page = post(client, application, sent(operation(), ajouter="OPS")).content.decode()
    assert 'name="OPS-1-title"' in page
    assert 'name="OPS-2-title"' not in page
    page = post(client, application, sent(operation(), ajouter="OPS-0-expenses")).content.decode()
    assert 'name="OPS-0-expenses-1-label"' in page
    assert 'name="OPS-0-resources-2-funder"' not in page
    post(client, application, sent(operation(), operation(title="Le four"), retirer="OPS:1"))
    assert [row["title"] for row in stored(application)] == ["Le four"]
    post(client, application, sent(operation(title="Le four"), retirer="OPS-0-resources:1"))
    assert [row["funder"] for row in stored(application)[0]["resources"]] == ["Commune"]


def test_the_autosave_tells_what_the_plan_adds_up_to_at_the_cost_of_any_other_answer(file):
    application, secretary, _ = file
    client = client_of(secretary)
    data = sent(operation("50 000", "40 000", "10 000"))
    post(client, application, {}, "section_autosave")
    with CaptureQueriesContext(connection) as plain_text:
        post(client, application, {"Q1": "Une autre place"}, "section_autosave")
    with CaptureQueriesContext(connection) as with_plan:
        answer = post(client, application, data, "section_autosave").json()
    assert len(with_plan) == len(plain_text)
    assert set(answer["results"]) == {"plan_OPS-0", "plan_OPS"}
    told = plain(re.sub(r"<[^>]*>", " ", answer["results"]["plan_OPS-0"]))
    assert "20 000 € de trop. L’aide est de 20 000 € au plus (plafond de 20 000 € d’aide)." in told
    assert "Non respecté" in told
    assert answer["results"]["plan_OPS"].strip() == ""
    again = post(client, application, data, "section_autosave").json()
    assert again["version"] == answer["version"]


def test_two_texts_for_the_same_plan_are_both_shown(file):
    application, secretary, _ = file
    client = client_of(secretary)
    post(client, application, sent(operation()))
    late = {"version": 1, "affichees": "OPS", **sent(operation(title="Le lavoir"))}
    page = words(client.post(reverse("section", args=[application.uuid, "S1"]), late))
    assert "Deux textes pour la même section" in page
    assert "Opération 1 : La halle Maître d’ouvrage : Commune d’Étretat" in page
    assert stored(application) == [operation()]


def test_a_rule_not_kept_is_told_and_holds_the_deposit_only_where_the_call_is_strict(file):
    application, secretary, mayor = file
    client = client_of(secretary)
    post(client, application, sent(operation("50 000", "40 000", "10 000")))
    assert progress_of(application).complete
    application.call.extras["money"] = {**MONEY, "strict": True}
    application.call.save()
    (answer,) = progress_of(application).section("S1").faults
    assert plain(answer.fault).startswith("Opération 1 : La halle : Étude : 40 000 € demandés, 20 000 € de trop.")
    with pytest.raises(Refused, match="1.section à compléter"):
        deposit(application, mayor)


def test_the_export_of_staff_has_the_costs_of_the_version_that_counts(file):
    application, secretary, mayor = file
    officer = make_role(application.call, "manager")
    assert costs_in(application.call) == {}
    other = [
        *operation()["resources"],
        {"funder": "Département", "kind": "public", "amount": "5 000", "state": "asked"},
    ]
    for plans in ([operation()], [operation("45 000", resources=other), operation()]):
        post(client_of(secretary), application, sent(*plans))
        deposit(application, mayor)
    found = costs_in(application.call)[application.pk]
    assert (found.cost, found.asked, found.investment, found.funders) == (85_000, 20_000, 85_000, "Département")
    client = client_of(officer, stepped_up=True)
    address = reverse("staff_communes_export", args=[application.call.slug])
    text = b"".join(client.get(address).streaming_content).decode()
    head, row = text.splitlines()[0], next(line for line in text.splitlines() if "Étretat" in line)
    assert head.endswith(
        "Coût des opérations (€);Dont investissement hors taxes (€);Aide demandée (€);Autres financeurs"
    )
    assert row.endswith("85000,00;85000,00;20000,00;Département")
