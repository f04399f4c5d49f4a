"""The files that start the portal elsewhere say the same thing as the entry script and the settings."""

import ast
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from portal.embedded import commands, install, postgres
from portal.embedded.__main__ import main, parser

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_the_compose_file_follows_the_specification():
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    checked = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "ok -- validation done\n")


def test_compose_starts_each_process_by_the_entry_script(compose):
    started = {name: service["command"] for name, service in compose["services"].items() if name in commands.PROCESSES}
    assert started == {name: ["python", "-m", "portal.embedded", name] for name in commands.PROCESSES}
    assert compose["services"].keys() == {"db", "redis", *commands.PROCESSES}
    for words in [*started.values(), compose["services"]["web"]["healthcheck"]["test"][1:]]:
        assert parser().parse_args(words[3:]).action == words[3]


def test_compose_waits_for_the_services_and_the_migrations(compose):
    waits = {name: set(service.get("depends_on", {})) for name, service in compose["services"].items()}
    after_all = {"db", "redis", "migrate"}
    assert waits == {"db": set(), "redis": set(), "migrate": {"db"}} | dict.fromkeys(
        ("web", "worker", "beat"), after_all
    )


def test_postgresql_of_compose_has_room_to_restore(compose):
    words = shlex.split(compose["services"]["db"]["command"])
    assert words == ["postgres", "-c", f"max_locks_per_transaction={postgres.LOCKS}"]


def test_redis_of_compose_never_forgets(compose):
    words = " ".join(compose["services"]["redis"]["command"])
    assert words == "redis-server --appendonly yes --appendfsync everysec --maxmemory-policy noeviction"


def test_the_image_runs_the_same_script_without_root():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert lines[-1] == 'CMD ["python", "-m", "portal.embedded", "web"]'
    assert "USER portal" in lines
    assert any("--require-hashes" in line and "requirements.lock" in line for line in lines)


def variables_read(*folders: str) -> set[str]:
    """Names given to `env.<type>(…)`, `os.environ.get(…)` and `os.environ[…]` in these folders."""
    names = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                source = ast.unparse(node) if isinstance(node, ast.Call | ast.Subscript) else ""
                if found := re.match(r"(?:env\.\w+\(|os\.environ\.get\(|os\.environ\[)'([A-Z0-9_]+)'", source):
                    names.add(found.group(1))
    return names


def test_the_example_of_environment_names_every_variable():
    text = (ROOT / ".env.example").read_text()
    explained = set(re.findall(r"^(?:# )?([A-Z0-9_]+)=", text, re.MULTILINE))
    machine = {"HOME", "PATH", "PYTEST_XDIST_WORKER", "TEST_DATABASE_TEMPLATE"}
    assert explained == (variables_read("portal/settings", "portal/embedded") - machine) | {"POSTGRES_PASSWORD"}


def locked(path: Path) -> dict[str, set[str]]:
    """Version by name; a name may have several, for several versions of Python."""
    versions: dict[str, set[str]] = {}
    for line in path.read_text().splitlines():
        if found := re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", line):
            versions.setdefault(canonicalize_name(found.group(1)), set()).add(found.group(2))
    return versions


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_has_hashes_and_names_no_address(path):
    text = path.read_text()
    assert "://" not in text
    assert "index-url" not in text
    assert text.count("--hash=sha256:") >= len(locked(path)) > 0


def test_the_locks_hold_every_requirement_at_a_version_it_accepts():
    groups = PROJECT["dependency-groups"]
    runtime = PROJECT["project"]["dependencies"]
    wanted = {
        "requirements.lock": runtime,
        "requirements-embedded.lock": [*runtime, *groups["embedded"]],
        "requirements-dev.lock": [*runtime, *groups["embedded"], *groups["dev"]],
        "requirements-node.lock": groups["node"],
    }
    assert {path.name for path in LOCKS} == set(wanted)
    refused = [
        (name, text)
        for name, requirements in wanted.items()
        for text in requirements
        if not any(
            Requirement(text).specifier.contains(version)
            for version in locked(ROOT / name).get(canonicalize_name(Requirement(text).name), ())
        )
    ]
    assert refused == []


def test_the_locks_agree():
    largest = locked(ROOT / "requirements-dev.lock")
    for name in ("requirements.lock", "requirements-embedded.lock"):
        smaller = locked(ROOT / name)
        assert {key: largest[key] for key in smaller} == smaller


def test_the_makefile_runs_what_exists():
    text = (ROOT / "Makefile").read_text()
    actions = set(re.findall(r"\$\(EMBEDDED\) (\w+)", text))
    assert actions == {"run", "test", "throwaway", "manage"}
    profiles = set(re.findall(r"install\.py (\w+)", text))
    assert profiles == set(install.LOCKS)


def test_ci_runs_the_test_command_of_the_readme():
    assert (ROOT / ".ci/run").read_text().splitlines()[-1] == "exec make --no-print-directory test </dev/null"


def test_health_is_false_when_nothing_answers(monkeypatch):
    monkeypatch.setenv("PORT", "1")
    assert main(["health"]) == 1


def test_web_binds_where_the_environment_says(monkeypatch):
    monkeypatch.setenv("BIND_HOST", "0.0.0.0")
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setenv("WEB_CONCURRENCY", "3")
    words = commands.web()
    assert (words[words.index("--bind") + 1], words[words.index("--workers") + 1]) == ("0.0.0.0:8123", "3")


@pytest.mark.parametrize("given", ["0", "65536", "-1", "8 000", "web"])
def test_a_wrong_port_is_refused(monkeypatch, given):
    monkeypatch.setenv("PORT", given)
    with pytest.raises(ValueError, match=f"et non « {given} »"):
        commands.port()
