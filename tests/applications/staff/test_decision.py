"""The decision: consistency, record, two persons, laureates, what each may see."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from applications import states
from applications.models import Decision
from applications.queries.laureates import laureates
from applications.rankings import Place, places_of
from applications.services.decision import not_ready, problems, record_decision, with_article
from applications.services.decision_approval import ask_decision, summary
from portal.core.approvals import answer
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import Approval
from portal.core.rules import Refused
from tests.applications.files import together
from tests.applications.staff.makers import (
    client_of,
    lines_for,
    make_deposited,
    make_examined,
    make_staffed_call,
    yesterday,
)
from tests.factories import BENOUVILLE, make_role

pytestmark = pytest.mark.django_db
ACT = {"body": "le bureau communautaire", "act_number": "BU-2027-131"}


@pytest.fixture
def examined():
    call, manager = make_staffed_call()
    return call, manager, make_examined(call, manager)


def record(call, manager, lines, **changes):
    values = {**ACT, "act_on": yesterday(), "at": portal_now(), **changes}
    return record_decision(call=call, lines=lines, by=manager, **values)


# --- consistency ----------------------------------------------------------------------------------------------------


def test_lines_that_hold_together(examined):
    call, _, files = examined
    assert problems(lines_for(files), files, places_of(call)) == []


@pytest.mark.parametrize(
    ("at", "changes", "expected"),
    [
        (0, {"reason": " "}, "Écrivez le motif de la candidature {0} : la lettre le reprend."),
        (0, {"rank": None}, "Donnez un rang à la candidature {0}."),
        (2, {"rank": 3}, "La candidature {2} n’est pas classée : retirez son rang."),
        (1, {"rank": 1}, "Le rang 1 est donné à 2 candidatures."),
        (1, {"outcome": "selected"}, "Le règlement prévoit au plus 1 candidature retenue : vous en retenez 2."),
        (2, {"outcome": "reserve", "rank": 3}, "La liste complémentaire compte 1 place : vous en inscrivez 2."),
        (2, {"outcome": "inadmissible"}, "La candidature {2} est recevable : revenez d’abord sur sa recevabilité."),
    ],
)
def test_each_inconsistency_is_said(examined, at, changes, expected):
    call, _, files = examined
    lines = lines_for(files)
    lines[at] = replace(lines[at], **changes)
    assert [plain(text) for text in problems(lines, files, places_of(call))] == [
        expected.format(*[f.number for f in files])
    ]


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_one_line_for_each_file_and_no_other(examined):
    call, _, files = examined
    stray = make_deposited(call, BENOUVILLE)
    lines = [*lines_for(files)[:2], replace(lines_for(files)[2], application=stray)]
    assert problems(lines, files, places_of(call)) == [
        f"La candidature {files[2].number} n’a pas de décision.",
        f"La candidature {stray.number} n’attend pas de décision.",
    ]
    twice = [*lines_for(files), lines_for(files)[2]]
    assert set(problems(twice, files, places_of(call))) == {f"La candidature {files[2].number} figure plusieurs fois."}


def test_places_already_taken_count(examined):
    call, _, files = examined
    sentences = problems(lines_for(files), files, places_of(call), {"": 1})
    assert [plain(s) for s in sentences] == ["Le règlement prévoit au plus 1 candidature retenue : vous en retenez 2."]


def test_a_call_without_grid_has_no_limit(examined):
    _, _, files = examined
    assert (
        problems(
            [replace(line, outcome="selected", rank=n) for n, line in enumerate(lines_for(files), 1)],
            files,
            {"": Place("")},
        )
        == []
    )


# --- record ---------------------------------------------------------------------------------------------------------


def test_record(examined):
    call, manager, files = examined
    at = portal_now()
    decision = record(call, manager, lines_for(files), at=at)
    assert (str(decision), decision.recorded_at, decision.recorded_by, decision.notified_at) == (
        "délibération n° BU-2027-131",
        at,
        manager,
        None,
    )
    assert list(decision.lines.order_by("pk").values_list("application", "outcome", "rank", "score")) == [
        (files[0].pk, "selected", 1, Decimal("91.30")),
        (files[1].pk, "reserve", 2, Decimal("77.90")),
        (files[2].pk, "not_selected", None, Decimal("42.00")),
    ]
    assert set(call.applications.values_list("state", flat=True)) == {states.DECIDED}


def test_nothing_is_recorded_while_a_file_awaits_its_verdict(examined):
    call, manager, files = examined
    make_deposited(call, BENOUVILLE)
    with pytest.raises(Refused) as refusal:
        record(call, manager, lines_for(files))
    assert plain(str(refusal.value)) == "1 candidature attend encore un avis sur la recevabilité : décidez-en d’abord."
    assert (Decision.objects.count(), files[0].state) == (0, states.ADMISSIBLE)


def test_an_act_is_past_and_recorded_once(examined):
    call, manager, files = examined
    with pytest.raises(Refused, match="La date de l’acte est à venir"):
        record(call, manager, lines_for(files), act_on=day_of(portal_now()) + timedelta(days=2))
    record(call, manager, lines_for(files))
    late = make_deposited(call, BENOUVILLE)
    from applications.services.examination import admit

    admit(application=late, by=manager, at=portal_now())
    with pytest.raises(Refused, match=r"^L’acte n°.BU-2027-131 est déjà enregistré pour cet appel\.$"):
        record(call, manager, [replace(lines_for([late])[0], outcome="not_selected", rank=None)])


def test_an_inadmissible_file_is_decided_so():
    call, manager = make_staffed_call()
    files = make_examined(call, manager, refused=True)
    lines = lines_for(files)
    wrong = [*lines[:3], replace(lines[3], outcome="not_selected")]
    with pytest.raises(Refused, match="n’est pas recevable"):
        record(call, manager, wrong)
    assert record(call, manager, lines).lines.count() == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_recorded_once_by_two_threads():
    call, manager = make_staffed_call()
    files = make_examined(call, manager)
    results = together([lambda: record(call, manager, lines_for(files)) for _ in range(2)])
    assert sorted(type(result).__name__ for result in results) == ["Decision", "Refused"]
    assert Decision.objects.count() == 1


# --- two persons ----------------------------------------------------------------------------------------------------


def ask(call, manager, approver, lines):
    return ask_decision(
        call=call, **ACT, act_kind="délibération", act_on=yesterday(), lines=lines, asked_by=manager,
        approver=approver, reason="Séance du 5 mai.", at=portal_now(),
    )  # fmt: skip


def test_the_second_person_records(examined):
    call, manager, files = examined
    approver = make_role(call, "manager")
    approval = ask(call, manager, approver, lines_for(files))
    assert Decision.objects.count() == 0
    answer(approval=approval, by=approver, approved=True, at=portal_now())
    decision = Decision.objects.get()
    assert (decision.recorded_by, decision.lines.count(), decision.lines.get(outcome="selected").score) == (
        manager,
        3,
        Decimal("91.30"),
    )


def test_the_second_person_reads_every_line(examined):
    call, manager, files = examined
    approver = make_role(call, "manager")
    approval = ask(call, manager, approver, lines_for(files))
    page = plain(client_of(approver).get(reverse("approval_awaited", args=[approval.pk])).content.decode())
    for line in lines_for(files):
        assert line.application.number in page
        assert line.reason in page


def test_declined_records_nothing(examined):
    call, manager, files = examined
    approver = make_role(call, "manager")
    answer(
        approval=ask(call, manager, approver, lines_for(files)),
        by=approver, approved=False, reason="Rang à revoir", at=portal_now(),
    )  # fmt: skip
    assert Decision.objects.count() == 0


def test_nobody_confirms_alone(examined):
    call, manager, files = examined
    with pytest.raises(Refused):
        ask(call, manager, manager, lines_for(files))


def test_what_is_asked_is_summed_up(examined):
    _, _, files = examined
    assert plain(summary(lines_for(files))) == "1 retenue, 1 en liste complémentaire, 1 non retenue"


# --- the form -------------------------------------------------------------------------------------------------------


def form_data(files, approver, **changes):
    data = {
        **ACT,
        "act_kind": "délibération",
        "act_on": yesterday().isoformat(),
        "approver": approver.pk,
        "message": "Relisez.",
    }
    for line in lines_for(files):
        prefix = f"file-{line.application.pk}"
        data |= {f"{prefix}-outcome": line.outcome, f"{prefix}-rank": line.rank or "", f"{prefix}-reason": line.reason}
    return {**data, **changes}


def test_the_form_asks_for_the_confirmation(examined):
    call, manager, files = examined
    approver = make_role(call, "manager")
    response = client_of(manager).post(reverse("decision", args=[call.slug]), form_data(files, approver))
    approval = Approval.objects.get()
    assert (response.url, approval.approver, approval.asked_by) == (
        reverse("decision", args=[call.slug]),
        approver,
        manager,
    )
    page = client_of(manager).get(response.url).content.decode()
    assert "En attente de confirmation" in page


def test_the_form_says_all_that_is_wrong_and_keeps_what_was_typed(examined):
    call, manager, files = examined
    data = form_data(files, make_role(call, "manager"), **{f"file-{files[1].pk}-rank": "1"})
    response = client_of(manager).post(reverse("decision", args=[call.slug]), data)
    assert [plain(e) for e in response.context["act"].non_field_errors()] == ["Le rang 1 est donné à 2 candidatures."]
    assert "Un projet de qualité" in response.content.decode()
    assert Approval.objects.count() == 0


def test_the_jury_s_proposal_fills_the_form(examined, monkeypatch):
    call, manager, files = examined
    rows = [(line.application, line.outcome, line.rank, line.score, line.reason) for line in lines_for(files)]
    monkeypatch.setattr("applications.services.decision.PROPOSALS", [lambda asked: rows if asked == call else []])
    response = client_of(manager).get(reverse("decision", args=[call.slug]))
    starts = [(f.application, f.initial["outcome"], f.initial["rank"]) for f in response.context["lines"]]
    assert starts == [(files[0], "selected", 1), (files[1], "reserve", 2), (files[2], "not_selected", None)]


def test_the_form_waits_for_the_jury_or_is_written_by_hand(examined):
    call, manager, _ = examined
    client, url = client_of(manager), reverse("decision", args=[call.slug])
    waiting, by_hand = client.get(url), client.get(f"{url}?sans-proposition")
    assert "Le jury n’a pas encore rendu sa proposition" in waiting.content.decode()
    assert "act" not in waiting.context
    assert by_hand.context["note"] == "Sans proposition du jury, la décision s’écrit à la main, dossier par dossier."
    call.jury_rules.delete()
    assert client.get(url).context["act"].initial["body"] == ""


def test_an_inadmissible_file_starts_from_its_verdict():
    call, manager = make_staffed_call()
    files = make_examined(call, manager, refused=True)
    response = client_of(manager).get(f"{reverse('decision', args=[call.slug])}?sans-proposition")
    form = next(form for form in response.context["lines"] if form.application == files[3])
    assert form.initial["reason"] == "Travaux commencés avant le dépôt\nLe chantier date de mai."
    assert (list(form.fields), form.fields["outcome"].choices) == (
        ["outcome", "reason"],
        [("inadmissible", "Non recevable")],
    )


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [("officer", 200, 403), ("reader", 200, 403), ("secretary", 200, 403), ("adviser", 403, 403)],
)
def test_only_the_manager_writes_the_decision(examined, role, reads, writes):
    call, _, files = examined
    client, approver = client_of(make_role(call, role)), make_role(call, "manager")
    url = reverse("decision", args=[call.slug])
    assert (client.get(url).status_code, client.post(url, form_data(files, approver)).status_code) == (reads, writes)
    assert Approval.objects.count() == 0


def test_the_form_does_not_query_per_file(examined, django_assert_max_num_queries):
    call, manager, _ = examined
    client = client_of(manager)
    with django_assert_max_num_queries(25):
        client.get(f"{reverse('decision', args=[call.slug])}?sans-proposition")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("bureau communautaire", "le bureau communautaire"),
        ("Présidente de la métropole", "la présidente de la métropole"),
        ("Le bureau", "le bureau"),
        ("l'assemblée", "l’assemblée"),
        ("assemblée plénière", "l’assemblée plénière"),
        ("quelqu’un", "quelqu’un"),
        ("", ""),
    ],
)
def test_the_authority_takes_its_article(typed, written):
    assert with_article(typed) == written


# --- laureates ------------------------------------------------------------------------------------------------------


def test_laureates_are_computed_from_the_lines_in_force(examined):
    call, manager, files = examined
    decision = record(call, manager, lines_for(files))
    assert [line.application for line in laureates(call)] == [files[0]]
    assert list(laureates(call, notified=True)) == []
    Decision.objects.filter(pk=decision.pk).update(notified_at=portal_now(), notified_by=manager)
    assert [line.application for line in laureates(call, notified=True)] == [files[0]]
    later = Decision.objects.create(
        call=call, **ACT | {"act_number": "BU-2"}, act_on=yesterday(), recorded_at=portal_now(), recorded_by=manager
    )
    later.lines.create(application=files[0], outcome="not_selected", reason="Désistement")
    later.lines.create(application=files[1], outcome="selected", rank=1, reason="Place libérée")
    assert [line.application for line in laureates(call)] == [files[1]]
    assert [line.application for line in laureates(call, notified=True)] == [files[0]]


def test_not_ready_without_any_file():
    call, _ = make_staffed_call()
    assert not_ready(call) == "Aucune candidature n’attend de décision."


def test_the_public_list_waits_for_the_letters(client, examined):
    call, manager, files = examined
    url = reverse("call_laureates", args=[call.slug])
    decision = record(call, manager, lines_for(files))
    assert "La place des Marronniers" not in client.get(url).content.decode()
    Decision.objects.filter(pk=decision.pk).update(notified_at=portal_now(), notified_by=manager)
    response = client.get(url)
    assert [row["name"] for row in response.context["groups"][0]["rows"]] == ["Étretat"]
    assert "complémentaire" not in response.content.decode()


def test_a_call_in_preparation_has_no_public_list(client):
    call, _ = make_staffed_call(state="draft")
    assert client.get(reverse("call_laureates", args=[call.slug])).status_code == 404
