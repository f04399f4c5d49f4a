"""Acts of the back office on a call in preparation: open one, change one part, keep the bytes of a document."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from portal.accounts.models import Organisation, User
from portal.core.rules import Refused
from portal.core.uploads import store_upload

from .. import states
from ..definition.blank import TO_WRITE, Institution, Opening, blank_call, prefix_of, slug_of
from ..definition.dump import dump
from ..definition.editing import BadEdit, Change, checked, put
from ..definition.load import amend, load
from ..definition.schema import CallDocument
from ..definition.tree import Problem
from ..models import Call, CallRole, DownloadFile

MAX_DOWNLOAD = 20_000_000
DOWNLOAD_TYPES = ["pdf", "docx", "odt", "xlsx", "ods", "jpg", "png", "geojson"]


@transaction.atomic
def open_call(
    *,
    owner: Organisation,
    by: User,
    at: datetime,
    title: str,
    edition: str,
    opens_at: datetime,
    closes_at: datetime,
) -> Call:
    """A call in preparation, from nothing; the person manages it."""
    opening = Opening(
        title=title,
        edition=edition,
        slug=slug_of(f"{title} {edition}", Call.objects.values_list("slug", flat=True)),
        prefix=prefix_of(title, Call.objects.filter(edition=edition).values_list("code_prefix", flat=True)),
        opens_at=opens_at,
        closes_at=closes_at,
    )
    institution = institution_of(owner)
    call = load(blank_call(institution, opening), owner=owner, at=at)
    CallRole.objects.create(user=by, call=call, role=CallRole.Role.MANAGER, starts_at=at)
    return call


def institution_of(owner: Organisation) -> Institution:
    """What a call takes from the record of its organiser."""
    if not owner.siren:
        raise Refused("Cet organisme n’a pas de SIREN : demandez à l’administration de la plateforme de l’inscrire.")
    profile = owner.profile
    kind, code = territory_of(owner)
    return Institution(
        siren=owner.siren,
        name=owner.name,
        service=profile.contact_service,
        phone=profile.contact_phone,
        hours=profile.contact_hours,
        mail=profile.contact_email,
        dpo_mail=profile.dpo_email,
        signatory=profile.signatory_title,
        court=profile.court[:1].upper() + profile.court[1:],
        court_address=profile.court_address,
        perimeter_kind=kind,
        perimeter_code=code or "01",
        perimeter_label=owner.name if code else f"{TO_WRITE} : le territoire de l’appel",
    )


def territory_of(owner: Organisation) -> tuple[str, str]:
    """The territory of the organiser itself; without code when it has none (a State service, an agency)."""
    places = (
        (Call.PerimeterKind.INTERCOMMUNALITY, owner.intercommunality_id),
        (Call.PerimeterKind.DEPARTMENT, owner.department_id),
        (Call.PerimeterKind.REGION, owner.region_id),
        (Call.PerimeterKind.COMMUNES, owner.commune_id),
    )
    return next(((kind.value, str(code)) for kind, code in places if code), (Call.PerimeterKind.DEPARTMENT.value, ""))


@transaction.atomic
def edit_call(*, call: Call, change: Change, read: CallDocument | None = None) -> CallDocument:
    """Apply one change to a call in preparation; only the rows that differ are written.

    `read`: the document, when the caller read it holding the lock of the call (`locked_when_posted`).

    Raises `BadEdit` (the document would not stand), `Conflict` (someone else has just changed that part), `NoSuchPart`.
    """
    locked = Call.objects.select_for_update(of=("self",)).select_related("programme", "owner").get(pk=call.pk)
    if locked.state != states.DRAFT:
        raise Refused("Cet appel est publié : il ne se modifie plus ici.")
    before = dump(locked) if read is None else read
    after = checked(change(before))
    if problems := clashes(after, locked):
        raise BadEdit(problems)
    amend(locked, before, after)
    if before.documents != after.documents:
        locked.downloads.exclude(code__in=[document.code for document in after.documents]).delete()
    return after


def clashes(document: CallDocument, call: Call) -> list[Problem]:
    """What the other calls forbid: an address, a numbering or the name of a programme that is theirs."""
    others = Call.objects.exclude(pk=call.pk)
    problems = []
    if document.slug != call.slug and others.filter(slug=document.slug).exists():
        problems.append(Problem("un autre appel a déjà cette adresse : écrivez-en une autre.", ("slug",)))
    numbering = {"code_prefix": document.code_prefix, "edition": document.edition}
    changed = (document.code_prefix, document.edition) != (call.code_prefix, call.edition)
    if changed and others.filter(**numbering).exists():
        problems.append(
            Problem("un autre appel numérote déjà ainsi ses candidatures : changez le sigle.", ("code_prefix",))
        )
    shared = others.filter(programme__owner_id=call.owner_id, programme__code=document.programme.code)
    if (document.programme.code, document.programme.title) != (call.programme.code, call.programme.title):
        title = shared.values_list("programme__title", flat=True).first()
        if title and title != document.programme.title:
            problems.append(
                Problem(f"d’autres appels suivent ce programme sous le nom « {title} ».", ("programme", "title"))
            )
    return problems


@transaction.atomic
def keep_download(*, call: Call, code: str, upload: UploadedFile, by: User, at: datetime) -> DownloadFile:
    """Keep the bytes of a document to download, named by its code. Raises `UploadRefused`, `NoSuchPart`."""
    file = store_upload(upload, accepted=DOWNLOAD_TYPES, max_bytes=MAX_DOWNLOAD, by=by, at=at)
    edit_call(call=call, change=put(f"documents/{code}", {("file",): file.name[-120:]}))
    values: dict[str, Any] = {"file": file, "kept_at": at}
    return DownloadFile.objects.update_or_create(call=call, code=code, defaults=values)[0]
