"""How often a code may be asked for one address: counted by network, and never against a device that knows it.

Someone who asks again and again for the code of a town hall, on the last day, only tires their own network
(handbook G10); what one address may receive in an hour stays bounded (G8).
"""

import ipaddress

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from portal.core.tokens import hashed

COOKIE, LIVES = "appareil", 60 * 60 * 24 * 400  # seconds
SIGNER = TimestampSigner(salt="portal.accounts.device")
ACTION, FROM_ELSEWHERE = "request_login_code", "request_login_code_elsewhere"


def may_ask_code(request: HttpRequest, email: str) -> bool:
    """Count one code asked for this address; False when there were too many. Without limits (tests): always."""
    address = email.strip().lower()
    known = knows(request, address)
    whence = "known" if known else network_of(request)
    if not ratelimit.consume(request, action=ACTION, key=f"{address} {whence}"):
        return False
    return known or bool(ratelimit.consume(request, action=FROM_ELSEWHERE, key=address))


def network_of(request: HttpRequest) -> str:
    """The neighbourhood of the machine that asks: /24, or /64."""
    found = ipaddress.ip_address(get_adapter().get_client_ip(request))
    return str(ipaddress.ip_network(f"{found}/{24 if found.version == 4 else 64}", strict=False))


# --- a device where this address came in -----------------------------------------------------------------------------


def knows(request: HttpRequest, address: str) -> bool:
    """Whether this browser has already come in with this address."""
    try:
        kept = SIGNER.unsign(request.COOKIES.get(cookie_name(request), ""), max_age=LIVES)
    except BadSignature:
        return False
    return hashed(address) in kept.split(".")


def remember(request: HttpRequest, response: HttpResponse, address: str) -> None:
    """This browser came in with this address; it may know five."""
    mark = hashed(address.lower())
    try:
        before = SIGNER.unsign(request.COOKIES.get(cookie_name(request), ""), max_age=LIVES).split(".")
    except BadSignature:
        before = []
    marks = [mark, *(one for one in before if one != mark)][:5]
    response.set_cookie(
        cookie_name(request), SIGNER.sign(".".join(marks)), max_age=LIVES, httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip


def cookie_name(request: HttpRequest) -> str:
    """Of this host alone, when the line is ciphered."""
    return f"__Host-{COOKIE}" if request.is_secure() else COOKIE
