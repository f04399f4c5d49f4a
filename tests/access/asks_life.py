"""Right requests for the life of a call."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from calls.definition.dump import dump
from calls.definition.reading import canonical
from calls.models import Call, StagedDocument
from calls.services import life, publication
from calls.services.correction import stage_document
from portal.core.clock import portal_now
from tests.access.scene import Ask, Scene, ask
from tests.access.stages import call_text


@ask("call_advice", "call_life", "call_archive")
def call_only(scene: Scene) -> Ask:
    return Ask(scene.call)


@ask("call_validate")
def visa(scene: Scene) -> Ask:
    return Ask(scene.call, {"number": "2027-12", "acted_on": scene.today})


@ask("call_suspend")
def suspend(scene: Scene) -> Ask:
    return Ask(scene.call, {"reason": "Recours en cours."})


def two_persons(scene: Scene) -> dict[str, Any]:
    return {"reason": "Panne du réseau.", "approver": scene.tenant.people["DI"].pk}


@ask("call_resume")
def resume(scene: Scene) -> Ask:
    life.suspend_call(call=Call.objects.get(pk=scene.stage.call.pk), reason="Recours.", by=scene.tenant.people["GE"])
    return Ask(scene.call, two_persons(scene))


@ask("call_extend")
def extend(scene: Scene) -> Ask:
    window = scene.stage.call.windows.get()
    later = window.closes_at + timedelta(days=20)
    day = {f"day_{window.pk}": f"{later:%Y-%m-%d}", f"hour_{window.pk}": "23:59:59"}
    return Ask(scene.call, {**two_persons(scene), **day})


@ask("call_cancel")
def cancel(scene: Scene) -> Ask:
    return Ask(scene.call, two_persons(scene))


def corrected(scene: Scene) -> str:
    return canonical(dump(scene.stage.call).model_copy(update={"summary": "Un résumé corrigé."}))


@ask("call_correct")
def correct(scene: Scene) -> Ask:
    file = SimpleUploadedFile("appel.yaml", corrected(scene).encode(), content_type="application/yaml")
    return Ask(scene.call, {"file": file})


@ask("call_correction")
def correction(scene: Scene) -> Ask:
    staged = stage_document(
        corrected(scene), owner=scene.tenant.owner, by=scene.tenant.people["GE"], at=portal_now(), call=scene.stage.call
    )
    return Ask({**scene.call, "uuid": staged.uuid}, {"reason": "Faute de frappe."})


@ask("call_correction_open")
def correction_open(scene: Scene) -> Ask:
    return Ask(scene.call)


@ask("call_correction_drop")
def correction_drop(scene: Scene) -> Ask:
    return Ask({**scene.call, "uuid": correction(scene).kwargs["uuid"]})


@ask("call_import_confirm")
def import_confirm(scene: Scene) -> Ask:
    text = call_text(scene.tenant, "préparation").replace("slug: places", "slug: importe").replace("PAV", "IMP")
    staged: StagedDocument = stage_document(
        text, owner=scene.tenant.owner, by=scene.tenant.people["GE"], at=portal_now()
    )
    return Ask({"organisation": scene.tenant.owner.uuid, "uuid": staged.uuid})


def new_edition(scene: Scene) -> dict[str, str]:
    later = portal_now() + timedelta(days=200)
    return {
        "edition": "2099", "slug": "nouvel-appel-2099", "prefix": "NVL", "day": f"{later:%Y-%m-%d}", "hour": "23:59:59",
    }  # fmt: skip


@ask("call_new")
def call_new(scene: Scene) -> Ask:
    return Ask({"organisation": scene.tenant.owner.uuid})


@ask("call_from_catalogue")
def from_catalogue(scene: Scene) -> Ask:
    kwargs = {"organisation": scene.tenant.owner.uuid, "name": "territoire-promoteur-de-sante"}
    return Ask(kwargs, new_edition(scene))


@ask("call_clone")
def clone(scene: Scene) -> Ask:
    return Ask(scene.call, new_edition(scene))


def national(scene: Scene) -> Call:
    """The published call of the tenant that serves as a national template; read again, since all is undone after."""
    call = Call.objects.get(pk=scene.tenant.stages["ouvert"].call.pk)
    call.extras = {**call.extras, "template": {"locked": ["call_type"]}}
    call.save(update_fields=["extras"])
    publication.new_revision(call, by=scene.tenant.people["GE"], at=portal_now(), note="Modèle national")
    return call


@ask("call_from_template")
def from_template(scene: Scene) -> Ask:
    return Ask({"organisation": scene.tenant.owner.uuid, "name": national(scene).slug}, new_edition(scene))


@ask("call_template")
def template(scene: Scene) -> Ask:
    """The call in preparation follows the national template, which has changed since."""
    source, call = national(scene), Call.objects.get(pk=scene.stage.call.pk)
    call.template, call.template_revision = source, source.revisions.order_by("-n")[0]
    call.extras = {**call.extras, "inherits": source.slug}
    call.save(update_fields=["template", "template_revision", "extras"])
    Call.objects.filter(pk=source.pk).update(summary="Un résumé national.")
    source.refresh_from_db()
    publication.new_revision(source, by=scene.tenant.people["GE"], at=portal_now(), note="Correction")
    return Ask(scene.call, {"accepted": ["summary"]})


@ask("staff_reopen")
def reopen(scene: Scene) -> Ask:
    """At « clos », the other commune has a draft that was not deposited."""
    later = portal_now() + timedelta(days=3)
    told = {"evidence": "Attestation du fournisseur.", "day": f"{later:%Y-%m-%d}", "hour": "18:00:00"}
    kwargs = {**scene.call, "insee": scene.stage.rival.lead.commune_id}
    return Ask(kwargs, {**two_persons(scene), **told})
