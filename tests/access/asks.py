"""Right requests for the calls, the commune's side and the organisations.

Each puts the scene right first when it must; both are undone together.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import ApplicationMember, PiecePromise, SignatureRequest
from calls.models import Enquiry
from portal.core.clock import portal_now
from tests.access.scene import ASKS, Ask, Scene, ask
from tests.access.stages import call_text
from tests.applications.files import pdf_upload


@ask(
    "staff_calls", "reminders", "mail_failures", "applications", "jury_home", "support_home", "clubs", "my_actions",
    "claims", "institution_start",
)  # fmt: skip
def nothing(scene: Scene) -> Ask:
    return Ask()


@ask("step_up")
def step_up(scene: Scene) -> Ask:
    return Ask(data={"send": "1"})


# --- calls -------------------------------------------------------------------------------------------------------


@ask(
    "call_page", "staff_call", "call_export", "call_invite", "invitation_report", "staff_communes",
    "staff_communes_export", "jury_staff", "jury_compose",
)  # fmt: skip
def call_only(scene: Scene) -> Ask:
    return Ask(scene.call)


@ask("call_import")
def call_import(scene: Scene) -> Ask:
    text = call_text(scene.tenant, "préparation").replace("slug: places", "slug: importe").replace("PAV", "IMP")
    file = SimpleUploadedFile("appel.yaml", text.encode(), content_type="application/yaml")
    return Ask({"organisation": scene.tenant.owner.uuid}, {"file": file})


@ask("call_publish")
def call_publish(scene: Scene) -> Ask:
    return Ask(scene.call, {"approver": scene.tenant.people["DI"].pk, "reason": "À confirmer."})


@ask("call_team")
def call_team(scene: Scene) -> Ask:
    told = {"email": "nouvelle@exemple.fr", "role_title": "Instructrice", "role": "officer"}
    return Ask(scene.call, {**told, "approver": scene.tenant.people["DI"].pk})


@ask("call_team_end")
def call_team_end(scene: Scene) -> Ask:
    return Ask({**scene.call, "pk": scene.stage.call.roles.get(role="reader").pk})


def question_of(scene: Scene) -> dict[str, Any]:
    enquiry = Enquiry.objects.create(
        call=scene.stage.call, email="demande@exemple.fr", asked="Peut-on venir à trois ?", asked_at=portal_now()
    )
    return {**scene.call, "uuid": enquiry.uuid}


@ask("staff_questions")
def staff_questions(scene: Scene) -> Ask:
    question_of(scene)
    return Ask(scene.call)


@ask("staff_question")
def staff_question(scene: Scene) -> Ask:
    return Ask(question_of(scene), {"question": "Peut-on venir à trois ?", "answer": "Oui, à trois au plus."})


@ask("staff_question_decline")
def staff_question_decline(scene: Scene) -> Ask:
    return Ask(question_of(scene), {"reason": "La réponse est dans le règlement."})


@ask("approval_awaited")
def approval_awaited(scene: Scene) -> Ask:
    return Ask({"pk": scene.stage.approval.pk}, {"answer": "no", "reason": "Pas encore."})


@ask("reminder_pause")
def reminder_pause(scene: Scene) -> Ask:
    return Ask({**scene.call, "rule": "draft_not_deposited"})


@ask("staff_commune")
def staff_commune(scene: Scene) -> Ask:
    return Ask({**scene.call, "insee": scene.tenant.names.lead[0]})


# --- the file, commune side --------------------------------------------------------------------------------------


@ask("application_new")
def application_new(scene: Scene) -> Ask:
    """The town has no file yet: the one it has is left aside."""
    ApplicationMember.objects.filter(application=scene.stage.file).update(left_at=portal_now())
    return Ask(scene.call, {"organisation": scene.tenant.town.uuid})


@ask(
    "application", "application_read", "pieces", "signature_read", "application_deposited", "receipt", "staff_application",
    "staff_application:draft", "application_decision", "application_decision_letter",
)  # fmt: skip
def file_only(scene: Scene) -> Ask:
    return Ask(scene.file)


@ask("section", "section_autosave")
def section(scene: Scene) -> Ask:
    row = scene.stage.file.sections.get(section_code="site")
    typed = {"titre": "La place du marché", "surface": "900"}
    return Ask({**scene.file, "code": "site"}, {**typed, "version": row.version, "affichees": "titre,surface"})


@ask("piece")
def piece(scene: Scene) -> Ask:
    return Ask({**scene.file, "code": "PLAN"}, {"file": pdf_upload()})


@ask("piece:promised")
def promised_piece(scene: Scene) -> Ask:
    return Ask({**scene.file, "code": "DELIB"}, {"file": pdf_upload()})


@ask("piece_promise")
def piece_promise(scene: Scene) -> Ask:
    PiecePromise.objects.filter(application=scene.stage.file).delete()
    until = scene.stage.call.piece_types.get(code="DELIB").promised_until
    return Ask({**scene.file, "code": "DELIB"}, {"due_on": f"{until:%d/%m/%Y}"})


@ask("piece_remove")
def piece_remove(scene: Scene) -> Ask:
    return Ask({**scene.file, "code": "PLAN", "pk": scene.stage.file.attachments.get(piece_code="PLAN").pk})


@ask("piece_download", "piece_download:deposited")
def piece_download(scene: Scene) -> Ask:
    return Ask({**scene.file, "pk": scene.stage.file.attachments.get(piece_code="PLAN").file_id})


@ask("signature_ask")
def signature_ask(scene: Scene) -> Ask:
    return Ask(scene.file, {"email": "adjointe@exemple.fr", "full_name": "Une adjointe", "role_title": "Adjointe"})


@ask("signature_decline")
def signature_decline(scene: Scene) -> Ask:
    people = scene.tenant.people
    SignatureRequest.objects.create(
        application=scene.stage.file, signatory=people["SI"], asked_by=people["PR"], asked_at=portal_now()
    )
    return Ask(scene.file, {"reason": "Le conseil doit d’abord se réunir."})


@ask("deposit")
def deposit(scene: Scene) -> Ask:
    """Another answer than the last version, so that there is something to deposit."""
    row = scene.stage.file.sections.get(section_code="site")
    row.values["surface"] = "1300"
    row.save(update_fields=["values"])
    return Ask(scene.file, {"key": uuid4(), "confirm": "on", "undertaking_REUNIONS": "on"})


@ask("receipt_download", "staff_receipt")
def receipt_download(scene: Scene) -> Ask:
    return Ask({**scene.file, "n": 1})


@ask("withdraw")
def withdraw(scene: Scene) -> Ask:
    return Ask(scene.file, {"reason": "Le terrain est vendu."})


# --- organisations -----------------------------------------------------------------------------------------------


def body_of(use: str) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: {"uuid": (scene.tenant.owner if use == "owner" else scene.tenant.town).uuid}


def organisation_asks(use: str) -> None:
    """The same pages for a commune and for an institution."""
    end, of = (":owner" if use == "owner" else ""), body_of(use)
    member = {"email": "collegue@exemple.fr", "full_name": "Un collègue", "role_title": "Agent", "right": "reader"}
    lines = "adresse;nom;fonction;droit\ncollegue@exemple.fr;Un collègue;Agent;lecture\n".encode()
    ASKS.update(
        {
            f"members{end}": lambda scene: Ask(of(scene)),
            f"invitation_new{end}": lambda scene: Ask(of(scene), member),
            f"invitation_file{end}": lambda scene: Ask(of(scene), {"file": SimpleUploadedFile("a.csv", lines)}),
            f"invitation_revoke{end}": lambda scene: Ask({**of(scene), "pk": scene.tenant.more["invited"][use].pk}),
            f"member_end{end}": lambda scene: Ask({**of(scene), "pk": scene.tenant.more[f"{use}_member"].pk}),
        }
    )


organisation_asks("town")
organisation_asks("owner")


@ask("invitation_model")
def invitation_model(scene: Scene) -> Ask:
    return Ask({"uuid": scene.tenant.town.uuid})


@ask("claim_settle")
def claim_settle(scene: Scene) -> Ask:
    return Ask({"uuid": scene.tenant.more["claim"].pk}, {"answer": "yes"})


@ask("institution_step")
def institution_step(scene: Scene) -> Ask:
    return Ask({"step": "identite"}, {"name": "Une agglomération"}, writes=False)
