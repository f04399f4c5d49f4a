"""What one save asks of the database: each statement named, none twice. The count is exact, from `make bench` too."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import SectionAnswers
from applications.services.drafting import start_application
from portal.core.clock import portal_now
from tests.applications.catalogue import make_catalogue_call, typed_answer
from tests.applications.files import make_town

pytestmark = pytest.mark.django_db(transaction=True)

SAVE = [
    "SELECT django_session",
    "SELECT accounts_user",
    "SELECT applications_application",
    "SELECT calls_question",
    "SELECT calls_piecetype",
    "SELECT accounts_membership",
    "BEGIN",
    "SELECT applications_sectionanswers",
    "SELECT applications_attachment",
    "{} applications_sectionanswers",
    "UPDATE applications_application",
    "COMMIT",
]


def named(sql: str) -> str:
    """« SELECT calls_question »: the act, and the table that it bears on first, subqueries aside."""
    while "(" in sql and (bare := re.sub(r"\([^()]*\)", "", sql)) != sql:
        sql = bare
    found = re.match(r'(SELECT|INSERT|UPDATE|DELETE).*?(?:FROM|INTO|UPDATE) "(\w+)"', sql, re.DOTALL)
    update = re.match(r'UPDATE "(\w+)"', sql)
    return f"UPDATE {update[1]}" if update else f"{found[1]} {found[2]}" if found else sql.split()[0]


@pytest.fixture
def draft():
    organisation, secretary, _ = make_town()
    call = make_catalogue_call()
    return start_application(call=call, organisation=organisation, by=secretary, at=portal_now()), secretary


def sent(application, code, **changes):
    """What the page of a section sends, whole."""
    questions = [q for q in application.call.sections.get(code=code).questions.all() if q.kind not in ("file", "table")]
    row = application.sections.filter(section_code=code).first()
    values = {q.code: typed_answer(q) for q in questions} | changes
    return {**values, "version": row.version if row else 0, "affichees": ",".join(values)}


@pytest.mark.parametrize("address", ["section", "section_autosave"])
@pytest.mark.parametrize("first", [True, False], ids=["first save", "later save"])
def test_a_save_is_twelve_statements(draft, client, address, first):
    """On the longest form of the catalogue, the title of the project changing, transaction included."""
    application, secretary = draft
    client.force_login(secretary)
    titled = application.call.sections.get(questions__is_project_title=True)
    title = titled.questions.get(is_project_title=True).code
    if not first:
        client.post(reverse("section_autosave", args=[application.uuid, titled.code]), sent(application, titled.code))
    else:
        SectionAnswers.objects.filter(application=application, section_code=titled.code).delete()
    url, data = (
        reverse(address, args=[application.uuid, titled.code]),
        sent(application, titled.code, **{title: "Le pré"}),
    )
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(url, data)
    assert answer.status_code == (302 if address == "section" else 200)
    verb = "INSERT" if first else "UPDATE"
    assert [named(query["sql"]) for query in captured] == [line.format(verb) for line in SAVE]
    application.refresh_from_db()
    assert application.title == "Le pré"
    row = application.sections.get(section_code=titled.code)
    assert (row.version, row.values[title]) == (1 if first else 2, "Le pré")
