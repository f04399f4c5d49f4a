"""Act four: the decision by two persons, letters, agreement, support, reminders."""

from applications.models import Decision
from portal.core.clock import portal_now
from portal.core.models import FrozenDocument, Reminder
from portal.home.reminders import plan, tick
from support.agreements.models import Agreement
from support.plan.models import LogEntry, SupportPlan
from tests.documents.pdftools import text_of

from .opening import user_pk
from .story import BENOUVILLE, ETRETAT, SLUG, TURRETOT, Story
from .walker import Person, attached, deliver

LETTERS = {ETRETAT: "selected", TURRETOT: "not_selected", BENOUVILLE: "inadmissible"}


def the_board_decides(story: Story) -> None:
    """The manager writes the act, prefilled with the jury's proposal; nothing is decided before the second person."""
    manager, director = story.person("mission"), story.person("direction")
    manager.open(f"/gestion/appels/{SLUG}/decision/")
    form, _ = manager.page.form("Demander la confirmation")
    pk = story.file_of(ETRETAT).pk
    assert form.fields[f"file-{pk}-outcome"] == ["selected"]
    assert form.fields[f"file-{pk}-reason"] == ["Réponse précise au vieillissement."]
    act = {"act_number": "BU-2027-118", "approver": str(user_pk(director.email))}
    manager.press("Demander la confirmation", **act)
    manager.reads("Demande envoyée à")
    assert not Decision.objects.exists()
    director.client.logout()
    director.open_mail("À confirmer : Enregistrer")
    director.reads("Étretat")
    director.press("Confirmer")
    decision = Decision.objects.get()
    assert (decision.act_number, decision.body, decision.notified_at) == (
        "BU-2027-118",
        "le bureau communautaire",
        None,
    )
    found = {(line.application.lead.commune_id, line.outcome) for line in decision.lines.all()}
    assert found == set(LETTERS.items())
    assert {file.state for file in story.call.applications.exclude(state="draft")} == {"decided"}


def the_letters_leave(story: Story) -> None:
    """Prepared, opened and read one by one, then sent in one act after a code; no commune knows before."""
    manager, decision, mayor = story.person("mission"), Decision.objects.get(), story.person("maire")
    manager.open(f"/gestion/decisions/{decision.uuid}/lettres/")
    manager.press("Préparer 3 lettres")
    manager.reads("3 lettres en préparation.")
    deliver()
    manager.follow("Actualiser")
    manager.follow("Lire la prochaine lettre")
    for _ in LETTERS:
        page = manager.page.path
        assert manager.download("Ouvrir la lettre")[:5] == b"%PDF-"
        manager.open(page)
        manager.press("J’ai lu cette lettre, elle peut partir")
    manager.reads("Toutes les lettres prêtes sont lues.")
    before = mayor.mails()
    mayor.open(f"/candidatures/{story.file_of(ETRETAT).uuid}/decision/", status=403)
    manager.give_a_code_first(f"/gestion/decisions/{decision.uuid}/lettres/")
    manager.press("Envoyer les 3 lettres")
    manager.reads("La décision est notifiée")
    subject = "Territoire promoteur de santé 2027 : la décision sur votre candidature"
    assert mayor.mails() == [*before, subject]
    name, content = attached(mayor.last_mail(subject))
    assert name == "NOT-TPS-2027-0001.pdf"
    letter = text_of(content)
    assert "Par délibération n° BU-2027-118 du 27 mai 2027, après avis du jury réuni le 5 mai 2027" in letter
    assert "avec 91,00 points sur 100. Réponse précise au vieillissement." in letter
    assert "d’un recours devant le Tribunal administratif de Rouen" in letter
    mayor.open_mail(subject)
    mayor.reads("Votre candidature est retenue", "Réponse précise au vieillissement.")
    assert mayor.download("Lire la lettre") == content
    public = story.person("presse").open(f"/appels/{SLUG}/laureats/")
    story.person("presse").reads("1 commune retenue", story.file_of(ETRETAT).title)
    assert story.file_of(TURRETOT).title not in public.text


def the_agreement_is_signed(story: Story) -> None:
    """Drawn up from the outline, completed, sent, signed by both; the support opens."""
    manager, mayor = story.person("mission"), story.person("maire")
    manager.open(f"/gestion/appels/{SLUG}/conventions/")
    line = Decision.objects.get().lines.get(outcome="selected")
    manager.press("Établir la convention", lines=[str(line.pk)], starts_on="2027-06-07")
    agreement = Agreement.objects.get()
    assert agreement.number == "CONV-TPS-2027-01"
    manager.reads("La convention CONV-TPS-2027-01 est ouverte.")
    manager.follow("Indiquer l’acte")
    manager.press("Enregistrer l’acte", act_body="du conseil municipal", act_number="2027-31", act_on="2027-04-12")
    manager.press("Envoyer à la signature")
    deliver()
    assert FrozenDocument.objects.get(kind="agreement").state == "ready"
    name, content = attached(mayor.last_mail("Convention CONV-TPS-2027-01 à signer"))
    assert name == "CONV-TPS-2027-01.pdf"
    text = text_of(content)
    assert "la délibération du bureau communautaire n° BU-2027-118 du 27 mai 2027, qui retient cette" in text
    assert "en vertu de la délibération du conseil municipal n° 2027-31 du 12 avril 2027" in text
    assert "L’accompagnement dure douze mois, du 7 juin 2027 au 6 juin 2028." in text
    assert {mark for mark in (";;", "..", "du le") if mark in text} == set()
    for party in agreement.parties.all():
        manager.press(f"Enregistrer la signature de {party.organisation}", signed_on="2027-06-04")
        manager.reads(f"Signature enregistrée : {party.organisation}.")
    agreement.refresh_from_db()
    assert (agreement.state, str(agreement.effective_on)) == ("in_force", "2027-06-04")
    assert SupportPlan.objects.get().application == story.file_of(ETRETAT)


def the_support_lives(story: Story) -> None:
    """The adviser logs a visit, hands a deliverable: its reminder stops; the commune reads what is shared."""
    adviser, mayor, plan_row = story.person("referente"), story.person("maire"), SupportPlan.objects.get()
    assert plan_row.phases.count() == 6
    first = plan_row.phases.order_by("position").first()
    tick(portal_now())
    planned = Reminder.objects.filter(rule="milestone_due", object_key=f"phase:{first.pk}", state="planned")
    assert adviser.email in set(planned.values_list("recipient", flat=True))
    adviser.open("/accompagnement/")
    adviser.follow("Étretat")
    adviser.follow("Noter au journal")
    entry = {"kind": "visit", "happened_on": "2027-06-18", "days": "0,5", "visibility": "shared"}
    adviser.press("Noter au journal", title="Première visite du site avec l’élue référente", text="", **entry)
    adviser.reads("C’est noté au journal.")
    assert LogEntry.objects.get().author.email == adviser.email
    adviser.press(f"Remis : {first.deliverable}", done_on="2027-06-21")
    plan(portal_now())
    rows = Reminder.objects.filter(rule="milestone_due", object_key=f"phase:{first.pk}")
    assert set(rows.exclude(state="sent").values_list("state", "stop_reason")) == {
        ("stopped", "La chose est faite, ou n’est plus attendue.")
    }
    mayor.open(f"/accompagnement/{plan_row.uuid}/")
    mayor.reads("Première visite du site avec l’élue référente")
    stranger: Person = story.person("voisin")
    stranger.open(f"/accompagnement/{plan_row.uuid}/", status=404)
