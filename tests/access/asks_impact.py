"""Right requests for the publications."""

from portal.core.clock import portal_now
from support.impact import states
from support.impact.models import Publication, PublicationVersion
from support.impact.services import Written, save
from support.impact.words import REPORT, SECTIONS
from tests.access.scene import Ask, Scene, ask


@ask("publication_drafts")
def publication_drafts(scene: Scene) -> Ask:
    return Ask()


@ask("publication_new")
def publication_new(scene: Scene) -> Ask:
    """In the name of one's own organisation: there is nothing of another to reach."""
    owner = (
        scene.user.call_roles.first().call.owner if scene.user and scene.role in ("GE", "GX") else scene.tenant.owner
    )
    return Ask(data={"kind": "tool", "title": "Un guide", "owner": owner.pk})


@ask("report_begin")
def report_begin(scene: Scene) -> Ask:
    """The scene has a report already: it is put away first, so that the act shows."""
    if scene.method == "POST":
        Publication.objects.filter(pk=scene.stage.more["report"].pk).delete()
    return Ask({"uuid": scene.stage.plan.uuid})


def in_state(scene: Scene, state: str) -> Publication:
    """The report, complete, in this state."""
    report = scene.stage.more["report"]
    report.refresh_from_db()
    texts = {section.code: "Un texte assez long." for section in SECTIONS[REPORT]}
    words = Written("Une place", "Un chapeau qui dit en deux phrases ce que la commune a fait.", [], None, texts)
    save(publication=report, version=report.version, written=words, by=scene.tenant.people["GE"], at=portal_now())
    Publication.objects.filter(pk=report.pk).update(state=state)
    return report


@ask("publication_draft", "publication_submit")
def publication_draft(scene: Scene) -> Ask:
    return Ask({"uuid": in_state(scene, states.DRAFTING).uuid})


@ask("publication_edit")
def publication_edit(scene: Scene) -> Ask:
    report = in_state(scene, states.DRAFTING)
    report.refresh_from_db()
    return Ask({"uuid": report.uuid}, {"version": report.version, "title": "Un autre titre", "lead": "", "themes": ""})


@ask("publication_contacts")
def publication_contacts(scene: Scene) -> Ask:
    told = {"side": "project", "name": "Ana", "role": "", "phone": "02 35 00 00 00", "email": ""}
    return Ask({"uuid": scene.stage.more["report"].uuid}, told)


@ask("publication_contact_remove")
def publication_contact_remove(scene: Scene) -> Ask:
    report = scene.stage.more["report"]
    contact = report.contacts.create(name="Ana", phone="02 35 00 00 00")
    return Ask({"uuid": report.uuid, "pk": contact.pk})


@ask("publication_agree", "publication_return")
def publication_agree(scene: Scene) -> Ask:
    return Ask({"uuid": in_state(scene, states.COMMUNE).uuid}, {"reason": "Le coût est faux."})


@ask("publication_publish")
def publication_publish(scene: Scene) -> Ask:
    return Ask({"uuid": in_state(scene, states.OWNER).uuid})


@ask("publication_revise", "publication_withdraw")
def publication_withdraw(scene: Scene) -> Ask:
    report = in_state(scene, states.DRAFTING)
    version = PublicationVersion.objects.create(
        publication=report, n=1, content={"title": "Une place", "lead": "", "sections": [], "contacts": []},
        made_at=portal_now(), made_by=scene.tenant.people["GE"],
    )  # fmt: skip
    public = {"state": states.PUBLISHED, "current": version, "published_at": portal_now()}
    Publication.objects.filter(pk=report.pk).update(**public)
    return Ask({"uuid": report.uuid}, {"reason": "La commune le demande."})
