"""Known faults of the libraries that run here, read from a copy of the advisories: no network, no green without data.

The copy is that of the Python Packaging Authority (`vulns/<library>/*.yaml`, in the OSV format), which an operator
refreshes; ours says how old it is, and refuses to conclude from one older than a month.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml
from packaging.version import InvalidVersion, Version

TOO_OLD = timedelta(days=30)
Advisory = Mapping[str, Any]


class NoData(Exception):
    """Nothing may be concluded; the message says why, in French."""


@dataclass(frozen=True)
class Hit:
    """One library, its version here, the advisory that names it, the versions that mend it."""

    library: str
    version: str
    advisory: str
    fixed: tuple[str, ...]


@dataclass(frozen=True)
class Audit:
    """What was looked at, and when the youngest advisory was written."""

    libraries: int
    advisories: int
    written_at: datetime
    hits: tuple[Hit, ...]


def audit(folder: Path, *, at: datetime) -> Audit:
    """Compare what is installed with the advisories of a folder. Raises `NoData`."""
    advisories = dict(read(folder))
    if not advisories:
        raise NoData(f"Aucun avis de sécurité dans {folder} : rien n’est vérifié.")
    written_at = max(instant_of(advisory) for advisory in advisories.values())
    if at - written_at > TOO_OLD:
        days = (at - written_at).days
        raise NoData(f"Le dernier avis de {folder} a {days} jours : rafraîchissez la copie. Rien n’est conclu.")
    here = installed()
    hits = sorted(found(here, advisories.values()), key=lambda hit: (hit.library, hit.advisory))
    return Audit(len(here), len(advisories), written_at, tuple(hits))


def installed() -> dict[str, str]:
    """Every library of this environment, by its normalised name."""
    return {normal(found.metadata["Name"]): found.version for found in metadata.distributions()}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def read(folder: Path) -> Iterator[tuple[Path, Advisory]]:
    for path in sorted(folder.rglob("*.yaml")):
        advisory = yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(advisory, dict) and "id" in advisory and "affected" in advisory:
            yield path, advisory


def instant_of(advisory: Advisory) -> datetime:
    """When it was last written; YAML may have read the date already."""
    told = advisory.get("modified") or advisory.get("published")
    if isinstance(told, str):
        told = datetime.fromisoformat(told.replace("Z", "+00:00"))
    if not isinstance(told, datetime):
        return datetime.min.replace(tzinfo=UTC)
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def found(here: Mapping[str, str], advisories: Iterable[Advisory]) -> Iterator[Hit]:
    for advisory in advisories:
        if advisory.get("withdrawn"):
            continue
        for affected in advisory["affected"]:
            name = normal(affected.get("package", {}).get("name", ""))
            if name in here and touches(here[name], affected):
                yield Hit(name, here[name], str(advisory["id"]), fixes(affected))


def touches(version: str, affected: Mapping[str, Any]) -> bool:
    """Whether this version is named, or lies in one of the ranges."""
    return version in affected.get("versions", ()) or any(
        within(version, ranged.get("events", ()))
        for ranged in affected.get("ranges", ())
        if ranged.get("type") == "ECOSYSTEM"
    )


def within(version: str, events: Iterable[Mapping[str, str]]) -> bool:
    """The events of a range, in the order of the versions: introduced, fixed, last affected."""
    here, inside = Version(version), False
    for event in sorted(events, key=bound):
        edge = bound(event)
        if "introduced" in event and here >= edge:
            inside = True
        if ("fixed" in event and here >= edge) or ("last_affected" in event and here > edge):
            inside = False
    return inside


def bound(event: Mapping[str, str]) -> Version:
    try:
        return Version(str(next(iter(event.values()))))
    except InvalidVersion as error:
        raise NoData(f"Un avis donne une version illisible : {error}.") from error


def fixes(affected: Mapping[str, Any]) -> tuple[str, ...]:
    events = (event for ranged in affected.get("ranges", ()) for event in ranged.get("events", ()))
    return tuple(str(event["fixed"]) for event in events if "fixed" in event)
