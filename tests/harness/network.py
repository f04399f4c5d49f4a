"""No test reaches beyond this machine: other hosts are refused, and the attempt is a fault even if it is swallowed."""

import ipaddress
import os
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from tests.harness.faults import LOG

_INTERNET = {socket.AF_INET, socket.AF_INET6}
_METHODS = ("connect", "connect_ex", "sendto")
_originals: dict[str, Callable[..., Any]] = {}


class OutboundNetworkRefused(OSError):
    """A test tried to reach another host."""


def is_allowed(host: str | bytes | None) -> bool:
    """True for loopback and for the servers that DATABASE_URL and REDIS_URL name."""
    name = host.decode() if isinstance(host, bytes) else host
    if not name or name == "localhost" or name in _service_hosts():
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _service_hosts() -> set[str]:
    urls = (os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL"))
    return {host for url in urls if (host := urlsplit(url).hostname)}


def _refuse(host: object) -> None:
    LOG.record("network", f"connection to {host!r}")
    raise OutboundNetworkRefused(f"tests reach no other host than this machine: {host!r}")


def _guarded(method: str) -> Callable[..., Any]:
    original = _originals[method]

    def guarded(self: socket.socket, *args: Any) -> Any:
        address = args[-1]
        if self.family in _INTERNET and isinstance(address, tuple) and not is_allowed(address[0]):
            _refuse(address[0])
        return original(self, *args)

    return guarded


def close_network() -> None:
    """Patch the sockets and the name resolution of this process."""
    if _originals:
        return
    for method in _METHODS:
        _originals[method] = getattr(socket.socket, method)
        setattr(socket.socket, method, _guarded(method))
    _originals["getaddrinfo"] = socket.getaddrinfo

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_allowed(host):
            _refuse(host)
        return _originals["getaddrinfo"](host, *args, **kwargs)

    socket.getaddrinfo = guarded_getaddrinfo


def open_network() -> None:
    """Undo `close_network`."""
    if _originals:
        socket.getaddrinfo = _originals.pop("getaddrinfo")
    for method in list(_originals):
        setattr(socket.socket, method, _originals.pop(method))
