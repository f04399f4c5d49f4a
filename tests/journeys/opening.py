"""Act one: the institution, the call published by two persons, the town halls invited."""

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.accounts.models import InstitutionProfile, Membership
from portal.core.models import FrozenDocument, OutboundEmail
from tests.factories import make_user

from .story import SLUG, Story
from .territory import know_the_town_halls, town_hall_address
from .walker import deliver, words

CATALOGUE = settings.ROOT / "calls" / "catalogue" / "territoire-promoteur-de-sante.yaml"
STEPS = (
    {
        "siren": "200 084 952",
        "kind": "intercommunality",
        "name": "Le Havre Seine Métropole",
        "short_name": "Le Havre Seine Métropole",
        "kind_label": "Communauté urbaine",
        "designation": "la communauté urbaine",
        "address_line": "19, rue Georges-Braque, 76085 Le Havre Cedex",
        "city": "Le Havre",
        "units": "Service Santé",
    },
    {"brand": "#0C4F5C", "light": "#F5B841"},
    {
        "service_lines": "Service Santé",
        "signatory_title": "Le Président",
        "court": "tribunal administratif de Rouen",
        "court_address": "53, avenue Gustave-Flaubert, 76000 Rouen",
    },
    {
        "contact_service": "Service Santé",
        "contact_phone": "02 35 00 00 00",
        "contact_hours": "du lundi au vendredi, 9 h à 17 h",
        "contact_email": "contact@lhsm.exemple.fr",
        "dpo_email": "dpo@lhsm.exemple.fr",
    },
)


def found_the_institution(story: Story) -> None:
    """The administrator of the platform answers five pages; the first manager accepts, then calls the director."""
    admin, manager, director = (story.person(name) for name in ("plateforme", "mission", "direction"))
    make_user(admin.email, is_platform_admin=True, role_title="Administration de la plateforme")
    admin.enter_by_code()
    admin.open("/institution/nouvelle/")
    for answers in STEPS:
        admin.press("Continuer", **answers)
    admin.press("Créer l’institution", email=manager.email, full_name="", role_title="Chargée de mission santé")
    admin.reads(f"« Le Havre Seine Métropole » est créée. L’invitation part vers {manager.email}.")
    profile = InstitutionProfile.objects.get()
    assert (profile.slug, profile.organisation.siren) == ("le-havre-seine-metropole", "200084952")
    manager.open_mail("Administration de la plateforme vous invite sur le portail")
    manager.press("Accepter l’invitation")
    manager.open(f"/organismes/{profile.organisation.uuid}/membres/")
    manager.follow("Inviter une personne")
    manager.press(
        "Envoyer l’invitation", email=director.email, role_title="Directrice de la résilience", right="signatory"
    )
    director.open_mail("Chargée de mission santé vous invite sur le portail")
    director.press("Accepter l’invitation")
    rights = set(Membership.objects.values_list("user__email", "right", "state"))
    assert rights == {(manager.email, "manager", "confirmed"), (director.email, "signatory", "confirmed")}


def publish_the_call(story: Story) -> None:
    """The manager imports the file of the catalogue; nothing is public before the director's answer."""
    manager, director = story.person("mission"), story.person("direction")
    manager.open("/gestion/")
    manager.follow("Ouvrir un appel")
    manager.follow("Importer un appel")
    manager.press("Importer l’appel", file=SimpleUploadedFile("appel.yaml", CATALOGUE.read_bytes()))
    manager.press("Enregistrer l’appel")
    assert manager.page.path == f"/gestion/appels/{SLUG}/"
    assert story.person("presse").open(f"/appels/{SLUG}/", status=404)
    manager.follow("Demander la publication")
    manager.press("Demander la confirmation", approver=str(user_pk(director.email)), reason="Relu avec le service.")
    assert story.call.state == "draft"
    # Not signed in: the mail is the proof.
    director.client.logout()
    director.open_mail("À confirmer : Publier l’appel « Territoire promoteur de santé")
    director.press("Confirmer")
    assert story.call.state == "published"
    assert manager.mails()[-1].startswith("Confirmé : Publier l’appel")
    assert set(FrozenDocument.objects.values_list("number", "state")) == {
        ("REG-TPS-2027", "ready"),
        ("QUE-TPS-2027", "ready"),
    }


def gather_the_team(story: Story) -> None:
    """An officer and an adviser: asked by the manager, confirmed by the director, accepted by each."""
    manager, director = story.person("mission"), story.person("direction")
    for key, role, title in (("instruction", "officer", "Instructeur"), ("referente", "adviser", "Référente")):
        holder = story.person(key)
        manager.open(f"/gestion/appels/{SLUG}/equipe/")
        asked = {"email": holder.email, "role_title": title, "role": role, "approver": str(user_pk(director.email))}
        manager.press("Demander la confirmation", **asked)
        manager.reads("La demande est partie : l’invitation suivra dès sa confirmation.")
        assert holder.mails() == []
        director.open_mail(f"À confirmer : Confier à {holder.email} le rôle")
        director.press("Confirmer")
        holder.open_mail("Chargée de mission santé vous invite sur le portail")
        holder.press("Accepter l’invitation")
    roles = {(role.user.email, role.role) for role in story.call.roles.all()}
    assert roles == {
        (manager.email, "manager"),
        (story.person("instruction").email, "officer"),
        (story.person("referente").email, "adviser"),
    }


def invite_the_town_halls(story: Story) -> None:
    """One act writes to the 54 town halls, once."""
    manager = story.person("mission")
    know_the_town_halls()
    manager.open(f"/gestion/appels/{SLUG}/")
    manager.press("Écrire aux mairies connues")
    manager.reads("54 courriels partent aux mairies.")
    manager.press("Écrire aux mairies connues")
    manager.reads("Toutes les mairies connues sont déjà invitées.")
    deliver()
    sent = OutboundEmail.objects.filter(kind="call.invitation", state="sent")
    assert (sent.count(), len(set(sent.values_list("recipient", flat=True)))) == (54, 54)
    mail = sent.get(recipient=town_hall_address("76254"))
    assert words(mail.subject) == "Territoire promoteur de santé 2027 : votre commune est invitée"
    assert "invite Étretat à répondre" in words(mail.body)
    assert (mail.from_name, mail.reply_to) == ("Le Havre Seine Métropole", "ami-sante@exemple.fr")


def user_pk(email: str) -> int:
    return Membership.objects.get(user__email=email).user_id
