"""Act two: the communes arrive, write, sign, deposit; one comes too late."""

import re
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from applications.models import Application, Deposit, DepositAttempt
from applications.services.drafting import attach, promise, save_section, start_application
from applications.services.signature import ask_signature
from calls.models import Call
from portal.accounts.models import Membership
from portal.core.clock import portal_now
from portal.core.models import FrozenDocument, Reminder
from portal.home.demo.projects import PROJECTS, answers
from portal.home.reminders import plan
from portal.territories.models import Commune
from tests.documents.pdftools import text_of
from tests.factories import make_member

from .story import ETRETAT, SLUG, Story
from .territory import town_hall_address
from .walker import Person, attached, pdf_file

CALL = "Territoire promoteur de santé"
UNDERTAKINGS = ("REUNIONS", "REFERENTS", "HABITANTS", "TRAVAUX", "CHANGEMENTS", "EVALUATION")
PIECES = {
    "LETTRE_ENG": "Lettre d’engagement du maire",
    "PLAN_SIT": "Plan de situation",
    "PERIMETRE": "Périmètre du projet",
}


def the_secretary_arrives(story: Story) -> None:
    """From the public page to a draft, before anyone confirmed her."""
    secretary = story.person("secretaire")
    secretary.open("/appels/")
    secretary.follow(f"{CALL} 2027")
    secretary.press("Vérifier", commune="etretat")
    secretary.reads(
        "Oui, Étretat peut candidater, sous réserve de ce qui reste à vérifier.",
        "Moins de 5 000 habitants : 1 102 habitants, population municipale 2023, Insee",
    )
    secretary.open(f"/rejoindre/?next=/candidatures/nouvelle/{SLUG}/")
    secretary.press("Chercher ma commune", q="etretat")
    secretary.follow("Étretat")
    who = {"full_name": "Camille Essai", "role_title": "Secrétaire de mairie", "signs": "no"}
    secretary.press("Recevoir mon code", email=secretary.email, **who)
    secretary.give_login_code()
    secretary.press("Rejoindre la commune")
    secretary.reads("le dépôt sera possible quand la commune aura confirmé votre rattachement.")
    assert secretary.page.path == f"/candidatures/nouvelle/{SLUG}/"
    secretary.press("Commencer la candidature")
    assert Membership.objects.get(user__email=secretary.email).state == "pending"
    assert story.file_of(ETRETAT).state == "draft"
    base = f"/candidatures/{story.file_of(ETRETAT).uuid}/"
    assert secretary.page.path == base
    # The known facts are filled in; the mayor cannot be asked yet.
    secretary.follow("1. Commune et contacts")
    form, _ = secretary.page.form("Enregistrer et continuer")
    assert form.fields["contact_technique"] == ["Camille Essai"]
    assert form.fields["contact_courriel"] == [secretary.email]
    refused = secretary.open(f"{base}faire-signer/", status=403)
    assert "Votre rattachement à la commune n’est pas encore confirmé" in refused.text


def the_town_hall_confirms(story: Story) -> None:
    """The official address answers from its mail, without an account."""
    town_hall = Person(town_hall_address(ETRETAT))
    town_hall.open_mail("Camille Essai dit travailler pour la commune")
    town_hall.press("Oui, elle travaille pour la commune")
    membership = Membership.objects.get(user__email=story.person("secretaire").email)
    assert (membership.state, membership.confirmation) == ("confirmed", "réponse de l’adresse officielle de la mairie")
    assert story.person("secretaire").mails()[-1] == "Votre rattachement est confirmé"


def the_secretary_writes(story: Story) -> None:
    """Ten sections, four pieces, the resolution promised, the mayor asked."""
    secretary, values = story.person("secretaire"), answers_of(ETRETAT)
    secretary.open("/mes-actions/")
    secretary.open(f"/candidatures/{story.file_of(ETRETAT).uuid}/")
    secretary.follow("1. Commune et contacts")
    for n, (code, section) in enumerate(values.items(), start=1):
        secretary.reads(f"Section {n} sur 10")
        shown = {c for c in secretary.page.form("Enregistrer et continuer")[0].names if c in section}
        secretary.press("Enregistrer et continuer", **{c: section[c] for c in shown})
        if shown < set(section):  # an answer has opened other questions, optional ones only where one comes back
            secretary.open(f"/candidatures/{story.file_of(ETRETAT).uuid}/sections/{code}/")
            secretary.press("Enregistrer et continuer", **{c: v for c, v in section.items() if c not in shown})
    assert secretary.page.path.endswith("/pieces/")
    for label in PIECES.values():
        secretary.follow(f"Joindre : {label}")
        secretary.press("Joindre", file=pdf_file("piece.pdf"))
    for n in range(3):
        if n == 0:
            secretary.follow("Joindre : Photos du site")
        secretary.press("Joindre", file=photograph(n))
    secretary.follow("Revenir aux pièces")
    secretary.follow("Joindre : Délibération")
    secretary.press("Promettre la pièce", due_on="12/04/2027")
    secretary.follow("Tout relire")
    secretary.reads("Il ne manque rien.")
    secretary.follow("Faire signer le maire")
    mayor = story.person("maire")
    secretary.press("Inviter et envoyer le lien", full_name="Dominique Essai", role_title="Maire", email=mayor.email)
    secretary.reads(f"Le lien est envoyé à {mayor.email}. La mairie doit confirmer que Dominique Essai signe")
    # The reminders of the draft: seven and two days before the limit, to the two people who write or sign.
    plan(portal_now())
    rows = {(row.recipient, row.due_at.astimezone().strftime("%d/%m %Hh%M"), row.state) for row in drafts(story)}
    people = (secretary.email, mayor.email)
    assert rows == {(who, day, "planned") for who in people for day in ("24/03 09h00", "29/03 09h00")}


def drafts(story: Story) -> list[Reminder]:
    key = f"application:{story.file_of(ETRETAT).uuid}"
    return list(Reminder.objects.filter(rule="draft_not_deposited", object_key=key))


def the_town_hall_says_who_signs(story: Story) -> None:
    """The mayor named by the secretary reads and waits; the official address answers, and a new link leaves."""
    mayor, town_hall = story.person("maire"), Person(town_hall_address(ETRETAT))
    mayor.open_mail("Candidature d’Étretat : à relire et à déposer avant le 31 mars 2027")
    mayor.press("Continuer")
    mayor.reads("Page 1 sur 2")
    mayor.reads("La mairie doit confirmer que Dominique Essai signe pour la commune.")
    town_hall.open_mail("Confirmez que Dominique Essai signe pour la commune")
    town_hall.press("Oui, cette personne signe pour la commune")
    assert Membership.objects.get(user__email=mayor.email).right == "signatory"


def the_mayor_deposits(story: Story) -> None:
    """From the new mail, without an account: two pages, then the receipt."""
    mayor, application = story.person("maire"), story.file_of(ETRETAT)
    mayor.open_mail("Candidature d’Étretat : à relire et à déposer avant le 31 mars 2027")
    mayor.reads("Page 1 sur 2")
    mayor.reads("La place reste vide l’après-midi dès le mois de mai")
    mayor.follow("Continuer vers le dépôt")
    form, _ = mayor.page.form("Déposer la candidature")
    ticks = {f"undertaking_{code}": "on" for code in UNDERTAKINGS}
    assert {name: form.fields.get(name) for name in [*ticks, "confirm"]} == dict.fromkeys([*ticks, "confirm"])
    mayor.press("Déposer la candidature", **ticks)
    mayor.reads("Cochez cette case pour confirmer le dépôt.")
    assert not Deposit.objects.exists()
    mayor.press("Déposer la candidature", confirm="on", **ticks)
    assert mayor.page.path == f"/candidatures/{application.uuid}/recepisse/"
    deposit = Deposit.objects.get()
    application.refresh_from_db()
    assert (application.state, application.number, deposit.quality) == ("submitted", "TPS-2027-0001", "Maire")
    mayor.reads("TPS-2027-0001")
    mayor.reads("Le récépissé PDF se prépare.")
    the_receipt_holds(story, mayor, deposit)


def the_receipt_holds(story: Story, mayor: Person, deposit: Deposit) -> None:
    """Number, instant to the second, fingerprint of each piece; the PDF, on the page and in the mails."""
    receipt = FrozenDocument.objects.get(number="AD-TPS-2027-0001-1")
    name, content = attached(mayor.last_mail("TPS-2027-0001 : candidature d’Étretat déposée"))
    assert name == "AD-TPS-2027-0001-1.pdf"
    assert story.person("secretaire").mails()[-1] == "TPS-2027-0001 : candidature d’Étretat déposée"
    mayor.open(mayor.page.path)
    assert mayor.download("Télécharger le récépissé (PDF)") == content
    receipt.refresh_from_db()
    assert (receipt.state, content[:8]) == ("ready", b"%PDF-1.7")
    pieces = {piece.piece_code: piece.sha256 for piece in deposit.pieces.all()}
    assert set(pieces) == {*PIECES, "PHOTOS"}
    text = text_of(content)
    assert "TPS-2027-0001" in text
    for sha256 in [*pieces.values(), deposit.answers_sha256]:
        assert sha256 in text
        mayor.reads(f"{sha256[:4]} {sha256[4:8]} … {sha256[60:]}")
    mayor.reads("Promise")
    at = deposit.received_at.astimezone()
    mayor.reads(f"10 février 2027 à {at:%H} h {at:%M} min {at:%S} s")
    plan(portal_now())
    assert {(row.state, row.stop_reason) for row in drafts(story)} == {
        ("stopped", "La chose est faite, ou n’est plus attendue.")
    }


def an_agent_continues(story: Story) -> None:
    """The organisation owns the file: another agent of the commune opens it and writes a new version."""
    agent, application = story.person("agent"), story.file_of(ETRETAT)
    make_member(application.lead, "editor", email=agent.email, role_title="Adjointe administrative")
    agent.enter_by_code()
    agent.follow("Nos candidatures")
    agent.follow(f"{CALL} 2027")
    agent.follow("9. Budget et financements")
    agent.press("Enregistrer et continuer", pistes_detail="Une demande au Département est prête.")
    assert application.sections.get(section_code="budget").updated_by.email == agent.email
    assert application.deposits.count() == 1
    refused = agent.open(f"/candidatures/{application.uuid}/deposer/")
    assert "Seule une personne habilitée à signer pour la commune peut déposer." in refused.text
    stranger = story.person("voisin")
    make_member(organisation_of("76079"), "signatory", email=stranger.email)
    stranger.enter_by_code()
    stranger.open(f"/candidatures/{application.uuid}/", status=404)


def others_write(story: Story, insee: str) -> Application:
    """Another commune, through the services: a complete draft whose mayor has the link."""
    organisation, call = organisation_of(insee), story.call
    secretary = make_member(organisation, "editor", email=f"secretaire-{insee}@exemple.fr", role_title="Secrétaire")
    mayor = make_member(organisation, "signatory", email=story.person(f"maire-{insee}").email, role_title="Maire")
    application = start_application(call=call, organisation=organisation, by=secretary, at=portal_now())
    write_all(application, call, secretary)
    ask_signature(application=application, signatory=mayor, by=secretary, at=portal_now())
    return application


def write_all(application: Application, call: Call, by: object) -> None:
    for code, typed in answers_of(application.lead.commune_id).items():
        row = application.sections.filter(section_code=code).first()
        version = row.version if row else 0
        save_section(application=application, section_code=code, typed=typed, version=version, by=by, at=portal_now())
    kinds = {piece.code: piece for piece in call.piece_types.all()}
    for code in PIECES:
        attach(application=application, piece=kinds[code], upload=pdf_file("piece.pdf"), by=by, at=portal_now())
    for n in range(3):
        attach(application=application, piece=kinds["PHOTOS"], upload=photograph(n), by=by, at=portal_now())
    promise(application=application, piece=kinds["DELIB"], due_on=kinds["DELIB"].promised_until, by=by, at=portal_now())


def deposits_in_time(story: Story, insee: str) -> None:
    """The mayor of another commune opens the link and deposits."""
    mayor = open_deposit_page(story, insee)
    mayor.press("Déposer la candidature", confirm="on", **{f"undertaking_{code}": "on" for code in UNDERTAKINGS})
    assert story.file_of(insee).state == "submitted"


def open_deposit_page(story: Story, insee: str) -> Person:
    mayor = story.person(f"maire-{insee}")
    mayor.open_mail("Candidature ")
    mayor.press("Continuer")
    mayor.follow("Continuer vers le dépôt")
    return mayor


def deposits_too_late(story: Story, insee: str) -> None:
    """The page was open before the limit, the button is pressed after: refused, the draft is kept."""
    mayor = story.person(f"maire-{insee}")
    mayor.press("Déposer la candidature", confirm="on", **{f"undertaking_{code}": "on" for code in UNDERTAKINGS})
    limit = "L’appel est clos depuis le mercredi 31 mars 2027 à 23 h 59 min 59 s, heure de Paris."
    mayor.reads(f"{limit} Votre brouillon est conservé.")
    assert story.file_of(insee).state == "draft"
    attempt = DepositAttempt.objects.get(application=story.file_of(insee))
    assert (attempt.accepted, attempt.by.email) == (False, mayor.email)


def answers_of(insee: str) -> dict[str, dict]:
    """What the commune types, dates as the form asks for them."""
    project = next(project for project in PROJECTS if project.insee == insee)
    commune = Commune.objects.get(insee=insee)
    typed = answers(project, commune=commune.name, year=2027)
    for section in typed.values():
        for code, value in section.items():
            if isinstance(value, str) and (day := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value)):
                section[code] = "/".join(reversed(day.groups()))
    return typed


def organisation_of(insee: str):
    return Commune.objects.get(insee=insee).organisation


def photograph(tone: int) -> SimpleUploadedFile:
    stream = BytesIO()
    Image.new("RGB", (320, 200), (90 + 40 * tone, 140, 110)).save(stream, "PNG")
    return SimpleUploadedFile(f"site-{tone}.png", stream.getvalue(), "image/png")
