"""The parent's side of the rendering process: one warm child per process, capped in time and memory.

A warm child keeps the import of WeasyPrint (2 to 3 s) out of each document; it is replaced when a document was too
heavy and after `RECYCLE_AFTER` documents.
"""

import atexit
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from .child import read_block, write_block
from .errors import DocumentError, DocumentTooHeavy
from .fonts import font_face_css, font_paths

CHILD = Path(__file__).with_name("child.py")
TIME_LIMIT = 30.0  # seconds for one document
MEMORY_LIMIT = 1_500_000_000  # bytes of address space
MAX_PAGES = 400
RECYCLE_AFTER = 100  # documents

FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><cachedir>{cache}</cachedir></fontconfig>
"""


class Renderer:
    """One rendering process and the pipe to it."""

    def __init__(self, *, memory_limit: int = MEMORY_LIMIT) -> None:
        self.owner = os.getpid()
        self.served = 0
        self._folder = tempfile.TemporaryDirectory(prefix="documents-")
        conf = Path(self._folder.name) / "fonts.conf"
        conf.write_text(FONTS_CONF.format(cache=self._folder.name))
        self._process = subprocess.Popen(  # noqa: S603  our own interpreter and script
            [sys.executable, "-P", "-s", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self._environment(conf),
            cwd=self._folder.name,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._answers = self._process.stdin, self._process.stdout
        setup = {"memory_bytes": memory_limit, "assets": font_paths(), "style": font_face_css()}
        write_block(self._requests, json.dumps(setup).encode())

    def _environment(self, conf: Path) -> dict[str, str]:
        """A bare environment: no address of a database or broker, no proxy, no system font, a fixed order of sets."""
        return {
            "FONTCONFIG_FILE": str(conf),
            "HOME": self._folder.name,
            "LANG": "C.UTF-8",
            "PATH": os.environ.get("PATH", ""),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": self._folder.name,
            "TZ": "UTC",
        }

    def exchange(self, request: dict, *, time_limit: float) -> tuple[dict, bytes]:
        """Send one request and wait for its answer. Raises DocumentTooHeavy when the child is killed or dies."""
        timer = threading.Timer(time_limit, self._process.kill)
        timer.start()
        try:
            write_block(self._requests, json.dumps(request).encode())
            reply, pdf = read_block(self._answers), read_block(self._answers)
        except OSError:
            reply, pdf = None, None
        finally:
            timer.cancel()
        if reply is None or pdf is None:
            raise DocumentTooHeavy("La mise en page a dépassé la durée ou la mémoire permises.")
        self.served += 1
        return json.loads(reply), pdf

    @property
    def process_id(self) -> int:
        return self._process.pid

    def close(self) -> None:
        """End the process and remove its folder."""
        if self.owner != os.getpid():
            return  # inherited by a fork: it belongs to the parent
        self._process.kill()
        self._process.wait()
        self._requests.close()
        self._answers.close()
        self._folder.cleanup()


_lock = threading.Lock()
_current: Renderer | None = None
_inherited: list[Renderer] = []  # of the parent of a fork: kept, so that nothing cleans its folder from here


def html_to_pdf(html: str, attachments: list[dict], *, time_limit: float = TIME_LIMIT) -> tuple[bytes, dict]:
    """PDF bytes and engine versions. Raises DocumentTooHeavy past a limit, DocumentError for any other refusal."""
    request = {"html": html, "attachments": attachments, "max_pages": MAX_PAGES}
    with _lock:
        renderer = _ready_renderer()
        try:
            reply, pdf = renderer.exchange(request, time_limit=time_limit)
        except DocumentTooHeavy:
            close_renderer()
            raise
        if reply.get("heavy") or renderer.served >= RECYCLE_AFTER:
            close_renderer()
    if reply["ok"]:
        return pdf, reply["engine"]
    if reply["heavy"]:
        raise DocumentTooHeavy(f"La mise en page a dépassé les limites permises ({reply['error']}).")
    raise DocumentError(f"La mise en page a échoué : {reply['error']}")


def _ready_renderer() -> Renderer:
    global _current
    if _current is not None and _current.owner != os.getpid():
        _inherited.append(_current)
        _current = None
    if _current is None:
        _current = Renderer()
    return _current


def rendering_process() -> int | None:
    """The process that renders for this one, if it is started."""
    return _current.process_id if _current is not None and _current.owner == os.getpid() else None


def close_renderer() -> None:
    """End the current rendering process, if any; the next document starts another one."""
    global _current
    if _current is not None:
        _current.close()
        _current = None


atexit.register(close_renderer)
