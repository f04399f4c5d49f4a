"""Right requests for the rooms of a support."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from support.network.models import ExpertiseRequest
from support.network.services import assign, give_answer
from support.plan.models import Meeting, SupportPlan
from support.plan.services import write_log
from support.plan.services_exchanges import issue_minutes
from support.plan.services_life import end
from support.plan.services_workshops import issue_roadmap
from tests.access.scene import Ask, Scene, ask
from tests.access.stages import freeze_documents
from tests.applications.files import image_upload


def plan_only(scene: Scene) -> dict[str, Any]:
    return {"uuid": scene.stage.plan.uuid}


@ask("action_list")
def action_list(scene: Scene) -> Ask:
    return Ask(plan_only(scene))


@ask("action")
def action(scene: Scene) -> Ask:
    return Ask({**plan_only(scene), "pk": scene.stage.action.pk})


def sheet() -> dict[str, Any]:
    return {"title": "Un banc", "priority": 2, "position": 1}


@ask("action_new")
def action_new(scene: Scene) -> Ask:
    return Ask(plan_only(scene), sheet())


@ask("action_edit")
def action_edit(scene: Scene) -> Ask:
    return Ask({**plan_only(scene), "pk": scene.stage.action.pk}, sheet())


@ask("action_act")
def action_act(scene: Scene) -> Ask:
    return Ask({**plan_only(scene), "pk": scene.stage.action.pk, "act": "drop"}, {"reason": "Trop cher."})


# --- the life of a support -----------------------------------------------------------------------------------------


@ask("plan_act")
def plan_act(scene: Scene) -> Ask:
    return Ask({**plan_only(scene), "act": "pause"}, {"reason": "Travaux de la mairie."})


@ask("plan_end_report")
def plan_end_report(scene: Scene) -> Ask:
    plan, by = scene.stage.plan, scene.tenant.people["RA"]
    end(plan=SupportPlan.objects.get(pk=plan.pk), summary="Un chemin.", reason="Fin.", by=by, at=portal_now())
    freeze_documents(scene.tenant)
    return Ask(plan_only(scene))


# --- its tables ----------------------------------------------------------------------------------------------------


@ask("sheets")
def sheets(scene: Scene) -> Ask:
    return Ask(plan_only(scene))


@ask("sheet")
def sheet_of(scene: Scene) -> Ask:
    return Ask({**plan_only(scene), "slug": "documents"})


@ask("sheet_file")
def sheet_file(scene: Scene) -> Ask:
    row = scene.stage.document_shared
    return Ask({**plan_only(scene), "slug": "documents", "pk": row.pk, "name": "file"})


@ask("sheet_file:internal")
def sheet_file_internal(scene: Scene) -> Ask:
    row = scene.stage.document_internal
    return Ask({**plan_only(scene), "slug": "documents", "pk": row.pk, "name": "file"})


def parcel() -> dict[str, Any]:
    return {"reference": "AB 2", "area": 30, "owner": "La commune", "control": "owned", "note": ""}


@ask("sheet_new")
def sheet_new(scene: Scene) -> Ask:
    return Ask({**plan_only(scene), "slug": "foncier"}, parcel())


@ask("sheet_new:reports")
def sheet_new_reports(scene: Scene) -> Ask:
    return Ask({**plan_only(scene), "slug": "rapports"}, {"title": "Rapport", "due_on": scene.today, "every": 6})


@ask("sheet_row")
def sheet_row(scene: Scene) -> Ask:
    return Ask({**plan_only(scene), "slug": "foncier", "pk": scene.stage.parcel.pk}, parcel())


@ask("sheet_remove")
def sheet_remove(scene: Scene) -> Ask:
    return Ask({**plan_only(scene), "slug": "foncier", "pk": scene.stage.parcel.pk})


# --- visits, messages, meetings --------------------------------------------------------------------------------------


@ask("plan_messages")
def plan_messages(scene: Scene) -> Ask:
    return Ask(plan_only(scene), {"text": "Bonjour."})


@ask("visit_new")
def visit_new(scene: Scene) -> Ask:
    return Ask(plan_only(scene), {"planned_on": scene.today, "purpose": "Repérage"})


@ask("visit_report", "visit_cancel")
def visit(scene: Scene) -> Ask:
    told = {"kind": "visit", "title": "Vu", "text": "", "visibility": "shared", "days": "0,5"}
    return Ask({**plan_only(scene), "pk": scene.stage.visit.pk}, {**told, "happened_on": scene.today})


@ask("log_file")
def log_file(scene: Scene) -> Ask:
    entry = write_log(
        plan=scene.stage.plan, kind="visit", happened_on=day_of(portal_now()), title="Photo", text="",
        visibility="shared", days=Decimal(0), by=scene.tenant.people["RA"], at=portal_now(),
        file=scene.stage.document_shared.file,
    )  # fmt: skip
    return Ask({**plan_only(scene), "pk": entry.pk})


@ask("meetings")
def meetings(scene: Scene) -> Ask:
    return Ask(plan_only(scene))


def convened(scene: Scene) -> dict[str, str]:
    later = portal_now() + timedelta(days=9)
    return {
        "kind": "steering", "held_at": f"{later:%Y-%m-%dT%H:%M}", "place": "Mairie", "chair": "Le maire", "agenda": "Un",
    }  # fmt: skip


@ask("meeting_new")
def meeting_new(scene: Scene) -> Ask:
    return Ask(plan_only(scene), convened(scene))


@ask("meeting", "meeting_edit", "meeting_cancel", "meeting_attendee", "meeting_task")
def meeting(scene: Scene) -> Ask:
    told = {"reason": "Report.", "title": "Le maire", "body": "Commune", "text": "Écrire", "side": "commune"}
    return Ask({"uuid": scene.stage.meeting.uuid}, {**convened(scene), **told, "due_on": scene.today})


@ask("meeting_answer")
def meeting_answer(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.meeting.uuid, "pk": scene.stage.place.pk}, {"reponse": "oui"})


@ask("task_done")
def task_done(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.meeting.uuid, "pk": scene.stage.task.pk})


def over(scene: Scene) -> dict[str, Any]:
    """The meeting has taken place."""
    Meeting.objects.filter(pk=scene.stage.meeting.pk).update(held_at=portal_now() - timedelta(hours=3))
    return {"uuid": scene.stage.meeting.uuid}


@ask("meeting_record")
def meeting_record(scene: Scene) -> Ask:
    return Ask(over(scene), {"summary": "Rien.", "decisions": "Oui."})


@ask("meeting_minutes")
def meeting_minutes(scene: Scene) -> Ask:
    kwargs = over(scene)
    Meeting.objects.filter(pk=scene.stage.meeting.pk).update(state="held")
    return Ask(kwargs)


@ask("meeting_pdf")
def meeting_pdf(scene: Scene) -> Ask:
    kwargs = meeting_minutes(scene).kwargs
    issue_minutes(meeting=Meeting.objects.get(pk=scene.stage.meeting.pk), at=portal_now())
    freeze_documents(scene.tenant)
    return Ask(kwargs)


# --- expertise -----------------------------------------------------------------------------------------------------


@ask("directory")
def directory(scene: Scene) -> Ask:
    return Ask({"uuid": scene.tenant.owner.uuid})


@ask("body_new")
def body_new(scene: Scene) -> Ask:
    return Ask({"uuid": scene.tenant.owner.uuid}, {"name": "CAUE", "themes": "Paysage", "email": "caue@exemple.fr"})


@ask("body_edit")
def body_edit(scene: Scene) -> Ask:
    asked = body_new(scene)
    return Ask({**asked.kwargs, "pk": scene.stage.body1.pk}, asked.data)


@ask("expertises")
def expertises(scene: Scene) -> Ask:
    return Ask(plan_only(scene))


@ask("expertise_new")
def expertise_new(scene: Scene) -> Ask:
    told = {"theme": scene.stage.expertise.theme, "subject": "Un avis", "question": "Comment faire ?"}
    return Ask(plan_only(scene), {**told, "due_on": scene.today})


@ask("expertise", "expertise_assign", "expertise_cancel")
def expertise(scene: Scene) -> Ask:
    told = {"body": scene.stage.body1.pk, "reason": "Sans objet."}
    return Ask({"uuid": scene.stage.expertise.uuid}, told)


def answered(scene: Scene) -> ExpertiseRequest:
    """Given to a body, which has answered with a file."""
    row, by, at = ExpertiseRequest.objects.get(pk=scene.stage.expertise.pk), scene.tenant.people["RA"], portal_now()
    assign(request=row, body=scene.stage.body1, by=by, at=at)
    told = {"answer": "Oui.", "days": Decimal(1), "bearer": "partner", "file": scene.stage.document_shared.file}
    give_answer(request=row, by=None, at=at, **told)
    return row


@ask("expertise_rate", "expertise_file")
def expertise_rate(scene: Scene) -> Ask:
    return Ask({"uuid": answered(scene).uuid}, {"satisfaction": 4, "remark": ""})


@ask("expertise_reply")
def expertise_reply(scene: Scene) -> Ask:
    row = ExpertiseRequest.objects.get(pk=scene.stage.expertise.pk)
    assign(request=row, body=scene.stage.body1, by=scene.tenant.people["RA"], at=portal_now())
    return Ask({"uuid": row.uuid}, {"acte": "accepter"})


# --- the desks -----------------------------------------------------------------------------------------------------


@ask("support_ceiling")
def support_ceiling(scene: Scene) -> Ask:
    return Ask({**scene.call, "pk": scene.tenant.people["RA"].pk}, {"days": 40})


@ask("provider_deliverable")
def provider_deliverable(scene: Scene) -> Ask:
    return Ask({"pk": scene.stage.consultation.pk})


# --- workshops -----------------------------------------------------------------------------------------------------


@ask("workshops", "roadmap_issue")
def workshops(scene: Scene) -> Ask:
    return Ask(plan_only(scene))


@ask("workshop_new")
def workshop_new(scene: Scene) -> Ask:
    told = {"title": "Atelier", "place": "Préau", "objective": "Voir"}
    return Ask(plan_only(scene), {**told, "held_on": scene.today})


@ask("workshop", "workshop_edit", "workshop_people", "need_new", "workshop_photo")
def workshop(scene: Scene) -> Ask:
    told = {"elected_present": 3, "text": "Un banc", "college": "inhabitants", "caption": "La place", "consent": "on"}
    asked = workshop_new(scene)
    photo = {"upload": image_upload()} if scene.method == "POST" else {}
    return Ask({**asked.kwargs, "pk": scene.stage.workshop.pk}, {**asked.data, **told, **photo})


@ask("need", "need_act")
def need(scene: Scene) -> Ask:
    asked = workshop(scene)
    return Ask({**asked.kwargs, "need": scene.stage.need.pk}, asked.data)


@ask("workshop_photo_file")
def workshop_photo_file(scene: Scene) -> Ask:
    return Ask({**plan_only(scene), "pk": scene.stage.workshop.pk, "photo": scene.stage.photo.pk})


@ask("scenario_new")
def scenario_new(scene: Scene) -> Ask:
    return Ask(plan_only(scene), {"code": "B", "title": "Par la sente", "description": "À pied."})


@ask("scenario", "scenario_edit", "scenario_choose")
def scenario(scene: Scene) -> Ask:
    told = {"position": "for", "comment": "", "chosen_on": scene.today, "reason": "Le plus sûr."}
    return Ask({**plan_only(scene), "pk": scene.stage.scenario.pk}, {**scenario_new(scene).data, **told})


@ask("roadmap_approve", "roadmap_pdf")
def roadmap(scene: Scene) -> Ask:
    made = issue_roadmap(plan=scene.stage.plan, by=scene.tenant.people["RA"], at=portal_now())
    freeze_documents(scene.tenant)
    return Ask({**plan_only(scene), "version": made.version}, {"act_number": "2027-1", "approved_on": scene.today})


# --- mandates ------------------------------------------------------------------------------------------------------


@ask("renewals")
def renewals(scene: Scene) -> Ask:
    later = day_of(portal_now()) + timedelta(days=20)
    return Ask(scene.call, {"reason": "Élections municipales", "due_on": later.isoformat()})


@ask("plan_mandate")
def mandate(scene: Scene) -> Ask:
    told = {"representative": "La maire", "referent": "Adjoint aux travaux"}
    return Ask({**plan_only(scene), "pk": scene.stage.mandate.pk}, told)


@ask("plan_site")
def plan_site(scene: Scene) -> Ask:
    return Ask(plan_only(scene), {"kind": "massif", "name": "Le plateau", "codes": ""})
