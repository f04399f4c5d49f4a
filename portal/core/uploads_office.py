"""Office files (DOCX, XLSX, ODT, ODS) are ZIP archives: what is inside is looked at before anything is unpacked."""

import io
import re
import stat
import zipfile

MOST_UNPACKED = 100_000_000  # octets
MOST_RATIO = 100
MOST_ENTRIES = 2000
RATIO_FROM = 1_000_000  # octets unpacked: under, a high ratio is that of an honest, repetitive table
HEADS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
MACROS = re.compile(
    r"vbaProject\.bin$|vbaData\.xml$|^Basic/|^Scripts/|/activeX/|/embeddings/.*\.(bin|exe|js|vbs)$", re.I
)
ODD = "Ce document n’est pas un document ordinaire. Enregistrez-le en PDF, puis joignez-le."
DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.I)


class Hostile(Exception):
    """The archive is not an honest document; the message is the French sentence that says what to do."""


def look_inside(content: bytes, extension: str) -> None:
    """Raise `Hostile` for a bomb, a macro, a path that leaves its folder, an external entity, another kind of file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _sizes(entries)
            for entry in entries:
                _entry(entry)
            _head(archive, entries, extension)
            _entities(archive, entries)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
        raise Hostile(_unreadable(extension)) from error


def _unreadable(extension: str) -> str:
    return f"Ce {extension.upper()} est illisible. Enregistrez-le de nouveau, ou en PDF, puis joignez-le."


def _sizes(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if unpacked > MOST_UNPACKED or len(entries) > MOST_ENTRIES:
        raise Hostile("Ce document est trop lourd une fois ouvert. Enregistrez-le en PDF, puis joignez-le.")
    if unpacked > RATIO_FROM and unpacked / packed > MOST_RATIO:
        raise Hostile("Ce document se déplie de façon anormale. Enregistrez-le en PDF, puis joignez-le.")


def _entry(entry: zipfile.ZipInfo) -> None:
    parts = entry.filename.replace("\\", "/").split("/")
    if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in parts[0]:
        raise Hostile(ODD)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Hostile(ODD)
    if entry.flag_bits & 1:
        raise Hostile("Ce document est protégé par un mot de passe. Retirez-le, puis joignez le fichier.")
    if MACROS.search(entry.filename):
        raise Hostile("Ce document contient un programme (macro). Enregistrez-le en PDF, puis joignez-le.")


def _head(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], extension: str) -> None:
    """The part that makes it a document of that kind."""
    names, head = {entry.filename for entry in entries}, HEADS[extension]
    if "/" in head and not head.startswith("application/"):
        found = head in names and "[Content_Types].xml" in names
    else:
        found = "mimetype" in names and archive.read("mimetype").strip().decode("ascii", "replace") == head
    if not found:
        raise Hostile(
            f"Ce fichier n’est pas un vrai {extension.upper()}. Enregistrez-le dans ce format, puis joignez-le."
        )


def _entities(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """No part declares a document type: an office file has none, an attack by entities needs one."""
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels")):
            with archive.open(entry) as part:
                if DOCTYPE.search(part.read(4096)):
                    raise Hostile(
                        "Ce document n’est pas un document ordinaire. Enregistrez-le en PDF, puis joignez-le."
                    )
