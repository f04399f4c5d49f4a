"""Does the portal answer? A worker asks its public address, as anybody would, and keeps the answer."""

from http.client import HTTPException
from time import perf_counter
from urllib.request import Request, urlopen

from django.conf import settings

from .clock import portal_now
from .models import ServiceProbe

PATH = "/appels/"  # a page that reads the database, and that everyone opens
PATIENCE = 10.0  # seconds; a portal that takes longer has not answered


def probe(address: str = "") -> ServiceProbe:
    """Visit the list of calls once; write what came of it."""
    at, begun = portal_now(), perf_counter()
    detail = visit(address or settings.PORTAL_URL + PATH)
    seconds = round(perf_counter() - begun, 3)
    return ServiceProbe.objects.create(at=at, seconds=seconds, answered=not detail, detail=detail[:200])


def visit(address: str) -> str:
    """Why the page was not had; nothing when it was."""
    if not address.startswith(("http://", "https://")):
        return f"adresse illisible : {address}"
    request = Request(address, headers={"User-Agent": "sonde du portail"})  # noqa: S310 - http or https, just above
    try:
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            answer.read()
    except (OSError, HTTPException) as error:  # refused, reset, too long, or an answer of error
        return f"{type(error).__name__} : {error}"
    return ""
