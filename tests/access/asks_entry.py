"""Right requests for what enters the files by other hands: mandates, files received elsewhere, what is kept."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import Application, ApplicationMember, OutsideReceipt
from applications.services.abandoning import abandon_draft
from applications.services.entry_batches import stage_batch
from portal.core.calendar import day_of
from portal.core.clock import at_instant, portal_now
from portal.core.uploads import store_bytes
from tests.access.scene import Ask, Scene, ask
from tests.applications.files import pdf_upload


@ask("mandates")
def mandates(scene: Scene) -> Ask:
    return Ask()


@ask("mandate", "mandate_revoke")
def mandate(scene: Scene) -> Ask:
    return Ask({"uuid": scene.tenant.more["mandate"].uuid}, {"reason": "Fini."})


@ask("mandate_new")
def mandate_new(scene: Scene) -> Ask:
    held = scene.tenant.more["mandate"]
    later = held.until_on + timedelta(days=1)
    told = {"q": held.mandatary.name, "who": f"uuid:{held.mandatary.uuid}", "call": ""}
    assert later > day_of(portal_now())
    return Ask({"uuid": scene.tenant.town.uuid}, {**told, "from_on": f"{later}", "until_on": f"{later}"})


@ask("application_restore")
def application_restore(scene: Scene) -> Ask:
    file = Application.objects.get(pk=scene.stage.file.pk)
    abandon_draft(application=file, by=scene.tenant.people["PR"], at=portal_now())
    return Ask(scene.file)


# --- received elsewhere ------------------------------------------------------------------------------------------


def newcomer(scene: Scene) -> str:
    """The INSEE code of a commune without a file: the partner has left the one that it was in."""
    ApplicationMember.objects.filter(application=scene.stage.file, role="member").update(left_at=portal_now())
    return scene.tenant.partner_town.commune_id


def eve(scene: Scene) -> str:
    """The day before the limit."""
    return f"{day_of(scene.stage.call.windows.get().closes_at - timedelta(days=1))}"


@ask("outside", "outside_model")
def outside(scene: Scene) -> Ask:
    return Ask(scene.call)


@ask("outside_new")
def outside_new(scene: Scene) -> Ask:
    told = {"q": scene.tenant.partner_town.commune.name, "who": f"insee:{newcomer(scene)}"}
    received = {"channel": "paper", "received_on": eve(scene), "proof": pdf_upload("preuve.pdf")}
    return Ask(scene.call, {**told, **received})


@ask("outside_table")
def outside_table(scene: Scene) -> Ask:
    table = f"insee;voie;reçue le;preuve\n{newcomer(scene)};papier;{eve(scene)};preuve.pdf\n"
    file = SimpleUploadedFile("dossiers.csv", table.encode(), content_type="text/csv")
    return Ask(scene.call, {"table": file, "proofs": [pdf_upload("preuve.pdf")]})


@ask("outside_batch")
def outside_batch(scene: Scene) -> Ask:
    now, by = portal_now(), scene.tenant.people["GE"]
    proof = store_bytes(b"%PDF-1.7", name="preuve.pdf", detected_type="application/pdf", by=by, at=now)
    cells = {"insee": newcomer(scene), "voie": "papier", "recue le": eve(scene), "preuve": "preuve.pdf"}
    batch = stage_batch(
        call=scene.stage.call, name="dossiers.csv", lines=[(2, cells)], files={"preuve.pdf": proof}, by=by, at=now
    )
    return Ask({**scene.call, "uuid": batch.uuid})


@ask("outside_proof")
def outside_proof(scene: Scene) -> Ask:
    now, by = portal_now(), scene.tenant.people["GE"]
    proof = store_bytes(b"%PDF-1.7 preuve", name="preuve.pdf", detected_type="application/pdf", by=by, at=now)
    OutsideReceipt.objects.create(
        application=scene.stage.file, channel="paper", received_on=eve(scene), proof=proof, entered_at=now,
        entered_by=by,
    )  # fmt: skip
    return Ask(scene.file)


# --- kept, then erased -------------------------------------------------------------------------------------------


@ask("retention")
def retention(scene: Scene) -> Ask:
    return Ask(scene.call)


@ask("retention_visa")
def retention_visa(scene: Scene) -> Ask:
    told = {"given_by": "Dominique Archives", "quality": "directrice", "reference": "B-12"}
    return Ask(scene.call, {**told, "given_on": scene.today, "due_until": scene.today})


@ask("retention_hold")
def retention_hold(scene: Scene) -> Ask:
    later = day_of(portal_now() + timedelta(days=5000))
    return Ask({**scene.call, "uuid": scene.stage.rival.uuid}, {"until_on": f"{later}", "reason": "Contentieux."})


@ask("retention_erase")
def retention_erase(scene: Scene) -> Ask:
    """The draft of the other commune was deleted more than a fortnight ago."""
    with at_instant(portal_now() - timedelta(days=20)):
        rival = Application.objects.get(pk=scene.stage.rival.pk)
        abandon_draft(application=rival, by=scene.tenant.people["AC"], at=portal_now())
    return Ask(scene.call)
