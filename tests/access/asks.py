"""Right requests for the calls, the commune's side and the organisations.

Each puts the scene right first when it must; both are undone together.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.documents.copy import request_deposited, request_draft
from applications.models import Application, ApplicationMember, PiecePromise, SignatureRequest
from calls.definition.dump import dump
from calls.definition.editing import token
from calls.documents import request_blank_form
from calls.editor.entries import entries_of
from calls.editor.rooms import BY_CODE
from calls.models import Call, Enquiry, Track, Window
from portal.accounts.models import Organisation
from portal.accounts.services.account import ask_address
from portal.accounts.services.takeover import fingerprint, rehearse_takeover
from portal.core.clock import portal_now
from portal.core.downloads import short_address
from portal.core.models import Job, OutboundEmail
from portal.core.outbox import Mail, enqueue_email
from portal.core.spaces import inside
from portal.rehearsals.models import Rehearsal
from portal.rehearsals.services import start
from tests.access.scene import ASKS, Ask, Scene, ask
from tests.access.stages import call_text, freeze_documents
from tests.applications.files import pdf_upload
from tests.harness.sql import unkept


@ask(
    "staff_calls", "reminders", "mail_failures", "document_failures", "applications", "jury_home", "support_home", "clubs", "my_actions",
    "action_board", "partner_desk", "support_load", "provider_desk",
    "claims", "institution_start", "organisations", "personal_data_export",
)  # fmt: skip
def nothing(scene: Scene) -> Ask:
    return Ask()


@ask("step_up")
def step_up(scene: Scene) -> Ask:
    return Ask(data={"send": "1"})


@ask("my_account")
def my_account(scene: Scene) -> Ask:
    return Ask(writes=False)  # nobody of the scene is signed in twice


@ask("address_change")
def address_change(scene: Scene) -> Ask:
    return Ask(data={"email": "nouvelle-adresse@exemple.fr"})


@ask("address_confirm")
def address_confirm(scene: Scene) -> Ask:
    """A change was asked just before; the code of its mail is given."""
    if scene.user is None:
        return Ask()
    change = ask_address(user=scene.user, email="nouvelle-adresse@exemple.fr", at=portal_now())
    mail = OutboundEmail.objects.get(kind="address-code", object_key=f"address:{change.uuid.hex}")
    return Ask(data={"code": mail.subject.split()[-1]})


@ask("reminder_rhythm")
def reminder_rhythm(scene: Scene) -> Ask:
    return Ask(data={"rhythm": "daily"})


# --- calls -------------------------------------------------------------------------------------------------------


@ask(
    "call_page", "call_eligibility", "call_perimeter", "staff_call", "call_export", "call_invite", "invitation_report", "staff_communes",
    "staff_communes_export", "jury_staff", "jury_compose",
)  # fmt: skip
def call_only(scene: Scene) -> Ask:
    return Ask(scene.call)


@ask("call_eligibility_of")
def call_eligibility_of(scene: Scene) -> Ask:
    return Ask({**scene.call, "code": scene.tenant.town.commune_id})


@ask("call_import")
def call_import(scene: Scene) -> Ask:
    text = call_text(scene.tenant, "préparation").replace("slug: places", "slug: importe").replace("PAV", "IMP")
    file = SimpleUploadedFile("appel.yaml", text.encode(), content_type="application/yaml")
    return Ask({"organisation": scene.tenant.owner.uuid}, {"file": file})


# --- the back office ---------------------------------------------------------------------------------------------


@ask("call_open")
def call_open(scene: Scene) -> Ask:
    told = {"title": "Un autre appel", "edition": "2028", "opens_at-0": "2028-01-10"}
    hours = {"opens_at-1": "09:00:00", "closes_at-0": "2028-03-31", "closes_at-1": "23:59:59"}
    return Ask({"organisation": scene.tenant.owner.uuid}, {**told, **hours})


@ask("call_rooms", "call_preview", "call_preview_jury")
def call_rooms(scene: Scene) -> Ask:
    return Ask(scene.call)


@ask("call_room")
def call_room(scene: Scene) -> Ask:
    room = BY_CODE["donnees"]
    told = {"data_notice__text": "Une autre phrase.", "data_notice__dpo_mail": "dpd@exemple.fr"}
    return Ask({**scene.call, "room": room.code}, {**told, "vu": token(dump(scene.stage.call), room.fields)})


@ask("call_room_begin")
def call_room_begin(scene: Scene) -> Ask:
    return Ask({**scene.call, "room": "argent"})


@ask("call_room_leave")
def call_room_leave(scene: Scene) -> Ask:
    return Ask({**scene.call, "room": "grille"})


@ask("call_part")
def call_part(scene: Scene) -> Ask:
    document = dump(scene.stage.call)
    rule = document.eligibility[0]
    shown = [entry.path for entry in entries_of(type(rule), rule.kind)]
    told = {"label": "Commune membre", "sentence": "La commune est membre.", "effect": "blocking"}
    return Ask({**scene.call, "where": f"eligibility/{rule.code}"}, {**told, "vu": token(rule, shown)})


@ask("call_part_add")
def call_part_add(scene: Scene) -> Ask:
    return Ask({**scene.call, "where": "undertakings"}, {"label": "Accepter les visites"})


@ask("call_part_move")
def call_part_move(scene: Scene) -> Ask:
    return Ask({**scene.call, "where": f"calendar/{dump(scene.stage.call).calendar[0].code}"}, {"sens": "bas"})


@ask("call_part_remove")
def call_part_remove(scene: Scene) -> Ask:
    return Ask({**scene.call, "where": f"calendar/{dump(scene.stage.call).calendar[0].code}"})


@ask("call_library")
def call_library(scene: Scene) -> Ask:
    return Ask({**scene.call, "name": "pieces"}, {"code": "RIB"})


@ask("call_document_upload")
def call_document_upload(scene: Scene) -> Ask:
    call = scene.stage.call
    extras = {**call.extras, "documents": [{"code": "notice", "label": "Notice"}]}
    Call.objects.filter(pk=call.pk).update(extras=extras)
    return Ask({**scene.call, "code": "notice"}, {"file": pdf_upload()})


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


@ask("staff_question_correct")
def staff_question_correct(scene: Scene) -> Ask:
    kwargs = question_of(scene)
    published = {
        "state": "answered",
        "question": "À trois ?",
        "answer": "Oui.",
        "email": "",
        "settled_at": portal_now(),
    }
    Enquiry.objects.filter(uuid=kwargs["uuid"]).update(**published)
    return Ask(kwargs, {"question": "À trois ?", "answer": "Oui, à trois au plus.", "reason": "Précision."})


@ask("call_blank_form")
def call_blank_form(scene: Scene) -> Ask:
    return Ask(scene.call)


@ask("call_blank_form_download")
def call_blank_form_download(scene: Scene) -> Ask:
    request_blank_form(scene.stage.call, portal_now())
    freeze_documents(scene.tenant)
    return Ask(scene.call)


def by_invitation(scene: Scene) -> Call:
    """The call of the moment, reserved to a list; read again, since all is undone after."""
    call = Call.objects.get(pk=scene.stage.call.pk)
    call.extras = {**call.extras, "access": {"kind": "invitation", "invited": ["180089013"]}}
    call.save(update_fields=["extras"])
    return call


@ask("call_guests")
def call_guests(scene: Scene) -> Ask:
    by_invitation(scene)
    told = {"siren": "130005481", "name": "Agence", "kind": "operator", "contact": "agence@exemple.fr"}
    return Ask(scene.call, told)


@ask("call_guests_write")
def call_guests_write(scene: Scene) -> Ask:
    by_invitation(scene)
    Organisation.objects.create(siren="180089013", name="Muséum", kind="operator", official_email="museum@exemple.fr")
    return Ask(scene.call)


@ask("staff_question_decline")
def staff_question_decline(scene: Scene) -> Ask:
    return Ask(question_of(scene), {"reason": "La réponse est dans le règlement."})


@ask("approval_awaited")
def approval_awaited(scene: Scene) -> Ask:
    return Ask({"pk": scene.stage.approval.pk}, {"answer": "no", "reason": "Pas encore."})


def rehearsed(scene: Scene) -> Rehearsal:
    """The call in rehearsal, without files; for who may not see it, the row is enough to be kept secret."""
    call, manager, at = scene.stage.call, scene.tenant.people["GE"], portal_now()
    if scene.role != "GE":
        kept = {"files": 0, "structure": 0, "started_at": at, "expires_at": at + timedelta(days=30)}
        return Rehearsal.objects.create(call=call, stage="open", started_by=manager, **kept)
    found = start(call=call, stage="open", files=0, by=manager, at=at)
    with inside(found.space):
        Job.objects.update(state="done")
    return found


@ask("rehearsal")
def rehearsal(scene: Scene) -> Ask:
    """The board of one that exists; the form that begins one."""
    if scene.method == "GET":
        rehearsed(scene)
    return Ask(scene.call, {"stage": "open", "files": "0"})


@ask("rehearsal_places", "rehearsal_mails", "rehearsal_erase")
def rehearsal_only(scene: Scene) -> Ask:
    rehearsed(scene)
    return Ask(scene.call)


@ask("rehearsal_mail")
def rehearsal_mail(scene: Scene) -> Ask:
    found, mail = rehearsed(scene), uuid4()
    if scene.role == "GE":
        with inside(found.space):
            enqueue_email(Mail("essai", "x", "mairie@exemple.fr", "Objet", "Texte\n"), at=portal_now())
            mail = OutboundEmail.objects.get().pk
    return Ask({**scene.call, "uuid": mail})


@ask("rehearsal_enter")
def rehearsal_enter(scene: Scene) -> Ask:
    rehearsed(scene)
    return Ask(scene.call, {"person": ""})


@ask("rehearsal_advance")
def rehearsal_advance(scene: Scene) -> Ask:
    rehearsed(scene)
    return Ask(scene.call, {"day": "2027-05-01", "hour": "09:00"})


@ask("reminder_pause")
def reminder_pause(scene: Scene) -> Ask:
    return Ask({**scene.call, "rule": "draft_not_deposited"})


@ask("document_retry")
def document_retry(scene: Scene) -> Ask:
    receipt = scene.stage.file.deposits.earliest("n").receipt
    with unkept():
        type(receipt).objects.filter(pk=receipt.pk).update(state="failed", failure="Image trop lourde.")
    return Ask({"uuid": receipt.pk})


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
    "staff_application:draft", "application_decision", "application_decision_letter", "application_decision_read",
)  # fmt: skip
def file_only(scene: Scene) -> Ask:
    return Ask(scene.file)


@ask("section", "section_autosave")
def section(scene: Scene) -> Ask:
    row = scene.stage.file.sections.get(section_code="site")
    typed = {"titre": "La place du marché", "surface": "900"}
    return Ask({**scene.file, "code": "site"}, {**typed, "version": row.version, "affichees": "titre,surface"})


@ask("application_track")
def application_track(scene: Scene) -> Ask:
    """The call has two tracks; the file is on the first."""
    call = scene.stage.call
    first, _second = [Track.objects.create(call=call, code=code, position=1, label=code) for code in ("VA", "VB")]
    Application.objects.filter(pk=scene.stage.file.pk).update(track=first)
    return Ask(scene.file, {"volet": "VB"})


@ask("application_wave")
def application_wave(scene: Scene) -> Ask:
    """The file was begun for a wave that is over; the window of the call is the next one."""
    now = portal_now()
    over = Window.objects.create(
        call=scene.stage.call,
        code="W0",
        position=0,
        opens_at=now - timedelta(days=9),
        closes_at=now - timedelta(days=1),
    )
    Application.objects.filter(pk=scene.stage.file.pk).update(window=over)
    return Ask(scene.file)


@ask("piece")
def piece(scene: Scene) -> Ask:
    return Ask({**scene.file, "code": "PLAN"}, {"file": pdf_upload()})


@ask("piece:promised")
def promised_piece(scene: Scene) -> Ask:
    return Ask({**scene.file, "code": "DELIB"}, {"file": pdf_upload()})


@ask("application_conditions")
def conditions(scene: Scene) -> Ask:
    return Ask(scene.file, {"texte_R1": "La commune est voisine."})


@ask("application_derogation")
def derogation(scene: Scene) -> Ask:
    return Ask({**scene.file, "code": "R3"}, {"reason": "La commune est la seule du canton."})


@ask("piece_promise")
def piece_promise(scene: Scene) -> Ask:
    PiecePromise.objects.filter(application=scene.stage.file).delete()
    until = scene.stage.call.piece_types.get(code="DELIB").promised_until
    return Ask({**scene.file, "code": "DELIB"}, {"due_on": f"{until:%d/%m/%Y}"})


@ask("piece_resolution")
def piece_resolution(scene: Scene) -> Ask:
    """Of a piece that was not promised: nothing more may be told of it after the limit."""
    PiecePromise.objects.filter(application=scene.stage.file).delete()
    act = {"organisation": "autre", "assembly": "Le maire", "adopted_on": "02/03/2026", "number": "2026-12"}
    return Ask({**scene.file, "code": "DELIB"}, act)


@ask("piece_remove")
def piece_remove(scene: Scene) -> Ask:
    return Ask({**scene.file, "code": "PLAN", "pk": scene.stage.file.attachments.get(piece_code="PLAN").pk})


@ask("piece_download", "piece_download:deposited")
def piece_download(scene: Scene) -> Ask:
    return Ask({**scene.file, "pk": scene.stage.file.attachments.get(piece_code="PLAN").file_id})


@ask("stored_file")
def stored_file(scene: Scene) -> Ask:
    """The address that the editor of the commune was given a moment ago."""
    file = scene.stage.file.attachments.get(piece_code="PLAN").file
    address = short_address(file, scene.tenant.people["PR"])
    return Ask({"token": address.strip("/").rpartition("/")[2]})


@ask("partners")
def partners(scene: Scene) -> Ask:
    """The group of the call; the co-applicant of the stage leaves its place."""
    if scene.method == "POST":
        partner_row(scene).update(left_at=portal_now())
    key = f"insee:{scene.tenant.names.partner[0]}"
    return Ask(scene.file, {"q": scene.tenant.names.partner[2], "who": key, "role": "member"})


@ask("partner_end")
def partner_end(scene: Scene) -> Ask:
    return Ask({**scene.file, "pk": partner_row(scene).get().pk})


@ask("partner_answer")
def partner_answer(scene: Scene) -> Ask:
    partner_row(scene).update(confirmed_at=None, invited_at=portal_now(), invited_by=scene.tenant.people["PR"])
    return Ask({**scene.file, "pk": partner_row(scene).get().pk}, {"answer": "yes"})


def partner_row(scene: Scene) -> Any:
    return ApplicationMember.objects.filter(application=scene.stage.file, role="member")


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


@ask("application_take_up")
def application_take_up(scene: Scene) -> Ask:
    """Another file of the same town hall."""
    other = Application.objects.filter(lead=scene.stage.file.lead).exclude(pk=scene.stage.file.pk).first()
    return Ask(scene.file, {"candidature": other.uuid})


@ask("application_pdf")
def application_pdf(scene: Scene) -> Ask:
    return Ask(scene.file, {"copie": "projet" if scene.stage.file.state == "draft" else "depose"})


@ask("application_pdf_download")
def application_pdf_download(scene: Scene) -> Ask:
    """The copy that the moment offers, ready."""
    file, at = scene.stage.file, portal_now()
    drafted = file.state == "draft"
    request_draft(file, at) if drafted else request_deposited(file.deposits.latest("n"), at)
    freeze_documents(scene.tenant)
    return Ask({**scene.file, "code": "projet" if drafted else "depose"})


@ask("receipt_download", "staff_receipt")
def receipt_download(scene: Scene) -> Ask:
    return Ask({**scene.file, "n": 1})


@ask("application_abandon")
def application_abandon(scene: Scene) -> Ask:
    return Ask(scene.file, {"next": "/candidatures/"})


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


@ask("claim_follow")
def claim_follow(scene: Scene) -> Ask:
    return Ask({"uuid": scene.tenant.more["claim"].pk})


@ask("claim_send_again")
def claim_send_again(scene: Scene) -> Ask:
    claim = scene.tenant.more["claim"]
    claim.links.update(sent_at=portal_now() - timedelta(hours=2))
    return Ask({"uuid": claim.pk})


@ask("institution_step")
def institution_step(scene: Scene) -> Ask:
    return Ask({"step": "identite"}, {"name": "Une agglomération"}, writes=False)


@ask("organisation_new")
def organisation_new(scene: Scene) -> Ask:
    return Ask({}, {"kind": "association", "name": "Les Amis du port"})


@ask("organisation_takeover")
def organisation_takeover(scene: Scene) -> Ask:
    heir = scene.tenant.town
    old = Organisation.objects.create(kind="association", name="Les Amis d’hier", siren="356000000")
    act = {"on": date(2027, 1, 1), "reason": "arrêté", "by": scene.tenant.people["GE"], "at": portal_now()}
    lines = rehearse_takeover(predecessors=[old], successor=heir, **act)
    typed = {"predecessors": old.siren, "on": "2027-01-01", "reason": "arrêté"}
    return Ask({"uuid": heir.uuid}, {**typed, "seen": fingerprint(lines), "sure": "on"})


@ask("organisation_edit")
def organisation_edit(scene: Scene) -> Ask:
    return Ask({"uuid": scene.tenant.town.uuid}, {"name": "Commune", "aliases": "Ancien nom ; ; 01/01/2017"})
