"""A role is asked by a manager, confirmed by a second person, accepted by its holder."""

import re

import pytest
from django.test import Client

from calls.models import CallRole
from calls.services.team import accept_role, end_role
from portal.accounts.models import Invitation
from portal.core.clock import portal_now
from portal.core.models import Approval, OutboundEmail
from portal.core.rules import Refused
from tests.factories import make_call, make_member, make_role, make_user

pytestmark = pytest.mark.django_db
FORM = {"email": "Nouvelle@exemple.fr", "role_title": "Instructrice", "role": "officer"}


def link_in(mail: OutboundEmail) -> str:
    return re.search(r"https://ami\.exemple\.fr(/\S+)", mail.body)[1]


def test_from_the_request_to_the_role(client: Client) -> None:
    call = make_call()
    manager, director = make_role(call), make_member(call.owner, "manager")
    client.force_login(manager)
    client.post(f"/gestion/appels/{call.slug}/equipe/", {**FORM, "approver": director.pk})
    assert not Invitation.objects.exists()
    client.force_login(director)
    client.post(
        link_in(OutboundEmail.objects.get(recipient=director.email)),
        {"answer": "yes", "reponse": "oui", "approved": "on"},
    )
    assert Approval.objects.get().state == "approved"
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.grant_key) == ("nouvelle@exemple.fr", f"{call.slug}:officer")
    path = accept_role(invitation, make_user("nouvelle@exemple.fr"), portal_now())
    assert path == f"/gestion/appels/{call.slug}/"
    assert set(CallRole.objects.values_list("user__email", "role", "given_by")) == {
        (manager.email, "manager", None),
        ("nouvelle@exemple.fr", "officer", manager.pk),
    }


def test_nobody_gives_a_role_to_oneself(client: Client) -> None:
    call = make_call()
    manager, director = make_role(call), make_member(call.owner, "manager")
    client.force_login(manager)
    answer = client.post(
        f"/gestion/appels/{call.slug}/equipe/", {**FORM, "email": manager.email, "approver": director.pk}
    )
    assert answer.status_code == 403
    assert "On ne se donne pas un rôle à soi-même" in answer.content.decode()
    assert not Approval.objects.exists()


def test_an_officer_reads_the_team_and_changes_nothing(client: Client) -> None:
    call = make_call()
    director = make_member(call.owner, "manager")
    client.force_login(make_role(call, "officer"))
    page = client.get(f"/gestion/appels/{call.slug}/equipe/")
    assert "Inviter quelqu’un" not in page.content.decode()
    assert client.post(f"/gestion/appels/{call.slug}/equipe/", {**FORM, "approver": director.pk}).status_code == 403


def test_a_call_keeps_a_manager() -> None:
    call = make_call()
    first, second = make_role(call), make_role(call)
    role = CallRole.objects.get(user=first)
    end_role(role=role, by=second, at=portal_now())
    with pytest.raises(Refused, match="la seule personne qui gère"):
        end_role(role=CallRole.objects.get(user=second), by=second, at=portal_now())
