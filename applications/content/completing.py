"""A deposited version completed: frozen answers of which some are replaced, and what changed between two. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Frozen = dict[str, Any]


def completed_answers(frozen: Mapping[str, Any], replaced: Mapping[str, Frozen]) -> dict[str, Any]:
    """The answers of a deposit with those of `replaced` (frozen answers by question code) in their place."""
    sections = [
        {**section, "answers": [replaced.get(answer["code"], answer) for answer in section["answers"]]}
        for section in frozen["sections"]
    ]
    return {**frozen, "sections": sections}


def answers_by_code(frozen: Mapping[str, Any]) -> dict[str, Frozen]:
    return {answer["code"]: answer for section in frozen["sections"] for answer in section["answers"]}


def values_of(frozen: Mapping[str, Any]) -> dict[str, Any]:
    """The canonical values of the answers given, by question code."""
    given = answers_by_code(frozen).items()
    return {code: answer["value"] for code, answer in given if answer["value"] is not None}


@dataclass(frozen=True)
class Difference:
    """One thing that changed between two versions; `before` and `after` as one reads them, empty without answer."""

    label: str
    before: str
    after: str
    piece: bool = False


def differences(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    pieces_before: Sequence[tuple[str, str, str]],
    pieces_after: Sequence[tuple[str, str, str]],
) -> list[Difference]:
    """What changed from one version to the next: answers in the order of the form, then pieces.

    A piece is (label, name of the file, fingerprint): a file sent again under the same name is a change.
    """
    old, new = answers_by_code(before), answers_by_code(after)
    told = [
        Difference(answer["label"], text_of(old.get(code)), text_of(answer))
        for code, answer in {**old, **new}.items()
        if answer["kind"] != "file" and text_of(old.get(code)) != text_of(new.get(code))
    ]
    return told + _pieces(pieces_before, pieces_after)


def text_of(answer: Mapping[str, Any] | None) -> str:
    return answer["text"] if answer else ""


def _pieces(before: Iterable[tuple[str, str, str]], after: Iterable[tuple[str, str, str]]) -> list[Difference]:
    old, new = _by_label(before), _by_label(after)
    return [
        Difference(label, names(old.get(label, ())), names(new.get(label, ())), piece=True)
        for label in dict.fromkeys([*old, *new])
        if old.get(label) != new.get(label)
    ]


def _by_label(pieces: Iterable[tuple[str, str, str]]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for label, name, sha256 in pieces:
        found.setdefault(label, []).append((name, sha256))
    return found


def names(files: Collection[tuple[str, str]]) -> str:
    """The names of the files, one a line."""
    return "\n".join(name for name, _sha256 in files)
