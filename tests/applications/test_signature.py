"""Asking for a signature: who may ask, whom, how often; answering once."""

from datetime import timedelta

import pytest

from applications import states
from applications.models import SignatureRequest
from applications.services.signature import ask_signature, decline_signature, designate_signatory
from portal.accounts.models import User
from portal.accounts.queries import may_sign
from portal.accounts.services import accept_claim
from portal.core.clock import at_instant, portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from tests.accounts.helpers import text_of
from tests.applications.files import deposit, make_ready, make_town, together
from tests.factories import make_application, make_member

pytestmark = pytest.mark.django_db
State = SignatureRequest.State


def ask(application, signatory, by, at=None):
    return ask_signature(application=application, signatory=signatory, by=by, at=at or portal_now())


def designate(organisation, by, email="maire@exemple.fr"):
    return designate_signatory(
        organisation=organisation, email=email, full_name="Prénom Nom", role_title="Maire", by=by, at=portal_now()
    )


def links_sent():
    return OutboundEmail.objects.filter(kind="applications.signature").count()


def test_the_mail_tells_the_mayor_what_to_do_and_by_when():
    application, secretary, mayor = make_ready()
    application.title = "La place"
    application.save()
    ask(application, mayor, secretary)
    mail = OutboundEmail.objects.get(kind="applications.signature")
    words = mail.body.replace("\u00a0", " ").replace("\u202f", " ")
    assert mail.subject.replace("\u00a0", " ").startswith("Candidature d’Étretat : à relire et à déposer avant le ")
    assert "Secrétaire de mairie vous demande de la relire et de la déposer." in words
    assert "Ce lien vous est personnel : il sert une seule fois, pendant sept jours. Ne le transmettez pas." in words
    assert mail.body.count("/liens/") == 1
    assert mail.from_name == "Le Havre Seine Métropole"


def test_asking_again_sends_the_link_again_but_not_in_the_same_hour():
    application, secretary, mayor = make_ready()
    at = portal_now()
    first = ask(application, mayor, secretary, at)
    assert ask(application, mayor, secretary, at) == first
    assert links_sent() == 1
    with at_instant(at + timedelta(hours=2)):
        assert ask(application, mayor, secretary) == first
    assert links_sent() == 2


def test_asking_someone_else_closes_the_former_request():
    application, secretary, mayor = make_ready()
    deputy = make_member(application.lead, "signatory")
    former = ask(application, mayor, secretary)
    ask(application, deputy, secretary)
    former.refresh_from_db()
    assert (former.state, former.reason) == (State.DECLINED, "Demande adressée à une autre personne.")
    assert SignatureRequest.objects.get(state=State.ASKED).signatory == deputy


def test_who_may_not_ask_and_whom():
    application, secretary, mayor = make_ready()
    pending = make_member(application.lead, state="pending")
    with pytest.raises(Refused, match="n’est pas encore confirmé"):
        ask(application, mayor, pending)
    with pytest.raises(Refused, match="n’est pas habilitée à signer"):
        ask(application, make_member(application.lead), secretary)
    organisation, other, other_mayor = make_town(("76341", "217603414", "Harfleur", 0, 8289))
    with pytest.raises(Refused, match="Il reste"):
        ask(make_application(application.call, organisation, by=other), other_mayor, other)
    assert links_sent() == 0


def test_a_colleague_is_named_signatory_without_losing_the_account():
    organisation, _, mayor = make_town()
    colleague = make_member(organisation, "editor", full_name="Nom connu")
    assert designate(organisation, mayor, colleague.email) == colleague
    assert may_sign(colleague, organisation)
    colleague.refresh_from_db()
    assert colleague.full_name == "Nom connu"
    assert colleague.memberships.count() == 1
    assert designate(organisation, mayor, colleague.email) == colleague
    assert User.objects.filter(email=colleague.email).count() == 1


def test_nobody_names_oneself_nor_names_anyone_before_being_confirmed():
    organisation, secretary, _ = make_town()
    with pytest.raises(Refused, match="Vous ne pouvez pas vous désigner vous-même"):
        designate(organisation, secretary, secretary.email.upper())
    with pytest.raises(Refused, match="Seule une personne confirmée"):
        designate(organisation, make_member(organisation, state="pending"))
    assert not may_sign(secretary, organisation)


def test_a_request_is_answered_once_by_its_addressee_with_a_reason():
    application, secretary, mayor = make_ready()
    request = ask(application, mayor, secretary)
    at = portal_now()
    with pytest.raises(Refused, match="ne vous est pas adressée"):
        decline_signature(request=request, by=secretary, reason="x", at=at)
    with pytest.raises(Refused, match="Dites en une phrase"):
        decline_signature(request=request, by=mayor, reason=" ", at=at)
    decline_signature(request=request, by=mayor, reason="Le conseil veut en reparler.", at=at)
    with pytest.raises(Refused, match="Vous avez déjà répondu"):
        decline_signature(request=request, by=mayor, reason="Encore.", at=at)
    assert application.state == states.DRAFT


def test_the_deposit_settles_the_request():
    application, secretary, mayor = make_ready()
    request = ask(application, mayor, secretary)
    done = deposit(application, mayor)
    request.refresh_from_db()
    assert (request.state, request.settled_at) == (State.DONE, done.received_at)


def test_an_editor_cannot_deposit_through_a_mailbox_that_they_name():
    application, secretary, _ = make_ready()
    named = designate(application.lead, secretary, "complice@exemple.fr")
    ask(application, named, secretary)
    with pytest.raises(Refused, match=r"La mairie doit confirmer que Prénom Nom signe.*m•••@exemple\.fr"):
        deposit(application, named)
    assert application.deposits.count() == 0


def test_the_named_person_reads_then_is_written_to_again_once_confirmed(client):
    application, secretary, _ = make_ready()
    named = designate(application.lead, secretary)
    ask(application, named, secretary)
    first = OutboundEmail.objects.get(kind="applications.signature")
    assert "Vous pouvez déjà tout lire." in first.body
    assert "La mairie doit confirmer" in first.body
    client.force_login(named)
    page = text_of(client.get(f"/candidatures/{application.uuid}/signature/"))
    assert ("La mairie doit confirmer" in page, "Continuer vers le dépôt" in page) == (True, False)
    assert "Lire la candidature" in text_of(client.get("/mes-actions/"))
    claim = named.memberships.get().claims.get()
    accept_claim(claim=claim, by=None, how="réponse de la mairie", at=portal_now())
    again = OutboundEmail.objects.filter(kind="applications.signature").exclude(pk=first.pk).get()
    assert "La commune a confirmé que vous signez pour elle" in again.body
    assert not OutboundEmail.objects.filter(kind="claim-accepted", period="signatory").exists()
    page = text_of(client.get(f"/candidatures/{application.uuid}/signature/"))
    assert ("La mairie doit confirmer" in page, "Continuer vers le dépôt" in page) == (False, True)
    assert deposit(application, named).n == 1


@pytest.mark.parametrize("known", [True, False])
def test_the_page_says_who_confirms_before_and_after(client, known):
    application, secretary, mayor = make_ready()
    type(application.lead).objects.update(official_email="mairie@exemple.fr" if known else "")
    address = f"/candidatures/{application.uuid}/faire-signer/"
    client.force_login(secretary)
    before = text_of(client.get(address))
    assert ("un lien part à son adresse officielle, m•••@exemple.fr" in before) is known
    assert ("après l’invitation, appelez Service Santé, 02 35 00 00 00" in before) is not known
    typed = {"full_name": "Prénom Nom", "role_title": "Maire", "email": "maire@exemple.fr"}
    sent = text_of(client.post(address, typed, follow=True))
    told = "La mairie doit confirmer que Prénom Nom" if known else "appelez le contact de l’appel"
    assert sent.count(told) == 2, "the message, and the note beside the request"
    assert told in text_of(client.get(address))
    client.force_login(mayor)
    assert "adresse officielle" not in text_of(client.get(address)).split("Une autre personne signe")[1]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_requests_at_once_are_one_request_and_one_mail():
    application, secretary, mayor = make_ready()
    at = portal_now()
    together([lambda: ask(application, mayor, secretary, at)] * 8)
    assert SignatureRequest.objects.count() == links_sent() == 1
