"""Links that the portal finds by itself: proposed before any file opens, dismissed with a kept reason only."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from juries.links import ELECTED, NO_LINK, PROVIDER, Said, found_sentence, refusal
from juries.models import InterestDeclaration, Recusal
from juries.queries import undeclared
from juries.services.interests import declare_interests
from juries.services.seats import end_holding, take_seat
from portal.accounts.models import Organisation
from portal.core.clock import portal_now
from portal.core.rules import Refused
from portal.territories.models import Intercommunality
from tests.factories import ETRETAT, make_call, make_institution, make_member, make_role, make_town_hall, make_user
from tests.juries.clicks import enter, text_of
from tests.juries.scenes import declare_all, make_scene

pytestmark = pytest.mark.django_db
WHY = "Mandat terminé depuis dix ans."


def seated(scene, user=None, organisation=None):
    """A new holder of the second seat."""
    end_holding(holder=scene.holders[1], at=scene.at)
    return take_seat(seat=scene.holders[1].seat, user=user or make_user(), organisation=organisation, at=portal_now())


def found_by(holder) -> dict[str, list[str]]:
    return {file.number[-1]: file.found for file in undeclared(holder) if file.found}


# --- what is found ------------------------------------------------------------------------------------------------


def test_nothing_is_found_between_strangers():
    scene = make_scene()
    assert [found_by(holder) for holder in scene.holders] == [{}] * 8


def test_the_intercommunality_of_a_commune_unless_it_owns_the_call():
    scene = make_scene()
    group = Intercommunality.objects.create(siren="247600588", name="CC des Falaises", kind="CC")
    commune = scene.files[1].lead.commune
    commune.intercommunality = group
    commune.save()
    body = Organisation.objects.create(kind="intercommunality", name=group.name, intercommunality=group)
    assert found_by(seated(scene, organisation=body)) == {"2": ["intercommunality"]}
    scene.call.owner = body
    scene.call.save()
    assert found_by(seated_again(scene, body)) == {}


def seated_again(scene, body):
    end_holding(holder=scene.holders[2], at=scene.at)
    return take_seat(seat=scene.holders[2].seat, user=make_user(), organisation=body, at=portal_now())


def test_an_address_of_the_commune_and_an_office_left():
    scene = make_scene()
    Organisation.objects.filter(pk=scene.files[0].lead_id).update(official_email="mairie@etretat-mairie.fr")
    user = make_member(make_town_hall(scene_commune(scene, 2)), "editor", user=make_user("a.b@Etretat-mairie.fr"))
    user.memberships.update(state="ended")
    assert found_by(seated(scene, user)) == {"1": ["employer"], "3": ["former"]}


def scene_commune(scene, n):
    from tests.juries.scenes import COMMUNES

    assert COMMUNES[n][0] == scene.files[n].lead.commune_id
    return COMMUNES[n]


def test_shared_addresses_tell_nothing():
    scene = make_scene(1)
    Organisation.objects.filter(pk=scene.files[0].lead_id).update(official_email="mairie@orange.fr")
    assert found_by(seated(scene, make_user("juree@orange.fr"))) == {}


def test_a_commune_accompanied_in_another_call():
    scene, other = make_scene(), make_call(make_institution("243100518", "Autre", "autre"), prefix="AUT")
    adviser = make_role(other, "adviser")
    adviser.call_roles.update(scope=[ETRETAT[0]])
    assert found_by(seated(scene, adviser)) == {"1": ["adviser"]}
    adviser.call_roles.update(ends_at=scene.at)
    assert found_by(seated_third(scene, adviser)) == {}


def seated_third(scene, user):
    end_holding(holder=scene.holders[1].seat.holders.get(ends_at=None), at=portal_now())
    return take_seat(seat=scene.holders[1].seat, user=user, at=portal_now())


# --- what is said -------------------------------------------------------------------------------------------------


def tied_scene():
    """A member who left the town hall of the first file."""
    scene = make_scene(2)
    user = make_member(make_town_hall(ETRETAT), "editor")
    user.memberships.update(state="ended")
    return scene, seated(scene, user)


def test_a_found_link_is_dismissed_with_a_reason_that_is_kept():
    scene, holder = tied_scene()
    first, second = scene.files
    with pytest.raises(Refused, match="Dites pourquoi ce n’est pas un lien d’intérêt, ou déclarez-le."):
        declare_interests(holder=holder, links={first: NO_LINK, second: NO_LINK}, at=scene.at)
    declare_interests(holder=holder, links={first: Said(dismissal=WHY), second: Said(dismissal="x")}, at=scene.at)
    kept = {d.application_id: (d.linked, d.found, d.dismissal) for d in holder.declarations.all()}
    assert kept == {first.pk: (False, ["former"], WHY), second.pk: (False, [], "")}
    assert (Recusal.objects.count(), undeclared(holder).count()) == (0, 0)


def test_or_it_is_declared_and_recuses():
    scene, holder = tied_scene()
    said = Said(kind=ELECTED, nature="Ancienne adjointe")
    declare_interests(holder=holder, links={scene.files[0]: said}, at=scene.at)
    line = holder.declarations.get()
    assert (line.linked, line.kind, line.nature, line.found) == (True, "elected", "Ancienne adjointe", ["former"])
    assert Recusal.objects.get().reason == "Ancienne adjointe"


def test_a_link_found_after_the_declaration_closes_the_files_until_it_is_said(client):
    scene = declare_all(make_scene(2))
    holder = scene.holders[1]
    file = reverse("jury_file", args=[scene.files[1].uuid])
    enter(client, holder.user)
    assert client.get(file).status_code == 200
    make_member(make_town_hall(ETRETAT), "editor", user=holder.user).memberships.update(state="ended")
    assert client.get(file).status_code == 403
    declare = reverse("jury_declare", args=[scene.call.slug])
    page = text_of(client.get(declare))
    assert "Le portail relève\u00a0: vous avez exercé une fonction dans la collectivité candidate." in page
    first = scene.files[0].pk
    refused = client.post(declare, {f"lien_{first}": "aucun", f"ecarte_{first}": " "})
    assert "dites pourquoi ce n’est pas un lien d’intérêt" in text_of(refused)
    assert client.post(declare, {f"lien_{first}": "aucun", f"ecarte_{first}": WHY}).status_code == 302
    assert client.get(file).status_code == 200
    assert holder.declarations.get(application=first).dismissal == WHY


def test_the_body_that_acts_for_a_commune_is_recused_of_right():
    scene = make_scene(2)
    studio = Organisation.objects.create(kind="company", name="Atelier du littoral")
    scene.files[0].members.create(call=scene.call, organisation=studio, role="mandatary", confirmed_at=portal_now())
    seated(scene, organisation=studio)
    row = Recusal.objects.get()
    assert (row.application, row.origin, row.reason) == (
        scene.files[0],
        "automatic",
        "Représente l’organisme qui agit pour la collectivité candidate (Atelier du littoral)",
    )


@pytest.mark.parametrize(
    "columns",
    [
        {"linked": True, "nature": "Étude"},
        {"linked": True, "kind": "other"},
        {"linked": False, "kind": "other"},
        {"linked": False, "found": ["former"]},
    ],
)
def test_the_database_refuses_what_is_half_said(columns):
    scene = make_scene(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        InterestDeclaration.objects.create(
            holder=scene.holders[0], application=scene.files[0], declared_at=scene.at, **columns
        )


def test_the_register_tells_each_recusal_and_each_dismissal(client):
    scene, holder = tied_scene()
    first, second = scene.files
    said = Said(kind=PROVIDER, nature="Étude du bourg")
    declare_interests(holder=holder, links={first: Said(dismissal=WHY), second: said}, at=scene.at)
    url = reverse("jury_interests", args=[scene.call.slug])
    enter(client, scene.manager)
    unknown = client.post(url, {"seat": scene.holders[4].seat_id, "number": "TPS-1999-0001", "reason": "Parenté"})
    assert "aucune candidature présentée à ce jury ne porte ce numéro" in text_of(unknown)
    told = {"seat": scene.holders[4].seat_id, "number": f" {first.number.lower()}", "reason": "Parenté"}
    assert client.post(url, told).status_code == 302
    page = text_of(client.get(url))
    for words in (
        "2\u00a0déports",
        "Prestation, étude ou marché",
        "Étude du bourg",
        "Prononcé",
        "1\u00a0lien écarté",
        WHY,
    ):
        assert words in page, words
    row = Recusal.objects.get(application=first)
    assert (row.seat, row.origin, row.reason, row.by) == (scene.holders[4].seat, "pronounced", "Parenté", scene.manager)


# --- pure ---------------------------------------------------------------------------------------------------------


def test_what_is_missing_in_a_declaration():
    told = "Le portail relève\u00a0: votre adresse est celle de la collectivité candidate\u202f; vous avez exercé"
    assert [refusal(NO_LINK, ()), refusal(Said(kind=PROVIDER, nature="Étude"), ("former",))] == ["", ""]
    assert refusal(Said(kind="x", nature="Étude"), ()) == "Choisissez la nature de ce lien dans la liste."
    assert refusal(Said(kind=PROVIDER), ()).startswith("Dites d’une formule générale")
    assert found_sentence(["former", "employer"]).startswith(told)
    assert found_sentence([]) == ""
