"""Act three: admissibility, technical score, jury, session, minutes."""

from juries.models import Assessment, JurySession, Minutes, Recusal, Seat
from portal.core.clock import portal_now
from portal.core.models import FrozenDocument, Reminder
from portal.home.reminders import plan
from tests.documents.pdftools import text_of

from .story import BENOUVILLE, ETRETAT, SLUG, TURRETOT, Story
from .walker import Person, deliver

SEATS = {f"V{n}": f"jury-{n}" for n in range(1, 10)}
# The mayor of Étretat sits too: drawn by lot, recused of right from the file of Étretat.
SEATS["V4"] = "maire"
# Notes of every member, criterion by criterion.
NOTES = {ETRETAT: (4, 4, 5, 3, 4, 4), TURRETOT: (3, 3, 3, 3, 3, 3)}


def the_officer_examines(story: Story) -> None:
    """The table of the 54 communes, then each file: two admissible, one not, and a technical score."""
    officer = story.person("instruction")
    officer.open(f"/gestion/appels/{SLUG}/communes/")
    officer.reads("54 communes", "3 déposées, 1 brouillon, 50 pas commencées")
    officer.follow("Instruire la prochaine candidature")
    officer.reads("TPS-2027-0001", "La place reste vide l’après-midi dès le mois de mai")
    officer.press("Déclarer recevable")
    officer.reads("Candidature TPS-2027-0001 déclarée recevable.")
    score_technically(officer, story)
    officer.open(f"/gestion/candidatures/{story.file_of(TURRETOT).uuid}/")
    officer.press("Déclarer recevable")
    officer.open(f"/gestion/candidatures/{story.file_of(BENOUVILLE).uuid}/")
    officer.press("Déclarer non recevable", **{"non-recevable-text": ""})
    officer.reads("Expliquez à la commune pourquoi sa candidature n’est pas recevable.")
    reason = story.call.reason_codes.get(code="TRAVAUX")
    why = {"non-recevable-code": str(reason.pk), "non-recevable-text": "Le chantier date de mars 2027."}
    officer.press("Déclarer non recevable", **why)
    states = {file.lead.commune_id: file.state for file in story.call.applications.exclude(state="draft")}
    assert states == {ETRETAT: "admissible", TURRETOT: "admissible", BENOUVILLE: "inadmissible"}


def score_technically(officer: Person, story: Story) -> None:
    officer.follow("Avis technique, sur la grille de l’appel")
    officer.press("Valider l’avis technique", comment="Projet mûr.", **notes(ETRETAT))
    sheet = Assessment.objects.get()
    assert (sheet.kind, sheet.state, sheet.author.email) == ("technical", "submitted", officer.email)
    assert sheet.application == story.file_of(ETRETAT)


def notes(insee: str) -> dict[str, str]:
    return {f"note_C{n}": str(note) for n, note in enumerate(NOTES[insee], start=1)}


def the_jury_is_composed(story: Story) -> None:
    """The manager makes the seats, invites the nine voters, plans the session and convenes it."""
    manager = story.person("mission")
    manager.open(f"/gestion/appels/{SLUG}/jury/")
    manager.press("Créer les sièges")
    manager.reads("Le jury compte 12 sièges. Invitez ses membres.")
    for seat in Seat.objects.filter(voting=True):
        manager.open(f"/gestion/appels/{SLUG}/jury/")
        manager.follow(f"Inviter : {seat.label}")
        commune = ETRETAT if seat.code == "V4" else ""
        email = story.person(SEATS[seat.code]).email
        manager.press("Envoyer l’invitation", email=email, role_title=seat.label, commune=commune)
        manager.reads(f"Invitation envoyée à {email}.")
    refuse_the_officer(story, manager)
    manager.open(f"/gestion/appels/{SLUG}/jury/")
    manager.follow("Prévoir une séance")
    manager.press("Prévoir la séance", held_on="2027-05-05", place="salle du conseil, 9 h 00")
    manager.reads("Séance prévue, 2 candidatures à l’ordre du jour. Convoquez maintenant les membres.")


def refuse_the_officer(story: Story, manager: Person) -> None:
    """Whoever works on the call does not judge it."""
    manager.open(f"/gestion/appels/{SLUG}/jury/")
    manager.follow("Inviter : Cerema")
    manager.press("Envoyer l’invitation", email=story.person("instruction").email)
    manager.reads("Une personne qui gère, instruit ou suit cet appel ne peut pas siéger à son jury.")


def the_members_arrive(story: Story) -> None:
    """Each accepts from the mail, declares, then is convened; the mayor of Étretat is recused of right."""
    for key in SEATS.values():
        member = story.person(key)
        member.open_mail("Chargée de mission santé vous invite sur le portail")
        member.press("Accepter l’invitation")
        assert member.page.path == f"/jury/{SLUG}/declaration/"
        declare(story, member, recused=key == "maire")
    found = {(row.seat.code, row.application.number, row.origin) for row in Recusal.objects.all()}
    assert found == {("V4", "TPS-2027-0001", "automatic")}
    manager = story.person("mission")
    manager.open(f"/gestion/appels/{SLUG}/jury/")
    manager.press("Convoquer les membres")
    manager.reads("9 convocations envoyées.")
    assert all("séance du mercredi 5 mai 2027" in story.person(key).mails()[-1] for key in SEATS.values())
    plan(portal_now())
    late = Reminder.objects.filter(rule="assessment_missing", state="planned")
    assert late.count() == 9  # the call writes one reminder of the notes, five days before
    assert {row.recipient for row in late} == {story.person(key).email for key in SEATS.values()}


def declare(story: Story, member: Person, *, recused: bool) -> None:
    """No file opens before the declaration; a recused one never does."""
    first, second = story.file_of(ETRETAT), story.file_of(TURRETOT)
    refused = Person(member.email, member.client).open(f"/jury/dossiers/{second.uuid}/", status=403)
    assert "Déclarez d’abord vos liens avec les communes candidates" in refused.text
    asked = [second] if recused else [first, second]
    member.press("Enregistrer ma déclaration", **{f"lien_{file.pk}": "aucun" for file in asked})
    member.reads("Votre déclaration est enregistrée. Les dossiers sont ouverts.")
    if recused:
        page = Person(member.email, member.client).open(f"/jury/dossiers/{first.uuid}/", status=403)
        assert "Vous êtes déporté de ce dossier" in page.text


def the_members_score(story: Story) -> None:
    """From « Mes dossiers », each file to its grid; nobody reads another's notes."""
    for key in SEATS.values():
        member, left = story.person(key), [TURRETOT] if key == "maire" else [ETRETAT, TURRETOT]
        for insee in left:
            member.open("/jury/")
            name = {ETRETAT: "Étretat", TURRETOT: "Turretot"}[insee]
            member.follow(f"Noter {name}")
            member.press("Valider mes notes", comment="", **notes(insee))
            member.reads(f"Notes validées pour {name}.")
    sheets = Assessment.objects.filter(kind="jury")
    assert (sheets.count(), set(sheets.values_list("state", flat=True))) == (17, {"submitted"})
    plan(portal_now())
    assert not Reminder.objects.filter(rule="assessment_missing", state="planned").exists()
    session = JurySession.objects.get()
    early = Person("", story.person("jury-2").client).open(f"/jury/seances/{session.uuid}/classement/", status=403)
    assert "personne ne voit les notes avant" in early.text


def the_session_is_held(story: Story) -> None:
    """Attendance, quorum, two ballots: a tie settled by the president, then a refusal."""
    president, session = story.person("jury-1"), JurySession.objects.get()
    screen = f"/jury/seances/{session.uuid}/"
    president.give_a_code_first(screen)
    president.press("Ouvrir la séance", status=403)
    president.reads("Le quorum n’est pas atteint : 0 présent sur 9 votants ; il en faut 5.")
    president.open(screen)
    president.follow("Noter les présences")
    president.press("Tous les titulaires sont là")
    president.press("Ouvrir la séance")
    president.reads("Dossier 1 sur 2", "Étretat", "8 présents sur 8 votants")
    vote(
        story, screen, ETRETAT, {f"jury-{n}": "for" if n in (1, 2, 3, 5) else "against" for n in range(1, 10) if n != 4}
    )
    president.reads("Partage égal des voix, 4 contre 4 ; la voix de la présidence, favorable, est prépondérante.")
    president.press("Enregistrer, puis Turretot", reason="Réponse précise au vieillissement.")
    ballots = {f"jury-{n}": "against" if n < 8 else "abstain" for n in range(1, 10) if n != 4}
    vote(story, screen, TURRETOT, {**ballots, "maire": "for"})
    president.reads("1 voix sur 7 exprimées ; la majorité était de 4.")
    president.press("Enregistrer le motif", reason="Le lieu n’est pas encore assez précis.")
    president.follow("Clore la séance")
    president.press("Clore la séance")
    president.reads("La séance est close.")
    the_minutes_are_signed(story, president, session)


def vote(story: Story, screen: str, insee: str, choices: dict[str, str]) -> None:
    """The president opens the ballot, each member votes on their own device, the president closes it."""
    president, mayor = story.person("jury-1"), story.person("maire")
    president.open(screen)
    president.press("Ouvrir le scrutin")
    if insee == ETRETAT:
        mayor.open(screen)
        mayor.reads("Vous êtes déporté de ce dossier : quittez la salle pendant son examen.")
        mayor.open(f"{screen}voter/")
        mayor.reads("Vous êtes déporté de ce dossier")
    for key, choice in choices.items():
        member = story.person(key)
        member.open(screen)
        member.follow("Voter")
        member.press("Mettre mon bulletin dans l’urne", choice=choice)
        member.reads("Votre bulletin est dans l’urne")
    president.open(screen)
    president.press("Clore le scrutin")


def the_minutes_are_signed(story: Story, president: Person, session: JurySession) -> None:
    deliver()
    document = FrozenDocument.objects.get(kind="minutes")
    assert (document.number, document.state) == ("PV-TPS-2027-1", "ready")
    president.open(f"/jury/seances/{session.uuid}/proces-verbal/")
    text = text_of(president.download("Télécharger"))
    assert "Étretat Maire tiré au sort, premier siège Représente la collectivité candidate (Commune d’Étretat)" in text
    assert "0001 Étretat 9 h 00 1 8 / 5 0 8 4 4 0 Favorable *" in text
    assert "* Partage égal des voix : la voix de la présidence est prépondérante." in text
    assert "0002 Turretot 9 h 00 0 9 / 5 0 9 1 6 2 Défavorable" in text
    assert "0001 Étretat 20,00 12,00 20,00 9,00 12,00 8,00 81,00 10 91,00" in text
    president.press("Signer le procès-verbal")
    president.reads("Le procès-verbal est signé. Il ne change plus.")
    assert Minutes.objects.get().signed_by.email == president.email
    lines = {(line.application.number, line.outcome, line.rank) for line in session.proposal.all()}
    assert lines == {("TPS-2027-0001", "selected", 1), ("TPS-2027-0002", "not_selected", None)}
