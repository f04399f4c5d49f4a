"""Right requests for the examination of deposited files: admissibility, completion, opinions."""

from datetime import timedelta

from applications.models import (
    CompletionFile,
    CompletionItem,
    CompletionRequest,
    Expert,
    Export,
    Message,
    MessageFile,
    OpinionFile,
    OpinionRequest,
    Reservation,
    SavedView,
)
from calls.models import Call
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.uploads import store_bytes
from support.agreements.models import Agreement
from tests.access.scene import Ask, Scene, ask
from tests.applications.files import pdf_upload

QUESTION, PIECE = "titre", "DELIB"


def later(days: int = 20) -> str:
    return (day_of(portal_now()) + timedelta(days=days)).isoformat()


def asked(scene: Scene) -> CompletionRequest:
    """A question and a piece asked of the commune, with a file not sent yet."""
    now, officer = portal_now(), scene.tenant.people["OF"]
    found = CompletionRequest.objects.create(
        application=scene.stage.file, message="À préciser.", due_at=now + timedelta(days=10), expiry="as_is",
        asked_at=now, asked_by=officer,
    )  # fmt: skip
    for n, (kind, code) in enumerate((("question", QUESTION), ("piece", PIECE)), start=1):
        item = CompletionItem.objects.create(request=found, position=n, kind=kind, code=code, label=code)
    file = store_bytes(b"%PDF-1.7 x", name="acte.pdf", detected_type="application/pdf", by=officer, at=now)
    CompletionFile.objects.create(item=item, file=file, added_at=now, added_by=officer)
    return found


@ask("staff_completion_new")
def staff_completion_new(scene: Scene) -> Ask:
    told = {f"question-{QUESTION}": "on", "message": "Précisez la surface.", "due_on": later()}
    return Ask(scene.file, told)


@ask("staff_completion")
def staff_completion(scene: Scene) -> Ask:
    return Ask({"key": asked(scene).uuid})


@ask("staff_completion_extend")
def staff_completion_extend(scene: Scene) -> Ask:
    return Ask({"key": asked(scene).uuid}, {"prolonger-due_on": later(30), "prolonger-reason": "Conseil reporté."})


@ask("staff_completion_cancel")
def staff_completion_cancel(scene: Scene) -> Ask:
    return Ask({"key": asked(scene).uuid}, {"annuler-reason": "La pièce était au dossier."})


@ask("completion", "completion_autosave")
def completion(scene: Scene) -> Ask:
    told = {"affichees": QUESTION, "version": "0", QUESTION: "Un autre titre"}
    return Ask({**scene.file, "key": asked(scene).uuid}, told)


@ask("completion_piece")
def completion_piece(scene: Scene) -> Ask:
    return Ask({**scene.file, "key": asked(scene).uuid, "code": PIECE}, {"file": pdf_upload()})


@ask("completion_piece_remove")
def completion_piece_remove(scene: Scene) -> Ask:
    found = asked(scene)
    file = CompletionFile.objects.get(item__request=found)
    return Ask({**scene.file, "key": found.uuid, "code": PIECE, "pk": file.pk})


# --- opinions ----------------------------------------------------------------------------------------------------


def opinion(scene: Scene, *, given: bool = False) -> OpinionRequest:
    """Asked of the reader of the call, a partner; with a file."""
    now, officer, giver = portal_now(), scene.tenant.people["OF"], scene.tenant.people["LA"]
    found = OpinionRequest.objects.create(
        application=scene.stage.file, giver=giver, service="DDTM", question="Le site est-il inondable ?",
        due_at=now + timedelta(days=10), asked_at=now, asked_by=officer,
    )  # fmt: skip
    file = store_bytes(b"%PDF-1.7 x", name="note.pdf", detected_type="application/pdf", by=giver, at=now)
    OpinionFile.objects.create(opinion=found, file=file, added_at=now)
    if given:
        told = {"state": "given", "verdict": "favourable", "given_at": now}
        OpinionRequest.objects.filter(pk=found.pk).update(**told)
    return found


@ask("staff_opinion_new")
def staff_opinion_new(scene: Scene) -> Ask:
    told = {"email": "expert@exemple.fr", "service": "DREAL", "question": "Le site convient-il ?", "due_on": later()}
    return Ask(scene.file, told)


@ask("staff_opinion", "staff_opinion_remind")
def staff_opinion(scene: Scene) -> Ask:
    return Ask({"key": opinion(scene).uuid})


@ask("staff_opinion_file")
def staff_opinion_file(scene: Scene) -> Ask:
    found = opinion(scene, given=True)
    return Ask({"key": found.uuid, "file": found.files.get().file_id})


@ask("staff_opinion_postpone")
def staff_opinion_postpone(scene: Scene) -> Ask:
    told = {"reporter-due_on": later(30), "reporter-reason": "Congés."}
    return Ask({"key": opinion(scene).uuid}, told)


@ask("staff_opinion_revoke")
def staff_opinion_revoke(scene: Scene) -> Ask:
    return Ask({"key": opinion(scene).uuid}, {"retirer-reason": "Avis rendu par courrier."})


@ask("experts")
def experts(scene: Scene) -> Ask:
    return Ask(scene.call, {"email": "expert@exemple.fr", "service": "DREAL", "territory": ""})


@ask("expert_remove")
def expert_remove(scene: Scene) -> Ask:
    people = scene.tenant.people
    known = {"call": scene.stage.call, "person": people["LA"], "service": "DDTM"}
    return Ask({**scene.call, "pk": Expert.objects.create(**known, added_at=portal_now(), added_by=people["GE"]).pk})


@ask("opinions")
def opinions(scene: Scene) -> Ask:
    return Ask()


@ask("opinion", "opinion_autosave")
def opinion_page(scene: Scene) -> Ask:
    return Ask({"key": opinion(scene).uuid}, {"verdict": "favourable", "text": "Rien à signaler."})


@ask("opinion_download")
def opinion_download(scene: Scene) -> Ask:
    found = opinion(scene)
    return Ask({"key": found.uuid, "file": found.files.get().file_id})


@ask("opinion_attach")
def opinion_attach(scene: Scene) -> Ask:
    return Ask({"key": opinion(scene).uuid}, {"file": pdf_upload()})


@ask("opinion_detach")
def opinion_detach(scene: Scene) -> Ask:
    found = opinion(scene)
    return Ask({"key": found.uuid, "pk": found.files.get().pk})


# --- admissibility -----------------------------------------------------------------------------------------------


@ask("staff_checklist")
def staff_checklist(scene: Scene) -> Ask:
    """The call verifies a point."""
    call = scene.stage.call
    extras = {**call.extras, "examination": {"checklist": [{"code": "ACTE", "label": "Acte exécutoire"}]}}
    Call.objects.filter(pk=call.pk).update(extras=extras)
    return Ask(scene.file, {"point_ACTE": "oui", "remarque_ACTE": ""})


@ask("staff_reservation")
def staff_reservation(scene: Scene) -> Ask:
    found = Reservation.objects.create(
        application=scene.stage.file,
        text="Joindre l’acte.",
        opened_at=portal_now(),
        opened_by=scene.tenant.people["OF"],
    )
    return Ask({**scene.file, "pk": found.pk}, {"act": "lever", "reason": "Reçu."})


@ask("staff_undecide")
def staff_undecide(scene: Scene) -> Ask:
    """No agreement rests on the decision any more."""
    for agreement in Agreement.objects.filter(call=scene.stage.call):
        agreement.beneficiaries.clear()
    return Ask(scene.file, {"reason": "Pièce fausse.", "approver": scene.tenant.people["DI"].pk})


# --- talk --------------------------------------------------------------------------------------------------------


def spoken(scene: Scene) -> Message:
    """A message of the service with a file."""
    now, officer = portal_now(), scene.tenant.people["OF"]
    found = Message.objects.create(
        application=scene.stage.file, side="service", author=officer, text="Bonjour.", sent_at=now
    )
    file = store_bytes(b"%PDF-1.7 x", name="note.pdf", detected_type="application/pdf", by=officer, at=now)
    MessageFile.objects.create(message=found, file=file)
    return found


@ask("messages", "staff_messages", "staff_notes")
def talk(scene: Scene) -> Ask:
    return Ask(scene.file, {"text": "Une précision."})


@ask("message_file", "staff_message_file")
def message_file(scene: Scene) -> Ask:
    return Ask({**scene.file, "key": spoken(scene).files.get().file_id})


@ask("staff_contacts")
def staff_contacts(scene: Scene) -> Ask:
    told = {"kind": "phone", "happened_on": scene.today, "text": "Le maire hésite."}
    return Ask({**scene.call, "insee": scene.tenant.town.commune_id}, told)


@ask("staff_update")
def staff_update(scene: Scene) -> Ask:
    return Ask(scene.call, {"text": "Le jury se réunit en mai."})


@ask("staff_timeline")
def staff_timeline(scene: Scene) -> Ask:
    return Ask(scene.file)


@ask("staff_workload")
def staff_workload(scene: Scene) -> Ask:
    return Ask(scene.call, {"comment": "evenly"})


@ask("staff_assign")
def staff_assign(scene: Scene) -> Ask:
    return Ask(scene.file, {"officer": str(scene.tenant.people["OF"].uuid)})


@ask("staff_file_pdf")
def staff_file_pdf(scene: Scene) -> Ask:
    return Ask(scene.file)


@ask("committee_export")
def committee_export(scene: Scene) -> Ask:
    return Ask(scene.call)


@ask("exports")
def exports(scene: Scene) -> Ask:
    return Ask()


@ask("export_download")
def export_download(scene: Scene) -> Ask:
    now, officer = portal_now(), scene.tenant.people["OF"]
    file = store_bytes(b"%PDF-1.7 x", name="dossier.pdf", detected_type="application/pdf", by=officer, at=now)
    made = {"call": scene.stage.call, "kind": "file", "asked_at": now, "asked_by": officer, "finished_at": now}
    return Ask({"key": Export.objects.create(file=file, **made).uuid})


@ask("view_save")
def view_save(scene: Scene) -> Ask:
    return Ask(scene.call, {"nom": "À examiner", "vue": "etat=a-examiner"})


@ask("view_drop")
def view_drop(scene: Scene) -> Ask:
    """One's own."""
    owner = scene.user or scene.tenant.people["GE"]
    found = SavedView.objects.create(call=scene.stage.call, user=owner, name="Vue", query="etat=a-examiner")
    return Ask({**scene.call, "pk": found.pk})


@ask("staff_internal")
def staff_internal(scene: Scene) -> Ask:
    """The call has a field of its own."""
    call = scene.stage.call
    field = {"code": "MONTANT", "label": "Montant proposé", "kind": "number"}
    Call.objects.filter(pk=call.pk).update(extras={**call.extras, "examination": {"fields": [field]}})
    return Ask(scene.file, {"affichees": "MONTANT", "MONTANT": "1 200"})
