"""Each strictness of the harness, seen red on a faulty view."""

import pytest

from tests.harness.html import html_faults
from tests.harness.sql import tables_written

pytestmark = pytest.mark.urls("tests.harness.faulty_views")


def seen(client, faults, view: str, method: str = "get") -> list[str]:
    getattr(client, method)(f"/harness/{view}/")
    return [str(fault) for fault in faults.take()]


def test_a_clean_page_raises_nothing(client, faults):
    assert seen(client, faults, "clean") == []


@pytest.mark.parametrize(
    ("view", "fault"),
    [
        ("inline_handler", "inline handler onclick= on <button> at line 1, column 0"),
        ("inline_style", "inline style= on <p> at line 1, column 0"),
        ("inline_script", "inline <script> at line 1, column 0"),
        ("leftover", "template leftover '{{ user.name }}' in the text at line 1, column 3"),
        ("leftover_in_attribute", "template leftover '{% url home %}' in href= of <a> at line 1, column 0"),
        ("third_party", "resource of another host 'https://cdn.example/a.css' on <link> at line 1, column 0"),
        ("two_styles", "2 <style> elements, only the theme block is allowed"),
    ],
)
def test_a_page_at_fault_is_named(client, faults, view, fault):
    assert seen(client, faults, view) == [f"page: GET /harness/{view}/: {fault}"]


@pytest.mark.django_db
def test_a_get_that_writes_is_named_with_its_table(client, faults):
    assert seen(client, faults, "writes") == [
        "write: GET /harness/writes/ writes harness_note: INSERT INTO harness_note (body) VALUES ('vu')"
    ]


@pytest.mark.django_db
def test_a_get_that_updates_through_the_orm_is_seen(client, faults):
    (fault,) = seen(client, faults, "writes_by_orm")
    assert fault.startswith("write: GET /harness/writes_by_orm/ writes accounts_user: UPDATE")


@pytest.mark.django_db
def test_a_post_may_write(client, faults):
    assert seen(client, faults, "writes", method="post") == []


@pytest.mark.django_db
def test_a_get_may_write_the_session(client, faults):
    assert seen(client, faults, "writes_session") == []


def test_an_undefined_variable_is_named(client, faults):
    assert seen(client, faults, "undefined_variable") == [
        "template: undefined variable 'nobody' in <unknown source>, line 1"
    ]


def test_a_method_that_needs_arguments_is_named(client, faults):
    assert seen(client, faults, "method_with_arguments") == [
        "template: call of 'word.replace' refused in <unknown source>, line 1"
    ]


def test_an_attempt_to_leave_the_machine_is_seen_even_if_swallowed(client, faults):
    assert seen(client, faults, "swallowed_network") == ["network: connection to '192.0.2.1'"]


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ('INSERT INTO "core_job" ("kind") VALUES (1)', ["core_job"]),
        ('UPDATE "calls_call" SET "title" = 1', ["calls_call"]),
        ("DELETE FROM ONLY public.django_session WHERE true", ["django_session"]),
        ("WITH gone AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM gone", ["a", "b"]),
        ("MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE", ["a"]),
        ("TRUNCATE a", ["a"]),
        ('SELECT * FROM "calls_call" FOR UPDATE', []),
        ("SELECT 'INSERT INTO a' -- UPDATE b SET c\n", []),
    ],
)
def test_tables_written(sql, tables):
    assert tables_written(sql) == tables


def test_a_script_of_data_and_the_theme_block_are_allowed():
    page = '<style>:root{--accent:#123}</style><script type="application/json">{"a":{"b":{{}}}}</script>'
    assert html_faults(page, host="testserver") == []
