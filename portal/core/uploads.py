"""Files received: real type, size, content; bytes before row, under a random key."""

import hashlib
import io
import json
import logging
import uuid
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import magic
import pikepdf
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from PIL import Image, UnidentifiedImageError

from .models import StoredFile
from .uploads_office import Hostile, look_inside

MAX_PIXELS = 50_000_000
OFFICE_ZIP = {"application/zip", "application/octet-stream"}
TYPES = {
    "pdf": {"application/pdf"},
    "jpg": {"image/jpeg"},
    "jpeg": {"image/jpeg"},
    "png": {"image/png"},
    "odt": {"application/vnd.oasis.opendocument.text"},
    "ods": {"application/vnd.oasis.opendocument.spreadsheet"},
    "docx": {"application/vnd.openxmlformats-officedocument.wordprocessingml.document"} | OFFICE_ZIP,
    "xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"} | OFFICE_ZIP,
    "geojson": {"application/json", "text/plain", "application/geo+json"},
}
# What a full disk, or a bucket that does not answer, raises.
STORAGE_ERRORS = (OSError, BotoCoreError, ClientError)
NO_ROOM = (
    "Le portail ne peut pas garder ce fichier en ce moment. Vos réponses sont enregistrées : réessayez dans quelques "
    "minutes, et si cela dure, appelez le service."
)
logger = logging.getLogger("portal.uploads")
# What acts by itself, as a key or as the kind of an action (`/S`); a hyperlink (`/URI`) does not.
ACTIVE_PDF_KEYS = {"/JS", "/JavaScript", "/RichMedia", "/RichMediaContent", "/EF"}
ACTIVE_PDF_ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/GoToE"}


class UploadRefused(Exception):
    """The file cannot be kept; the message is the French sentence that says what to do."""


class StorageFailed(UploadRefused):
    """The file is good, the disk or the bucket does not take it: nothing was kept."""


def store_upload(upload: UploadedFile, *, accepted: list[str], max_bytes: int, by: Any, at: datetime) -> StoredFile:
    """Check an upload and keep it. `accepted`: extensions without dot. Raises `UploadRefused`."""
    if upload.size > max_bytes:
        raise UploadRefused(f"Ce fichier pèse {megabytes(upload.size)}. La limite est de {megabytes(max_bytes)}.")
    if not upload.size:
        raise UploadRefused("Ce fichier est vide. Enregistrez-le de nouveau, puis joignez-le.")
    content = upload.read()
    detected = check_content(upload.name or "", content, accepted)
    return store_bytes(content, name=Path(upload.name or "fichier").name, detected_type=detected, by=by, at=at)


def check_content(name: str, content: bytes, accepted: list[str]) -> str:
    """The real type of the content, or `UploadRefused`."""
    extension = name.rpartition(".")[2].lower()
    if extension not in accepted:
        raise UploadRefused(
            f"Ce format n’est pas accepté. Joignez un fichier {' ou '.join(f.upper() for f in accepted)}."
        )
    detected = magic.from_buffer(content[:8192], mime=True)
    if detected not in TYPES[extension]:
        raise UploadRefused(
            f"Ce fichier n’est pas un vrai {extension.upper()}. Enregistrez-le dans ce format, puis joignez-le."
        )
    if extension in {"pdf", "jpg", "jpeg", "png"}:
        refuse_two_files_in_one(content, extension)
    if extension == "pdf":
        check_pdf(content)
    elif extension in {"jpg", "jpeg", "png"}:
        check_image(content)
    elif extension == "geojson":
        check_geojson(content)
    else:
        check_office(content, extension)
    return detected


def check_office(content: bytes, extension: str) -> None:
    try:
        look_inside(content, extension)
    except Hostile as hostile:
        raise UploadRefused(str(hostile)) from hostile


def refuse_two_files_in_one(content: bytes, extension: str) -> None:
    """A PDF or an image that is an archive too is read in two ways: nobody knows what it says."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        kind = extension.upper()
        raise UploadRefused(f"Ce {kind} cache une archive. Enregistrez-le de nouveau en {kind}, puis joignez-le.")


def check_pdf(content: bytes) -> None:
    """Refuse what cannot be opened and what would act by itself (scripts hidden in object streams included)."""
    if not content.startswith(b"%PDF-"):
        raise UploadRefused("Ce PDF est abîmé. Enregistrez-le de nouveau en PDF, puis joignez-le.")
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if any(acts(item) for item in dictionaries(pdf)):
                raise UploadRefused("Ce PDF contient un programme. Imprimez-le en PDF, puis joignez la copie.")
    except pikepdf.PasswordError as error:
        raise UploadRefused("Ce PDF est protégé par un mot de passe. Retirez-le, puis joignez le fichier.") from error
    except pikepdf.PdfError as error:
        raise UploadRefused("Ce PDF est illisible. Enregistrez-le de nouveau en PDF, puis joignez-le.") from error


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary of the file, those of streams and those that lie inside another object included."""
    waiting = list(pdf.objects)
    while waiting:
        item = waiting.pop()
        if isinstance(item, pikepdf.Stream):
            item = item.stream_dict
        if isinstance(item, pikepdf.Dictionary):
            yield item
            inner = [value for _, value in item.items()]
        else:
            inner = list(item) if isinstance(item, pikepdf.Array) else []
        # What has a number of its own is in `pdf.objects` already.
        waiting += [part for part in inner if is_container(part) and not part.is_indirect]


def is_container(part: Any) -> bool:
    return isinstance(part, pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream)


def acts(item: pikepdf.Object) -> bool:
    """Whether a dictionary holds a program, a file, or an action that does more than show a place."""
    return bool(ACTIVE_PDF_KEYS & set(item.keys())) or str(item.get("/S", "")) in ACTIVE_PDF_ACTIONS


def check_image(content: bytes) -> None:
    """Refuse a broken image or a flood of pixels, before decoding it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise UploadRefused("Cette image est trop grande. Réduisez-la à moins de 50 millions de points.")
                image.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise UploadRefused("Cette image est illisible. Enregistrez-la en JPEG ou PNG, puis joignez-la.") from error


def check_geojson(content: bytes) -> None:
    try:
        kind = json.loads(content).get("type")
    except (ValueError, AttributeError, RecursionError) as error:
        raise UploadRefused("Ce fichier n’est pas un GeoJSON. Exportez de nouveau le périmètre.") from error
    if kind not in {"FeatureCollection", "Feature", "Polygon", "MultiPolygon"}:
        raise UploadRefused("Ce GeoJSON ne décrit pas un périmètre. Exportez un polygone.")


def store_bytes(content: bytes, *, name: str, detected_type: str, by: Any, at: datetime) -> StoredFile:
    """Write the bytes, then the row. Raises `StorageFailed`."""
    key = uuid.uuid4()
    write_bytes(key, content)
    return StoredFile.objects.create(
        key=key,
        name=safe_name(name),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        detected_type=detected_type,
        created_at=at,
        created_by=by,
    )


def place_of(key: uuid.UUID) -> str:
    """The name of the bytes of a key, on the disk or in the bucket."""
    return f"{key.hex[:2]}/{key.hex}"


def write_bytes(key: uuid.UUID, content: bytes) -> None:
    """Put the bytes of a key in place of those that would be there; all of them or none. Raises `StorageFailed`."""
    try:
        remove_bytes(key)
        default_storage.save(place_of(key), ContentFile(content))
    except STORAGE_ERRORS as error:
        logger.exception("Le fichier %s n’a pas pu être écrit.", key)
        with suppress(*STORAGE_ERRORS):
            remove_bytes(key)
        raise StorageFailed(NO_ROOM) from error


def remove_bytes(key: uuid.UUID) -> None:
    """Take the bytes of a key away; nothing when there are none."""
    default_storage.delete(place_of(key))


def held_bytes(key: uuid.UUID) -> bytes | None:
    """The bytes of a key, None when there are none."""
    if not default_storage.exists(place_of(key)):
        return None
    with default_storage.open(place_of(key)) as file:
        return file.read()


def read_bytes(file: StoredFile) -> bytes:
    """Raises `FileNotFoundError`."""
    with default_storage.open(place_of(file.key)) as held:
        return held.read()


def erase_bytes(file: StoredFile, at: datetime) -> None:
    """The bytes go once the transaction is committed; the row keeps their fingerprint and their size."""
    extension = Path(file.name).suffix
    StoredFile.objects.filter(pk=file.pk).update(erased_at=at, name=f"fichier effacé{extension}")
    transaction.on_commit(lambda: remove_bytes(file.key))


def safe_name(name: str) -> str:
    """The name for display and download: no control, no path, 150 characters at most."""
    cleaned = "".join(c for c in name if c.isprintable() and c not in '/\\"<>|:*?')
    return cleaned[-150:].strip(" .") or "fichier"


def megabytes(size: int) -> str:
    """A size in French: « 2,3 Mo », « 410 Ko »."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}\u00a0Ko"
    return f"{size / 1_000_000:.1f}\u00a0Mo".replace(".", ",")
