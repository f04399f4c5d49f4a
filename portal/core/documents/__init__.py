"""The one document pipeline: frozen snapshot → HTML → PDF/A-3a and PDF/UA-1 bytes, kept with their fingerprint.

`request_document` writes the row and the job in the caller's transaction; a worker renders; nothing is ever rendered
in a web request or again at download.
"""

from .checking import ask_check
from .errors import DocumentError, DocumentTooHeavy
from .freeze import render_document, request_document, retry_document
from .render import AttachedText, render_pdf

__all__ = [
    "AttachedText",
    "DocumentError",
    "DocumentTooHeavy",
    "ask_check",
    "render_document",
    "render_pdf",
    "request_document",
    "retry_document",
]
