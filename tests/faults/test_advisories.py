"""J4: known faults of the libraries are found in a copy of the advisories; without recent data, nothing is green."""

from datetime import timedelta
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from portal.core.clock import portal_now
from portal.home.advisories import NoData, audit, within

pytestmark = pytest.mark.django_db

DJANGO = metadata.version("django")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Of the advisories, with one that touches nothing here."""
    write(tmp_path, "PYSEC-0", "une-autre", ["1.0"])
    return tmp_path


def write(folder: Path, number: str, library: str, versions: list[str], *, events=(), days: int = 2, **more) -> None:
    told = {
        "id": number,
        "modified": (portal_now() - timedelta(days=days)).isoformat(),
        "affected": [
            {
                "package": {"name": library, "ecosystem": "PyPI"},
                "versions": versions,
                "ranges": [{"type": "ECOSYSTEM", "events": list(events)}],
            }
        ],
        **more,
    }
    place = folder / "vulns" / library
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{number}.yaml").write_text(yaml.safe_dump(told))


def numbers(folder: Path) -> list[str]:
    return [hit.advisory for hit in audit(folder, at=portal_now()).hits]


def test_a_version_named_or_in_a_range_is_found_and_what_mends_it_is_said(copy: Path, capsys) -> None:
    write(copy, "PYSEC-1", "Django", [DJANGO])
    write(copy, "PYSEC-2", "django", [], events=[{"introduced": "0"}, {"fixed": "99.1"}])
    write(copy, "PYSEC-3", "django", [], events=[{"introduced": "0"}, {"last_affected": DJANGO}])
    write(copy, "PYSEC-4", "django", ["0.1"], events=[{"introduced": "0"}, {"fixed": "1.0"}])
    write(copy, "PYSEC-5", "django", [DJANGO], withdrawn="2026-01-01T00:00:00Z")
    assert numbers(copy) == ["PYSEC-1", "PYSEC-2", "PYSEC-3"]
    with pytest.raises(CommandError, match=r"^3 faute\(s\) connue\(s\) \(\d+ bibliothèques, 6 avis, le dernier du "):
        call_command("audit", str(copy))
    assert f"django {DJANGO} : PYSEC-2, corrigé en 99.1" in capsys.readouterr().out


def test_without_data_or_with_old_data_nothing_is_green(tmp_path: Path, copy: Path, capsys) -> None:
    """As pip-audit, which ends well when no advisory was reached."""
    call_command("audit", str(copy))
    assert "Aucune faute connue (" in capsys.readouterr().out
    empty = tmp_path / "vide"
    empty.mkdir()
    with pytest.raises(CommandError, match="rien n’est vérifié"):
        call_command("audit", str(empty))
    with pytest.raises(NoData, match="a 32 jours : rafraîchissez"):
        audit(copy, at=portal_now() + timedelta(days=30, minutes=1))
    write(copy, "PYSEC-9", "django", [], events=[{"introduced": "pas une version"}])
    with pytest.raises(CommandError, match="version illisible"):
        call_command("audit", str(copy))


@pytest.mark.parametrize(
    ("version", "events", "inside"),
    [
        ("2.0", [{"introduced": "0"}, {"fixed": "2.0"}], False),
        ("1.9.9", [{"introduced": "0"}, {"fixed": "2.0"}], True),
        ("2.1", [{"introduced": "0"}, {"fixed": "2.0"}, {"introduced": "2.1"}, {"fixed": "2.2"}], True),
        ("2.0.5", [{"introduced": "0"}, {"fixed": "2.0"}, {"introduced": "2.1"}, {"fixed": "2.2"}], False),
        ("2.0rc1", [{"introduced": "2.0"}, {"last_affected": "2.4"}], False),
        ("2.4", [{"introduced": "2.0"}, {"last_affected": "2.4"}], True),
        ("2.4.1", [{"introduced": "2.0"}, {"last_affected": "2.4"}], False),
    ],
)
def test_ranges_are_read_as_they_are_written(version: str, events: list[dict[str, str]], inside: bool) -> None:
    assert within(version, events) is inside
