"""What the portal knows of a person: every link is in the register, every row comes out, no secret does."""

import json

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from calls.models import Enquiry
from portal.accounts.models import User
from portal.core.clock import portal_now
from portal.core.models import AccessRecord
from portal.home.personal import BY_ADDRESS, REGISTER, personal_data
from tests.applications.files import deposit, make_ready

pytestmark = pytest.mark.django_db

# Addresses of services, never of a person alone.
OF_SERVICES = {
    "core.OutboundEmail.reply_to", "accounts.Organisation.official_email", "accounts.InstitutionProfile.contact_email",
    "accounts.InstitutionProfile.dpo_email", "calls.Call.contact_email", "network.EngineeringBody.email",
}  # fmt: skip
OF_THE_ACCOUNT = {"accounts.User.email", "account.EmailAddress.email"}


def test_every_link_to_a_person_is_in_the_register_once():
    links = [
        f"{relation.related_model._meta.label}.{relation.field.name}"
        for relation in User._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
    ]
    told = [place for places in REGISTER.values() for place in places]
    assert sorted(told) == sorted(links)


def test_every_address_is_in_the_register_or_belongs_to_a_service():
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.EmailField) or field.name == "recipient"
    }
    assert found == {place for places in BY_ADDRESS.values() for place in places} | OF_SERVICES | OF_THE_ACCOUNT


def places_of(found: dict) -> set[str]:
    return {row["origine"] for rows in found.values() for row in rows if "origine" in row}


def test_the_acts_of_one_person_come_out_and_only_theirs():
    application, secretary, mayor = make_ready()
    deposit(application, mayor)
    Enquiry.objects.create(
        call=application.call, email=mayor.email.upper(), asked="Faut-il une délibération ?", asked_at=portal_now()
    )
    found = personal_data(mayor)
    assert found["Votre compte"][0]["email"] == mayor.email
    assert places_of(found) == {
        "account.EmailAddress.user", "accounts.Membership.user", "applications.ApplicationTransition.by", "applications.Deposit.deposited_by",
        "applications.DepositAttempt.by", "core.OutboundEmail.recipient", "calls.Enquiry.email",
    }  # fmt: skip
    assert found["Les questions posées à votre adresse"][0]["asked"] == "Faut-il une délibération ?"
    assert mayor.email not in json.dumps(personal_data(secretary))


def test_no_secret_comes_out():
    _, secretary, _ = make_ready()
    secretary.set_password("un mot de passe")
    secretary.save()
    assert "password" not in personal_data(secretary)["Votre compte"][0]
    assert secretary.password not in json.dumps(personal_data(secretary))


def test_a_person_downloads_it_after_a_code(client):
    _, secretary, _ = make_ready()
    client.force_login(secretary)
    assert "Télécharger mes données" in client.get(reverse("personal_data")).content.decode()
    path = reverse("personal_data_export")
    assert client.get(path).url.startswith(reverse("step_up"))
    session = client.session
    session["step_up_at"] = portal_now().isoformat()
    session.save()
    answer = client.get(path)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mes-donnees.json"'
    assert AccessRecord.objects.get().what == "ses données"
    assert json.loads(answer.content) == json.loads(json.dumps(personal_data(secretary)))
