"""A commune nouvelle takes the place of its communes: what passes, what stays, dry first, listed, never twice."""

from datetime import date
from html import unescape

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from portal.accounts.models import Invitation, Membership, Organisation, Takeover, TakeoverLine
from portal.accounts.queries_references import search_organisations
from portal.accounts.services.takeover import rehearse_takeover, take_over
from portal.core.clock import portal_now
from portal.core.rules import Refused
from portal.territories.models import Commune, Movement
from support.agreements.models import Agreement, Party
from tests.factories import (
    BENOUVILLE,
    ETRETAT,
    TILLEUL,
    make_application,
    make_call,
    make_institution,
    make_member,
    make_town_hall,
    make_user,
)
from tests.support.factories import make_agreement, make_laureate, make_plan, make_programme

pytestmark = pytest.mark.django_db
SCREEN = "/plateforme/organismes/"
REASON = "arrêté préfectoral du 3 décembre 2026"


@pytest.fixture
def hall():
    return make_town_hall(ETRETAT)


@pytest.fixture
def heir():
    return make_town_hall(TILLEUL)


def act(heir, *olds, do=take_over, **changed):
    values = {"on": date(2027, 1, 1), "reason": REASON, "by": make_user(is_platform_admin=True), "at": portal_now()}
    return do(predecessors=olds, successor=heir, **{**values, **changed})


def rights(organisation):
    rows = organisation.memberships.values_list("user__email", "right", "state")
    return set(rows)


def test_the_file_its_members_and_its_resolution_pass(hall, heir):
    line = make_laureate(make_programme())
    application = line.application
    act(heir, hall)
    application.refresh_from_db()
    assert application.lead == heir
    assert application.members.get().organisation == heir
    assert application.resolutions.get().organisation == heir
    hall.refresh_from_db()
    assert (hall.merged_into, hall.merged_on) == (heir, date(2027, 1, 1))


def test_an_agreement_that_lives_passes_and_an_ended_one_keeps_its_parties(hall, heir):
    plan = make_plan()
    agreement = plan.agreement
    ended = Agreement.objects.create(
        call=agreement.call, number="C-0", title="Ancienne", document=agreement.document,
        starts_on=date(2024, 1, 1), months=12, created_at=portal_now(), created_by=make_user(),
    )  # fmt: skip
    Party.objects.create(
        agreement=ended, position=1, organisation=hall, side="beneficiary", representative_title="Le maire"
    )
    dates = {"effective_on": date(2024, 1, 1), "ended_on": date(2024, 12, 31)}
    Agreement.objects.filter(pk=ended.pk).update(state="terminated", **dates)
    takeover = act(heir, hall)
    assert {party.organisation for party in agreement.parties.filter(side="beneficiary")} == {heir}
    assert ended.parties.get().organisation == hall
    assert f"convention {agreement.number}, {agreement.title}" in [line.sentence for line in takeover.lines.all()]


def test_one_agreement_of_both_communes_keeps_both_parties(hall, heir):
    call = make_programme()
    agreement = make_agreement(call, make_laureate(call), make_laureate(call, TILLEUL, n=2))
    takeover = act(heir, hall)
    assert {party.organisation for party in agreement.parties.filter(side="beneficiary")} == {hall, heir}
    stays = [line.sentence for line in takeover.lines.filter(moved=False, table="agreements.Party")]
    assert stays == [
        (
            f"convention {agreement.number}, {agreement.title}, reste à son nom\u00a0: le nouvel organisme est déjà "
            "partie à cette convention"
        )
    ]


def test_members_write_for_the_new_commune_and_whoever_signed_is_confirmed_again(hall, heir):
    writer = make_member(hall, "editor", email="agent@exemple.fr")
    make_member(hall, "signatory", email="maire@exemple.fr")
    make_member(hall, "editor", state="pending", email="attente@exemple.fr")
    make_member(heir, "signatory", user=make_member(hall, "reader", email="deja@exemple.fr"))
    takeover = act(heir, hall)
    assert rights(heir) == {
        ("agent@exemple.fr", "editor", "confirmed"),
        ("maire@exemple.fr", "editor", "confirmed"),
        ("deja@exemple.fr", "signatory", "confirmed"),
    }
    assert {state for _, _, state in rights(hall)} == {"ended"}
    entered = heir.memberships.get(user=writer)
    assert entered.confirmation == f"reprise de {hall}"
    assert [(t.transition, t.by, t.reason) for t in entered.transitions.all()] == [
        ("confirm", takeover.done_by, f"reprise de {hall}")
    ]


def test_two_files_of_one_call_cannot_both_pass_the_second_stays_with_its_people(hall, heir):
    other, call = make_town_hall(BENOUVILLE), make_call()
    first = make_application(call, hall, number="T-1", state="submitted")
    second = make_application(call, other, number="T-2", state="submitted")
    make_member(other, "editor", email="benouville@exemple.fr")
    takeover = act(heir, hall, other)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.lead, second.lead) == (heir, other)
    kept = takeover.lines.filter(moved=False).order_by("pk")
    reason = "reste à son nom\u00a0: le nouvel organisme est déjà dans une candidature à cet appel"
    assert [line.sentence for line in kept] == [
        f"T-2, {call.title} (porteuse), {reason}",
        f"T-2, {call.title}, organisme porteur, {reason}",
    ]
    assert rights(other) == {("benouville@exemple.fr", "editor", "confirmed")}
    assert ("benouville@exemple.fr", "editor", "confirmed") in rights(heir)


def test_the_rehearsal_tells_the_same_and_writes_nothing(hall, heir):
    make_application(make_call(), hall, number="T-9", state="submitted")
    make_member(hall, "signatory", email="maire@exemple.fr")
    said = act(heir, hall, do=rehearse_takeover)
    assert said == [
        f"{hall}\u00a0:",
        "  T-9, Territoire promoteur de santé (porteuse)",
        "  T-9, Territoire promoteur de santé, organisme porteur",
        "  maire@exemple.fr\u00a0: rédaction ; son droit de signature est à confirmer",
        f"  le nom «\u00a0{hall}\u00a0» mène à «\u00a0{heir}\u00a0»",
    ]
    hall.refresh_from_db()
    assert (hall.merged_into, Takeover.objects.count(), TakeoverLine.objects.count()) == (None, 0, 0)
    assert rights(hall) == {("maire@exemple.fr", "signatory", "confirmed")}


def test_the_former_name_leads_to_the_new_organisation(hall, heir):
    act(heir, hall)
    assert [(alias.name, alias.until) for alias in heir.aliases.all()] == [("Commune de Étretat", date(2027, 1, 1))]
    assert list(search_organisations("etretat")) == [heir, hall]
    assert list(search_organisations(hall.siren)) == [hall]


def test_open_invitations_of_the_former_organisation_expire(hall, heir):
    now = portal_now()
    Invitation.objects.create(
        email="x@exemple.fr", organisation=hall, right="editor", token_sha256="0" * 64, invited_by=make_user(),
        created_at=now, expires_at=now.replace(year=now.year + 1),
    )  # fmt: skip
    takeover = act(heir, hall)
    assert Invitation.objects.get().expires_at == takeover.done_at


def test_what_a_takeover_refuses(hall, heir):
    with pytest.raises(Refused, match="au moins un organisme"):
        act(heir)
    with pytest.raises(Refused, match="ne peut pas se reprendre lui-même"):
        act(heir, heir)
    with pytest.raises(Refused, match="organise des appels"):
        act(heir, make_institution())
    with pytest.raises(Refused, match="Donnez l’acte"):
        act(heir, hall, reason=" ")
    act(heir, hall)
    with pytest.raises(Refused, match="a déjà été repris"):
        act(heir, hall)


def test_the_list_of_a_takeover_is_never_rewritten(hall, heir):
    takeover = act(heir, hall)
    with pytest.raises(DatabaseError), transaction.atomic():
        takeover.lines.update(sentence="autre")
    with pytest.raises(DatabaseError), transaction.atomic():
        Takeover.objects.filter(pk=takeover.pk).delete()


def test_the_command_is_dry_then_writes(hall, heir, capsys):
    admin = make_user("plateforme@exemple.fr", is_platform_admin=True)
    options = {"into": heir.siren, "on": "01/01/2027", "reason": REASON, "administrator": admin.email}
    call_command("take_over", hall.siren, **options)
    assert capsys.readouterr().out.splitlines()[-1] == "Rien n’est écrit. Pour écrire, ajoutez --apply."
    assert not Takeover.objects.exists()
    call_command("take_over", hall.siren, **options, apply=True)
    assert capsys.readouterr().out.splitlines()[-1] == "C’est écrit."
    assert Takeover.objects.get().done_by == admin
    for changed, message in [
        ({"administrator": "x@exemple.fr"}, "n’est pas celle de l’administration"),
        ({"on": "demain"}, "la date « demain » ne se lit pas"),
        ({"into": "123456789"}, "Aucun organisme ne porte le SIREN 123456789"),
    ]:
        with pytest.raises(CommandError, match=message):
            call_command("take_over", hall.siren, **{**options, **changed})


def retire(commune, after, **fields):
    Movement.objects.create(
        code_before=commune.insee, code_after=after.insee, name_after=after.name, kind="department",
        effective_on=date(2026, 1, 1), source="essai",
    )  # fmt: skip
    Commune.objects.filter(pk=commune.pk).update(inhabited=False, **fields)


def test_an_organisation_follows_a_commune_that_only_changed_its_code(hall, capsys):
    new = Commune.objects.create(
        insee="27999", name="Étretat", search_name="etretat", department=hall.commune.department, siren="200000008"
    )
    retire(hall.commune, new, siren=None)
    Commune.objects.filter(pk=new.pk).update(siren=hall.siren)
    call_command("repair_references")
    assert capsys.readouterr().out.splitlines() == [
        "Commune de Étretat\u00a0: 76254 → 27999 (Étretat)",
        "Rien n’est écrit. Pour écrire, ajoutez --apply.",
        "À reprendre, ces fiches nomment un code qui a changé\u00a0:",
        (
            "  organisme «\u00a0Commune de Étretat\u00a0» (76254)\u00a0: devenu Étretat (27999) ; "
            "manage.py repair_references"
        ),
    ]
    call_command("repair_references", apply=True)
    assert capsys.readouterr().out.splitlines()[1:] == ["C’est écrit.", "Aucune fiche ne nomme un ancien code."]
    assert Organisation.objects.get(pk=hall.pk).commune_id == "27999"


def test_a_merger_is_reported_for_the_organisation_and_for_the_calls_and_never_done_alone(hall, heir, capsys):
    retire(hall.commune, heir.commune)
    make_call(perimeter_kind="communes", perimeter_codes=["76254", "76693"])
    call = make_call(title="Autre appel")
    call.eligibility_rules.create(
        code="R2", position=2, kind="place", label="Lieu", effect="blocking",
        parameters={"place": {"kind": "communes", "codes": ["76254"]}},
    )  # fmt: skip
    call_command("repair_references", apply=True)
    assert capsys.readouterr().out.splitlines() == [
        "À reprendre, ces fiches nomment un code qui a changé\u00a0:",
        "  organisme «\u00a0Commune de Étretat\u00a0» (76254)\u00a0: devenu Le Tilleul (76693) ; manage.py take_over",
        "  appel « Territoire promoteur de santé » 2027, périmètre\u00a0: 76254 est devenue 76693",
        "  appel « Autre appel » 2027, règle R2\u00a0: 76254 est devenue 76693",
    ]
    assert Organisation.objects.get(pk=hall.pk).commune_id == "76254"
    assert Membership.objects.count() == 0


# --- the screen --------------------------------------------------------------------------------------------------


def shown(answer) -> str:
    return unescape(answer.content.decode()).replace("\u202f", " ").replace("\u00a0", " ")


def test_the_screen_shows_what_would_pass_then_does_just_that(client, hall, heir):
    admin = make_user(is_platform_admin=True)
    client.force_login(admin)
    make_application(lead=hall)
    url = f"{SCREEN}{heir.uuid}/reprise/"
    typed = {"predecessors": "217 602 549", "on": "2027-01-01", "reason": REASON}
    wrong = client.post(url, {**typed, "predecessors": "217602549\n552100554"})
    assert "Aucun organisme ne porte le SIREN 552100554." in shown(wrong)
    assert wrong.context["form"]["reason"].value() == REASON
    preview = client.post(url, typed)
    assert "Une reprise ne se défait pas." in shown(preview)
    assert f"le nom « {hall} » mène à" in shown(preview)
    assert Takeover.objects.count() == 0
    seen = {**typed, "seen": preview.context["seen"]}
    assert "Cochez cette case après avoir lu" in shown(client.post(url, seen))
    assert client.post(url, {**seen, "sure": "on", "correct": "1"}).context["lines"] is None
    assert Takeover.objects.count() == 0
    done = client.post(url, {**seen, "sure": "on"})
    assert (done.status_code, done.url) == (302, f"{SCREEN}{heir.uuid}/")
    takeover = Takeover.objects.get()
    assert (takeover.successor, takeover.done_by, takeover.reason) == (heir, admin, REASON)
    assert [line.sentence for line in takeover.lines.order_by("pk")] == [
        text.strip() for text in preview.context["lines"] if text.startswith(" ")
    ]
    page = shown(client.get(f"{SCREEN}{heir.uuid}/"))
    assert f"Reprise par « {heir} », {REASON}" in page
    assert "a déjà été repris par" in shown(client.post(url, {**seen, "sure": "on"}))


def test_what_changed_since_it_was_read_is_read_again(client, hall, heir):
    client.force_login(make_user(is_platform_admin=True))
    url = f"{SCREEN}{heir.uuid}/reprise/"
    typed = {"predecessors": "217602549", "on": "2027-01-01", "reason": REASON, "sure": "on"}
    seen = client.post(url, typed).context["seen"]
    make_application(lead=hall)
    again = client.post(url, {**typed, "seen": seen})
    assert "La situation a changé depuis votre lecture : rien n’est écrit." in shown(again)
    assert (Takeover.objects.count(), Organisation.objects.exclude(merged_into=None).count()) == (0, 0)
    assert client.post(url, {**typed, "seen": again.context["seen"]}).status_code == 302
    assert Takeover.objects.count() == 1
