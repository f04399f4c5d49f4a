"""Answers taken up from an earlier application: the same questions, blank answers only."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from applications.content.carrying import to_carry
from applications.models import SectionAnswers
from applications.services.carrying import take_up
from portal.core.clock import portal_now
from portal.core.rules import Refused
from tests.applications.files import make_ready
from tests.factories import HARFLEUR, make_application, make_call, make_member, make_town_hall


def question(code: str, kind: str = "text", options: tuple[str, ...] = (), columns: tuple[tuple[str, str], ...] = ()):
    return SimpleNamespace(
        code=code,
        kind=kind,
        options=[{"code": option} for option in options],
        columns=[{"code": name, "kind": of} for name, of in columns],
    )


@pytest.mark.parametrize(
    ("asked", "before", "given", "mine", "taken"),
    [
        (question("Q"), question("Q"), "Une place", "", {"Q": "Une place"}),
        (question("Q"), question("Q"), "Une place", "  \n", {"Q": "Une place"}),
        (question("Q"), question("Q"), "Une place", "Déjà écrit", {}),
        (question("Q"), question("Q", "long_text"), "Une place", "", {}),
        (question("Q"), question("Q"), "  ", "", {}),
        (question("Q"), question("AUTRE"), "Une place", "", {}),
        (question("Q", "undertaking"), question("Q", "undertaking"), "oui", "", {}),
        (question("Q", "file"), question("Q", "file"), "x", "", {}),
        (question("Q", "single", ("a", "b")), question("Q", "single", ("a",)), "a", "", {"Q": "a"}),
        (question("Q", "single", ("b",)), question("Q", "single", ("a",)), "a", "", {}),
        (question("Q", "multiple", ("b", "c")), question("Q", "multiple", ("a", "b")), ["a", "b"], [], {"Q": ["b"]}),
        (question("Q", "multiple", ("c",)), question("Q", "multiple", ("a",)), ["a"], [], {}),
        (
            question("Q", "table", columns=(("nature", "text"), ("cout", "money"))),
            question("Q", "table", columns=(("nature", "text"), ("cout", "text"))),
            [{"nature": "Bancs", "cout": "12"}, {"nature": "", "cout": "3"}],
            [],
            {"Q": [{"nature": "Bancs"}]},
        ),
    ],
)  # fmt: skip
def test_what_is_taken_up(asked, before, given, mine, taken):
    assert to_carry([asked], {"Q": mine}, [before], {before.code: given}) == taken


@pytest.fixture
def two_files(db):
    """A complete file, and a blank one of the same town hall for another call that asks the same questions."""
    earlier, secretary, _ = make_ready()
    blank = make_application(make_call(), earlier.lead, by=secretary)
    return earlier, blank, secretary


def typed(application) -> dict[str, dict]:
    return {row.section_code: row.values for row in application.sections.all()}


def test_blank_answers_are_filled_and_written_ones_stay(two_files):
    earlier, blank, secretary = two_files
    SectionAnswers.objects.create(
        application=blank, section_code="S1", values={"Q1": "Ce qui est écrit"}, updated_at=portal_now(), updated_by=secretary
    )  # fmt: skip
    expected = typed(earlier)
    expected["S1"] = {**expected["S1"], "Q1": "Ce qui est écrit"}
    n = take_up(application=blank, earlier=earlier, by=secretary, at=portal_now())
    assert n == sum(len(values) for values in typed(earlier).values()) - 1
    assert typed(blank) == expected
    assert take_up(application=blank, earlier=earlier, by=secretary, at=portal_now()) == 0


def test_a_neighbour_takes_nothing_up(two_files):
    earlier, _, _ = two_files
    neighbour = make_town_hall(HARFLEUR)
    writer = make_member(neighbour, "editor")
    theirs = make_application(make_call(), neighbour, by=writer)
    with pytest.raises(Refused, match="n’est pas de votre organisme"):
        take_up(application=theirs, earlier=earlier, by=writer, at=portal_now())
    assert typed(theirs) == {}


def test_a_person_chooses_the_earlier_file(client, two_files):
    earlier, blank, secretary = two_files
    client.force_login(secretary)
    assert "reprendre des réponses" in client.get(reverse("application", args=[blank.uuid])).content.decode()
    path = reverse("application_take_up", args=[blank.uuid])
    n = sum(len(values) for values in typed(earlier).values())
    assert f"Reprendre {n}\u00a0réponses" in client.get(path).content.decode()
    done = client.post(path, {"candidature": earlier.uuid})
    assert done.url == reverse("application", args=[blank.uuid])
    assert typed(blank) == typed(earlier)
    assert "Rien à reprendre" in client.get(path).content.decode()


def test_the_list_costs_the_same_at_one_and_at_three(client, two_files, django_assert_num_queries):
    _, blank, secretary = two_files
    client.force_login(secretary)
    path = reverse("application_take_up", args=[blank.uuid])
    client.get(path)
    with django_assert_num_queries(18):
        client.get(path)
    for _ in range(2):
        make_application(make_call(), blank.lead, by=secretary)
    with django_assert_num_queries(18):
        client.get(path)
