"""Files received: real type, size, content; bytes before row, under a random key."""

import hashlib
import io
import json
import uuid
import warnings
from datetime import datetime
from pathlib import Path
from typing import Any

import magic
import pikepdf
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from PIL import Image, UnidentifiedImageError

from .models import StoredFile

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
ACTIVE_PDF_KEYS = {"/JS", "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/RichMedia", "/EmbeddedFile"}


class UploadRefused(Exception):
    """The file cannot be kept; the message is the French sentence that says what to do."""


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
    if extension == "pdf":
        check_pdf(content)
    elif extension in {"jpg", "jpeg", "png"}:
        check_image(content)
    elif extension == "geojson":
        check_geojson(content)
    return detected


def check_pdf(content: bytes) -> None:
    """Refuse what cannot be opened and what would act by itself (scripts hidden in object streams included)."""
    if not content.startswith(b"%PDF-"):
        raise UploadRefused("Ce PDF est abîmé. Enregistrez-le de nouveau en PDF, puis joignez-le.")
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if any(ACTIVE_PDF_KEYS & set(getattr(item, "keys", set)()) for item in dictionaries(pdf)):
                raise UploadRefused("Ce PDF contient un programme. Imprimez-le en PDF, puis joignez la copie.")
    except pikepdf.PasswordError as error:
        raise UploadRefused("Ce PDF est protégé par un mot de passe. Retirez-le, puis joignez le fichier.") from error
    except pikepdf.PdfError as error:
        raise UploadRefused("Ce PDF est illisible. Enregistrez-le de nouveau en PDF, puis joignez-le.") from error


def dictionaries(pdf: pikepdf.Pdf) -> list[Any]:
    """Every dictionary object of the file."""
    return [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary)]


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
    """Write the bytes, then the row."""
    key = uuid.uuid4()
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return StoredFile.objects.create(
        key=key,
        name=safe_name(name),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        detected_type=detected_type,
        created_at=at,
        created_by=by,
    )


def path_of(key: uuid.UUID) -> Path:
    """Where the bytes of a key are."""
    return Path(settings.MEDIA_ROOT) / key.hex[:2] / key.hex


def read_bytes(file: StoredFile) -> bytes:
    return path_of(file.key).read_bytes()


def erase_bytes(file: StoredFile, at: datetime) -> None:
    """The bytes go once the transaction is committed; the row keeps their fingerprint and their size."""
    extension = Path(file.name).suffix
    StoredFile.objects.filter(pk=file.pk).update(erased_at=at, name=f"fichier effacé{extension}")
    transaction.on_commit(lambda: path_of(file.key).unlink(missing_ok=True))


def safe_name(name: str) -> str:
    """The name for display and download: no control, no path, 150 characters at most."""
    cleaned = "".join(c for c in name if c.isprintable() and c not in '/\\"<>|:*?')
    return cleaned[-150:].strip(" .") or "fichier"


def megabytes(size: int) -> str:
    """A size in French: « 2,3 Mo », « 410 Ko »."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}\u00a0Ko"
    return f"{size / 1_000_000:.1f}\u00a0Mo".replace(".", ",")
