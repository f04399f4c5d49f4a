"""An institution: organisation, look, letterhead, contact, first person in charge."""

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.text import slugify
from PIL import Image

from portal.core.models import StoredFile
from portal.core.uploads import UploadRefused, check_content, megabytes, store_bytes
from portal.territories.models import Commune, Intercommunality

from ..models import InstitutionProfile, Membership, Organisation, OrganisationUnit, User
from ..svg import SvgRefused, clean_svg
from .invitations import invite

LOGO_MAX_BYTES = 1_000_000
LOGO_MAX_HEIGHT = 300
LOGO_MAX_WIDTH = 1200


@dataclass(frozen=True)
class Manager:
    """The first person in charge."""

    email: str
    full_name: str = ""
    role_title: str = ""


@transaction.atomic
def create_institution(
    *, facts: dict[str, Any], logo: StoredFile | None, manager: Manager, by: User, at: datetime
) -> Organisation:
    """`facts`: the cleaned answers of the steps identity, look, letter and contact. The manager is invited by mail."""
    organisation = organisation_for(facts)
    for name in facts.get("units", []):
        OrganisationUnit.objects.get_or_create(organisation=organisation, name=name)
    own = {field.name for field in InstitutionProfile._meta.concrete_fields} - {"organisation", "slug", "logo"}
    values = {name: value for name, value in facts.items() if name in own}
    InstitutionProfile.objects.create(
        organisation=organisation, slug=free_slug(facts["short_name"]), logo=logo, **values
    )
    invite(
        email=manager.email,
        organisation=organisation,
        right=Membership.Right.MANAGER,
        by=by,
        at=at,
        full_name=manager.full_name,
        role_title=manager.role_title,
    )
    return organisation


def organisation_for(facts: dict[str, Any]) -> Organisation:
    """The organisation of this SIREN, tied to its territory when it is one."""
    kinds = Organisation.Kind
    values: dict[str, Any] = {"kind": facts["kind"], "name": facts["name"]}
    if facts["kind"] == kinds.INTERCOMMUNALITY:
        values["intercommunality"] = Intercommunality.objects.get(siren=facts["siren"])
    if facts["kind"] == kinds.COMMUNE:
        values["commune"] = Commune.objects.get(siren=facts["siren"])
    return Organisation.objects.update_or_create(siren=facts["siren"], defaults=values)[0]


def free_slug(name: str) -> str:
    base = slugify(name)[:45] or "institution"
    taken = set(InstitutionProfile.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


def store_logo(upload: UploadedFile, *, by: User, at: datetime) -> StoredFile:
    """Keep a logo, cleaned: SVG rebuilt from an allow-list, PNG and JPEG encoded again. Raises `UploadRefused`."""
    size = upload.size or 0
    if size > LOGO_MAX_BYTES:
        raise UploadRefused(f"Ce logo pèse {megabytes(size)}. La limite est de {megabytes(LOGO_MAX_BYTES)}.")
    content, name = upload.read(), upload.name or "logo"
    if name.lower().endswith(".svg"):
        try:
            return store_bytes(clean_svg(content), name=name, detected_type="image/svg+xml", by=by, at=at)
        except SvgRefused as refusal:
            raise UploadRefused(str(refusal)) from refusal
    detected = check_content(name, content, ["png", "jpg", "jpeg"])
    return store_bytes(encoded_again(content, detected), name=name, detected_type=detected, by=by, at=at)


def encoded_again(content: bytes, detected: str) -> bytes:
    """The same picture without metadata, at most 1200 × 300 points."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(content)) as image:
        image.thumbnail((LOGO_MAX_WIDTH, LOGO_MAX_HEIGHT))
        if detected == "image/jpeg":
            image.convert("RGB").save(out, "JPEG", quality=90)
        else:
            image.convert("RGBA").save(out, "PNG", optimize=True)
    return out.getvalue()
