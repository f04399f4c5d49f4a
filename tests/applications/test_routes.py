"""The way of a file through its call: tracks, strata, waves, the two stages, who has access."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications import states
from applications.actions.commune import actions_for
from applications.models import Application, ApplicationMember, SectionAnswers
from applications.queries.files import facts_of_file, progress_of
from applications.rules.files import SIGNATORIES, can_start, next_wave
from applications.services.drafting import save_section, start_application
from applications.services.examination import admit
from applications.services.route import change_track, join_next_wave, keep_intent
from calls.models import EligibilityRule, PieceType, Question, Section, Stratum, Track, Window
from calls.queries_applicants import facts_of_organisation, stratum_in
from portal.accounts.models import Organisation
from portal.core.clock import at_instant, portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from portal.territories.models import PopulationFigure
from tests.applications.files import ANSWERS, deposit, make_attachment, make_ready, make_town, together
from tests.factories import (
    BENOUVILLE,
    ETRETAT,
    HARFLEUR,
    make_call,
    make_commune,
    make_intercommunality,
    make_member,
    make_role,
    make_town_hall,
)

pytestmark = pytest.mark.django_db
YEAR = {"population_kind": "municipale", "population_year": 2023}


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def body(response):
    return plain(response.content.decode())


def begin(call, track=None, spec=ETRETAT):
    """A draft begun by the service, complete, with its people."""
    organisation, secretary, mayor = make_town(spec)
    application = start_application(call=call, organisation=organisation, by=secretary, at=portal_now(), track=track)
    for code, values in ANSWERS.items():
        SectionAnswers.objects.update_or_create(
            application=application, section_code=code,
            defaults={"values": values, "updated_at": portal_now(), "updated_by": secretary},
        )  # fmt: skip
    for code in ("DELIB", "PLAN_SIT"):
        make_attachment(application, code, secretary)
    return application, secretary, mayor


def make_tracks(call):
    """Two tracks; the first closes in ten days, the second opens in five."""
    now = portal_now()
    tracks = [
        Track.objects.create(call=call, code=code, position=n, label=label, text=f"Texte {label}")
        for n, (code, label) in enumerate([("A", "Places"), ("B", "Chemins")], 1)
    ]
    call.windows.all().delete()
    spans = [(-1, 10), (5, 30)]
    for n, (track, (opens, closes)) in enumerate(zip(tracks, spans, strict=True), 1):
        Window.objects.create(
            call=call, code=f"W{n}", position=n, track=track,
            opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes),
        )  # fmt: skip
    return tracks


# --- tracks and strata -------------------------------------------------------------------------------------------


def test_one_chooses_a_track_when_beginning_among_those_open_or_to_come(client):
    call = make_call()
    places, _ways = make_tracks(call)
    gone = Track.objects.create(call=call, code="C", position=3, label="Clos")
    now = portal_now()
    Window.objects.create(
        call=call, code="W3", position=3, track=gone, opens_at=now - timedelta(9), closes_at=now - timedelta(1)
    )
    organisation, secretary, _ = make_town()
    client.force_login(secretary)
    url = reverse("application_new", args=[call.slug])
    page = body(client.get(url))
    assert "Places" in page
    assert "Texte Chemins" in page
    assert "Ouvre le" in page
    assert "Clos" not in page
    missing = client.post(url, {"organisation": organisation.uuid})
    assert "Choisissez un volet." in body(missing)
    early = client.post(url, {"organisation": organisation.uuid, "volet": "B"})
    assert early.status_code == 403
    assert "Les candidatures ouvrent le" in body(early)
    assert client.post(url, {"organisation": organisation.uuid, "volet": "A"}).status_code == 302
    application = Application.objects.get()
    assert (application.track, application.window.code) == (places, "W1")


def test_conditions_read_the_track_and_the_stratum_of_the_file():
    call = make_call()
    places, _ways = make_tracks(call)
    Stratum.objects.create(call=call, code="PETITES", position=1, label="Petites", upper=500, **YEAR)
    Stratum.objects.create(call=call, code="AUTRES", position=2, label="Autres", lower=500, **YEAR)
    Question.objects.filter(call=call, code="Q3").update(condition={"kind": "track", "codes": ["B"]})
    Question.objects.filter(call=call, code="Q4").update(condition={"kind": "stratum", "codes": ["PETITES"]})
    application, _, mayor = begin(call, places)
    assert (facts_of_file(application).track, facts_of_file(application).stratum) == ("A", "AUTRES")
    assert [a.question.code for s in progress_of(application).sections for a in s.answers] == ["Q1", "Q2"]
    done = deposit(application, mayor)
    assert application.stratum == "AUTRES"
    assert done.facts["track"] == {"code": "A", "label": "Places"}
    assert done.facts["stratum"] == {"code": "AUTRES", "label": "Autres"}
    PopulationFigure.objects.filter(commune=application.lead.commune).update(value=10)
    application.refresh_from_db()
    assert facts_of_file(application).stratum == "AUTRES", "frozen at deposit"


def test_changing_track_keeps_the_answers_and_changes_the_window_and_what_is_asked(client):
    call = make_call()
    places, ways = make_tracks(call)
    Section.objects.filter(call=call, code="S2").update(condition={"kind": "track", "codes": ["A"]})
    application, secretary, mayor = begin(call, places)
    client.force_login(secretary)
    url = reverse("application_track", args=[application.uuid])
    assert "Texte Chemins" in body(client.get(url))
    assert "Choisissez un volet" in body(client.post(url, {"volet": "Z"}))
    assert client.post(url, {"volet": "B"}).status_code == 302
    application.refresh_from_db()
    assert (application.track, application.window.code) == (ways, "W2")
    assert [s.section.code for s in progress_of(application).sections] == ["S1"]
    assert application.sections.get(section_code="S2").values == ANSWERS["S2"]
    change_track(application=application, track=places, by=secretary, at=portal_now())
    deposit(application, mayor)
    with pytest.raises(Refused, match="Le volet ne change plus"):
        change_track(application=application, track=ways, by=secretary, at=portal_now())
    assert client.get(url).status_code == 403


def test_a_rule_of_one_track_bears_on_it_alone():
    call = make_call()
    call.windows.all().delete()
    tracks = make_tracks(call)
    call.windows.update(opens_at=portal_now() - timedelta(1), closes_at=portal_now() + timedelta(40))
    EligibilityRule.objects.create(
        call=call, code="R2", position=2, kind="population", label="Petite commune", effect="blocking",
        parameters={
            "sentence": "La commune a moins de 500 habitants.", "population_kind": "municipale", "year": 2023,
            "below": 500, "condition": {"kind": "track", "codes": ["B"]},
        },
    )  # fmt: skip
    organisation, secretary, _ = make_town()
    answers = [can_start(secretary, organisation, call, portal_now(), track) for track in tracks]
    assert [bool(answer) for answer in answers] == [True, False]
    assert "moins de 500 habitants" in plain(answers[1].reason.lower())
    assert can_start(secretary, organisation, call, portal_now()).reason == "Choisissez un volet de l’appel."
    other = make_tracks(make_call())[0]
    assert can_start(secretary, organisation, call, portal_now(), other).reason == "Choisissez un volet de l’appel."


def test_a_window_open_to_some_only_is_the_window_of_those():
    call = make_call()
    now = portal_now()
    call.windows.update(condition={"kind": "population", "population_kind": "municipale", "year": 2023, "below": 500})
    Window.objects.create(
        call=call, code="W2", position=2, opens_at=now - timedelta(1), closes_at=now + timedelta(60),
        condition={"kind": "population", "population_kind": "municipale", "year": 2023, "at_least": 500},
    )  # fmt: skip
    assert begin(call, spec=BENOUVILLE)[0].window.code == "W1"
    assert begin(call, spec=HARFLEUR)[0].window.code == "W2"


def test_the_window_follows_the_answer_that_it_hangs_on():
    call = make_call()
    now = portal_now()
    big = {"kind": "answer", "question": "Q2", "at_least": "1000"}
    Window.objects.create(
        call=call, code="W0", position=0, opens_at=now - timedelta(2), closes_at=now + timedelta(60), condition=big
    )
    call.windows.filter(code="W1").update(condition={"kind": "not", "term": big})
    organisation, secretary, _ = make_town()
    with pytest.raises(Refused, match="n’est pas ouvert à votre candidature"):
        start_application(call=call, organisation=organisation, by=secretary, at=now)
    call.windows.filter(code="W1").update(condition=None)
    application = start_application(call=call, organisation=organisation, by=secretary, at=now)
    assert application.window.code == "W1"
    call.windows.filter(code="W1").update(condition={"kind": "not", "term": big})
    save_section(
        application=application, section_code="S1", typed={"Q2": "5000"}, version=0, by=secretary, at=portal_now()
    )
    application.refresh_from_db()
    assert application.window.code == "W0"


# --- waves -------------------------------------------------------------------------------------------------------


def make_waves(call):
    now = portal_now()
    for n, start in ((2, 40), (3, 80)):
        Window.objects.create(
            call=call, code=f"W{n}", position=n, wave=n,
            opens_at=now + timedelta(days=start), closes_at=now + timedelta(days=start + 20),
        )  # fmt: skip


def test_a_draft_that_missed_its_wave_goes_to_the_next_one_by_one_act(client):
    call = make_call()
    make_waves(call)
    application, secretary, mayor = begin(call)
    client.force_login(secretary)
    url = reverse("application_wave", args=[application.uuid])
    assert client.post(url).status_code == 403, "its own wave is still open"
    with at_instant(application.window.closes_at + timedelta(seconds=1)):
        assert next_wave(application, portal_now()).code == "W2"
        page = body(client.get(reverse("application", args=[application.uuid])))
        assert "Reporter à la vague suivante" in page
        assert [action.verb for action in actions_for(secretary, portal_now())] == ["Reporter"]
        with pytest.raises(Refused, match="L’appel est clos"):
            deposit(application, mayor)
        assert client.post(url).status_code == 302
    application.refresh_from_db()
    assert (application.window.code, application.state) == ("W2", states.DRAFT)
    with at_instant(application.window.opens_at + timedelta(hours=1)):
        assert "Vague 2" in body(client.get(reverse("application", args=[application.uuid])))
        assert deposit(application, mayor).facts["window"] == {"code": "W2", "wave": 2}


def test_after_the_last_wave_there_is_none_to_join():
    application, secretary, _ = make_ready()
    late = application.window.closes_at + timedelta(days=1)
    with pytest.raises(Refused, match="Aucune autre vague"):
        join_next_wave(application=application, by=secretary, at=late)
    reader = make_member(application.lead, "reader")
    with pytest.raises(Refused, match="de lire"):
        join_next_wave(application=application, by=reader, at=portal_now())


# --- two stages --------------------------------------------------------------------------------------------------


def make_two_stages():
    """S1 and the plan at both stages, S2 and the resolution with the file only."""
    call = make_call()
    now = portal_now()
    call.windows.update(code="I", stage="intent")
    Window.objects.create(
        call=call, code="F", position=2, stage="file", opens_at=now - timedelta(1), closes_at=now + timedelta(90)
    )
    Section.objects.filter(call=call, code="S1").update(stage="both")
    PieceType.objects.filter(call=call, code="PLAN_SIT").update(stage="both")
    section = Section.objects.create(call=call, code="S0", position=0, title="Intention", stage="intent")
    Question.objects.create(call=call, section=section, code="QI", position=1, kind="text", label="Intention")
    Question.objects.create(
        call=call, section=call.sections.get(code="S1"), code="QU", position=9, kind="undertaking", label="Vrai ?"
    )
    return call


def make_intent(call=None, spec=ETRETAT):
    application, secretary, mayor = begin(call or make_two_stages(), spec=spec)
    for code, values in {"S0": {"QI": "Planter"}, "S1": {**ANSWERS["S1"], "QU": "oui"}}.items():
        SectionAnswers.objects.update_or_create(
            application=application, section_code=code,
            defaults={"values": values, "updated_at": portal_now(), "updated_by": secretary},
        )  # fmt: skip
    return application, secretary, mayor


def test_the_letter_of_intent_asks_only_for_its_own_part(client):
    application, secretary, mayor = make_intent()
    progress = progress_of(application)
    assert application.stage == "intent"
    assert [s.section.code for s in progress.sections] == ["S0", "S1"]
    assert [p.piece.code for p in progress.pieces] == ["PLAN_SIT"]
    client.force_login(secretary)
    assert client.get(reverse("section", args=[application.uuid, "S2"])).status_code == 404
    assert client.post(reverse("section", args=[application.uuid, "S2"]), {"Q3": "x"}).status_code == 404
    assert client.get(reverse("piece", args=[application.uuid, "DELIB"])).status_code == 404
    assert deposit(application, mayor).facts["stage"] == "intent"


def test_only_the_first_stage_is_offered_in_the_list_of_open_calls(client):
    call = make_two_stages()
    _, secretary, _ = make_town()
    client.force_login(secretary)
    url = reverse("applications")
    assert list(client.get(url).context["open_calls"]) == [call]
    call.windows.filter(code="I").update(opens_at=portal_now() + timedelta(1))
    assert list(client.get(url).context["open_calls"]) == []


def test_an_intent_kept_opens_the_file_with_what_both_stages_ask(client):
    application, secretary, mayor = make_intent()
    deposit(application, mayor)
    officer = make_role(application.call, "officer")
    client.force_login(officer)
    page = body(client.get(reverse("staff_application", args=[application.uuid])))
    assert "Retenir la lettre d’intention" in page
    assert "Déclarer recevable" not in page
    assert client.post(reverse("staff_intent_keep", args=[application.uuid])).status_code == 302
    application.refresh_from_db()
    following = application.following
    assert (application.state, following.state, following.stage) == (states.KEPT, states.DRAFT, "file")
    assert (following.lead, following.window.code) == (application.lead, "F")
    values = {row.section_code: row.values for row in following.sections.all()}
    assert values == {"S1": ANSWERS["S1"]}, "what is asked twice is copied, no undertaking comes ticked"
    assert [a.piece_code for a in following.attachments.all()] == ["PLAN_SIT"]
    assert set(OutboundEmail.objects.filter(kind="applications.intent_kept").values_list("recipient", flat=True)) == {
        secretary.email,
        mayor.email,
    }
    client.force_login(secretary)
    assert "Ouvrir le dossier" in body(client.get(reverse("application", args=[application.uuid])))
    SectionAnswers.objects.filter(application=following, section_code="S1").update(
        values={**ANSWERS["S1"], "QU": "oui"}
    )
    SectionAnswers.objects.create(
        application=following, section_code="S2", values=ANSWERS["S2"], updated_at=portal_now(), updated_by=secretary
    )
    make_attachment(following, "DELIB", secretary)
    assert deposit(following, mayor).n == 1
    prefix = f"{application.call.code_prefix}-2027-"
    assert [application.number, following.number] == [f"{prefix}0001", f"{prefix}0002"]


def test_an_intent_not_kept_is_told_why_and_may_still_be_kept(client):
    application, secretary, mayor = make_intent()
    deposit(application, mayor)
    officer = make_role(application.call, "officer")
    client.force_login(officer)
    url = reverse("staff_intent_dismiss", args=[application.uuid])
    assert "Expliquez au candidat" in body(client.post(url, {"intention-reason": " "}))
    assert client.post(url, {"intention-reason": "Le site est hors zone."}).status_code == 302
    application.refresh_from_db()
    assert application.state == states.NOT_KEPT
    mail = OutboundEmail.objects.filter(kind="applications.intent_dismissed").first()
    assert "Le site est hors zone." in mail.body
    client.force_login(secretary)
    assert "Le site est hors zone." in body(client.get(reverse("application", args=[application.uuid])))
    with pytest.raises(Refused, match="a reçu sa réponse"):
        deposit(application, mayor)
    keep_intent(application=application, by=officer, at=portal_now())
    assert application.following.state == states.DRAFT


@pytest.mark.parametrize("role", ["reader", "secretary", "adviser"])
def test_only_officers_answer_an_intent(client, role):
    application, _, mayor = make_intent()
    deposit(application, mayor)
    client.force_login(make_role(application.call, role))
    expected = 404 if role == "adviser" else 403
    for name in ("staff_intent_keep", "staff_intent_dismiss"):
        assert client.post(reverse(name, args=[application.uuid])).status_code == expected, name
    application.refresh_from_db()
    assert application.state == states.SUBMITTED


def test_an_intent_is_never_judged_as_a_file_nor_a_file_as_an_intent():
    application, _, mayor = make_intent()
    deposit(application, mayor)
    officer = make_role(application.call, "officer")
    with pytest.raises(Refused, match="pas d’une lettre d’intention"):
        admit(application=application, by=officer, at=portal_now())
    with pytest.raises(IntegrityError, match="application_state_of_its_stage"), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(state=states.ADMISSIBLE)
    whole, _, mayor = make_ready(town=make_town(HARFLEUR))
    deposit(whole, mayor)
    with pytest.raises(IntegrityError, match="application_state_of_its_stage"), transaction.atomic():
        Application.objects.filter(pk=whole.pk).update(state=states.KEPT)


def test_no_file_opens_when_no_window_awaits_it():
    application, _, mayor = make_intent()
    deposit(application, mayor)
    application.call.windows.filter(code="F").delete()
    with pytest.raises(Refused, match="Aucune fenêtre"):
        keep_intent(application=application, by=make_role(application.call, "officer"), at=portal_now())
    application.refresh_from_db()
    assert application.state == states.SUBMITTED


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_an_intent_kept_eight_times_at_once_opens_one_file():
    application, _, mayor = make_intent()
    deposit(application, mayor)
    officer = make_role(application.call, "officer")

    def keep():
        mine = Application.objects.get(pk=application.pk)
        return keep_intent(application=mine, by=officer, at=portal_now())

    results = together([keep for _ in range(8)])
    assert sum(isinstance(result, Application) for result in results) == 1, results
    assert Application.objects.filter(stage="file").count() == 1
    assert ApplicationMember.objects.filter(current=True).count() == 1


def test_the_table_shows_one_line_a_commune_and_filters_by_stage_track_and_wave(client):
    call = make_two_stages()
    application, _, mayor = make_intent(call)
    deposit(application, mayor)
    make_intent(call, HARFLEUR)
    officer = make_role(call, "officer")
    following = keep_intent(application=application, by=officer, at=portal_now())
    client.force_login(officer)
    url = reverse("staff_communes", args=[call.slug])

    def shown(**query):
        page = client.get(url, query).context["rows"]
        return {(row.name, row.number, row.badge) for row in page}

    assert shown() == {("Étretat", "", "draft"), ("Harfleur", "", "draft")}
    assert shown(etape="intent") == {("Étretat", application.number, "deposited"), ("Harfleur", "", "draft")}
    assert shown(etape="intent", etat="retenue") == {("Étretat", application.number, "deposited")}
    assert following.previous == application


def test_waves_filter_the_table(client):
    call = make_call()
    make_waves(call)
    application, secretary, _ = begin(call)
    with at_instant(application.window.closes_at + timedelta(1)):
        join_next_wave(application=application, by=secretary, at=portal_now())
    client.force_login(make_role(call, "officer"))
    url = reverse("staff_communes", args=[call.slug])
    for code, found in (("W1", []), ("W2", [("Étretat", "vague 2")]), ("W3", [])):
        page = client.get(url, {"vague": code})
        assert [(row.name, row.place) for row in page.context["rows"]] == found, code


def test_tracks_filter_the_table_and_its_counts(client):
    call = make_call()
    places, ways = make_tracks(call)
    call.windows.filter(code="W2").update(opens_at=portal_now() - timedelta(1))
    deposited, _, mayor = begin(call, places)
    deposit(deposited, mayor)
    begin(call, ways, HARFLEUR)
    client.force_login(make_role(call, "officer"))
    page = client.get(reverse("staff_communes", args=[call.slug]), {"volet": "B"})
    assert [(row.name, row.place) for row in page.context["rows"]] == [("Harfleur", "Chemins")]
    assert (page.context["matched"]["total"], page.context["matched"]["draft"]) == (1, 1)
    page = client.get(reverse("staff_application", args=[deposited.uuid]))
    assert page.context["place"] == [{"label": "Volet", "value": "Places"}]


# --- access and kinds of applicants ------------------------------------------------------------------------------


def test_an_invitation_opens_the_call_to_those_of_its_list_only(client):
    call = make_call()
    call.extras = {**call.extras, "access": {"kind": "invitation", "invited": [ETRETAT[0], HARFLEUR[1]]}}
    call.save()
    for spec, allowed in ((ETRETAT, True), (HARFLEUR, True), (BENOUVILLE, False)):
        organisation, secretary, _ = make_town(spec)
        answer = can_start(secretary, organisation, call, portal_now())
        assert bool(answer) is allowed, spec
    assert "réservé aux organismes invités" in answer.reason
    client.force_login(secretary)
    assert "réservé aux organismes invités" in body(client.get(reverse("application_new", args=[call.slug])))


def test_a_call_of_signatories_asks_the_agreements_and_names_the_other_call():
    from support.agreements.queries import has_signed

    parent = make_call(title="Petites villes")
    call = make_call()
    call.extras = {**call.extras, "access": {"kind": "signatories", "call": parent.slug}}
    call.save()
    organisation, secretary, _ = make_town()
    assert has_signed in SIGNATORIES
    answer = can_start(secretary, organisation, call, portal_now())
    assert "signataires d’une convention de l’appel « Petites villes » 2027" in plain(answer.reason)
    make_signed(parent, organisation)
    assert can_start(secretary, organisation, call, portal_now())


def make_signed(call, organisation, state="signing"):
    """An agreement that the organisation has signed, and the other party not yet."""
    from datetime import date

    from portal.core.models import FrozenDocument
    from support.agreements.models import Agreement, Party

    document = FrozenDocument.objects.create(
        kind="agreement", number=f"C-{call.slug}", version=1, title="Convention", template="pdf/x.html",
        snapshot={}, issued_at=portal_now(),
    )  # fmt: skip
    agreement = Agreement.objects.create(
        call=call, number=f"C-{call.slug}", title="Convention", document=document,
        starts_on=date(2027, 1, 1), months=12, created_at=portal_now(), created_by=make_role(call),
    )  # fmt: skip
    Party.objects.create(
        agreement=agreement, position=1, organisation=organisation, side="beneficiary",
        representative_title="Le maire", signed_on=date(2027, 1, 2),
    )  # fmt: skip
    Agreement.objects.filter(pk=agreement.pk).update(state=state)
    return agreement


def make_group():
    group = make_intercommunality()
    PopulationFigure.objects.create(intercommunality=group, kind="municipale", year=2023, source="Insee", value=263_000)
    make_commune()
    return Organisation.objects.get(intercommunality=group)


def test_the_facts_of_an_intercommunality_are_its_own():
    make_call()
    facts = facts_of_organisation(make_group())
    assert (facts.applicant_kind, facts.siren, facts.department, facts.region) == (
        "intercommunality", "200084952", "76", "28",
    )  # fmt: skip
    assert facts.populations["municipale", 2023].value == 263_000
    state = Organisation.objects.create(kind="state", name="Un service de l’État", siren="110000072")
    assert (facts_of_organisation(state).applicant_kind, facts_of_organisation(state).populations) == ("state", {})


def test_an_intercommunality_may_apply_where_the_call_says_so_and_reads_why_not_elsewhere(client):
    call = make_call()
    group = make_group()
    agent = make_member(group, "signatory", role_title="Présidente")
    Stratum.objects.create(call=call, code="EPCI", position=1, label="Groupements", kind="applicant",
                           codes=["intercommunality"], population_kind="municipale")  # fmt: skip
    assert stratum_in(call, facts_of_organisation(group)) == "EPCI"
    EligibilityRule.objects.create(
        call=call, code="R9", position=9, kind="applicant_kind", label="Candidats", effect="blocking",
        parameters={"sentence": "Les communes.", "kinds": ["commune"]},
    )  # fmt: skip
    refused = can_start(agent, group, call, portal_now())
    assert refused.reason.startswith("Votre organisme ne peut pas candidater. Candidat attendu, une commune")
    EligibilityRule.objects.filter(code="R9").update(parameters={"sentence": "x", "kinds": ["intercommunality"]})
    application = start_application(call=call, organisation=group, by=agent, at=portal_now())
    client.force_login(agent)
    for name in ("application", "application_read", "deposit"):
        assert client.get(reverse(name, args=[application.uuid])).status_code == 200, name
    for code, values in ANSWERS.items():
        SectionAnswers.objects.update_or_create(
            application=application, section_code=code,
            defaults={"values": values, "updated_at": portal_now(), "updated_by": agent},
        )  # fmt: skip
    for code in ("DELIB", "PLAN_SIT"):
        make_attachment(application, code, agent)
    done = deposit(application, agent)
    assert done.facts["applicant_kind"] == "intercommunality"
    assert client.get(reverse("receipt", args=[application.uuid])).status_code == 200
    client.force_login(make_role(call, "officer"))
    table = client.get(reverse("staff_communes", args=[call.slug]))
    assert [lead.application for lead in table.context["others"]] == [application]
    assert reverse("staff_application", args=[application.uuid]) in body(table)
    scoped = make_role(call, "officer")
    scoped.call_roles.update(scope=[ETRETAT[0]])
    client.force_login(scoped)
    assert list(client.get(reverse("staff_communes", args=[call.slug])).context["others"]) == []
    town = make_town_hall()
    assert not can_start(make_member(town), town, call, portal_now())
