"""From a file to a call: every error at once, each with its line and what to write."""

from functools import lru_cache, partial
from typing import Any

from pydantic import ValidationError

from calls.definition.consistency import inconsistencies
from calls.definition.messages import french
from calls.definition.published import json_schema
from calls.definition.schema import CallDocument
from calls.definition.tree import Node, Path, Problem, UnreadableFile, locate, parse
from calls.definition.writing import canonical, fingerprint

__all__ = ["BadDocument", "Problem", "canonical", "fingerprint", "json_schema", "located", "read", "read_file"]


class BadDocument(Exception):
    """The file does not make a call; `problems` are in the order of the file."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def read(text: str) -> CallDocument:
    """The call that a YAML text describes. Raises `BadDocument` with all its errors."""
    return read_with_tree(text)[0]


def read_file(data: bytes) -> CallDocument:
    """The same from bytes, which must be UTF-8."""
    return read(decode(data))


def decode(data: bytes) -> str:
    """The text of a file in UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem("le fichier n’est pas en UTF-8 : enregistrez-le en « UTF-8 ».", line=line, column=1)
        raise BadDocument([problem]) from error


def read_with_tree(text: str) -> tuple[CallDocument, Node]:
    """The call and the tree of its file, so that advice can name lines as well."""
    try:
        tree, problems = parse(text)
    except UnreadableFile as error:
        raise BadDocument([error.problem]) from error
    data = tree.plain()
    document, items = _validate(data)
    for item in items:
        sentence = french(item, partial(keys_at, item["loc"]))
        problems.append(located(Problem(sentence, item["loc"]), tree))
    if document is None:
        unknown = [item["loc"] for item in items if item["type"] == "extra_forbidden"]
        document = _validate(_without(data, unknown))[0]
    if document is not None:
        problems += [located(problem, tree) for problem in inconsistencies(document)]
    if problems or document is None:
        raise BadDocument(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    return document, tree


def _validate(data: Any) -> tuple[CallDocument | None, list[Any]]:
    """The call, or what pydantic says against it."""
    try:
        return CallDocument.model_validate(data), []
    except ValidationError as error:
        return None, [item for item in error.errors() if not _hollow(item)]


def _hollow(item: Any) -> bool:
    """pydantic finds a list too short when its items are wrong; they are said already."""
    return item["type"] == "too_short" and len(item["input"]) >= item["ctx"]["min_length"]


def _without(data: Any, paths: list[Path]) -> Any:
    """The data without its unknown keys: what contradicts itself is then said in the same go."""
    for path in paths:
        _group_at(data, path[:-1]).pop(path[-1], None)
    return data


def _group_at(data: Any, path: Path) -> Any:
    for step in path:
        if isinstance(step, int) or step in data:  # else the name of a variant, added by the schema
            data = data[step]
    return data


@lru_cache(maxsize=1)
def _schema() -> dict[str, Any]:
    return json_schema()


def keys_at(loc: Path) -> list[str]:
    """The keys that the schema admits in the group where `loc` ends."""
    place = _schema()
    for step in loc[:-1]:
        place = _below(_resolve(place), step)
    return list(_resolve(place)["properties"])


def _resolve(place: dict[str, Any]) -> dict[str, Any]:
    """The schema that a reference, or an optional value, stands for."""
    for option in place.get("anyOf", ()):
        if option.get("type") != "null":
            return _resolve(option)
    return _schema()["$defs"][place["$ref"].rsplit("/", 1)[1]] if "$ref" in place else place


def _below(place: dict[str, Any], step: str | int) -> dict[str, Any]:
    if isinstance(step, int):
        return place["items"]
    if "discriminator" in place:
        return {"$ref": place["discriminator"]["mapping"][step]}
    return place["properties"][step]


def located(problem: Problem, tree: Node) -> Problem:
    """The same problem with its line, its column and the place in words."""
    line, column, found = locate(tree, problem.path)
    return Problem(problem.message, problem.path, line, column, place_name(tree, found))


def place_name(tree: Node, path: Path) -> str:
    """« grid › criteria › C3 › points »: the items of a list by their code, else by their rank."""
    names: list[str] = []
    node: Node | None = tree
    for step in path:
        if isinstance(step, int) and node is not None:
            node = node.value[step]
            names.append(_item_name(node, step))
        else:
            names.append(str(step))
            node = node.value.get(step) if node is not None and isinstance(node.value, dict) else None
    return " › ".join(names)


def _item_name(node: Node | None, rank: int) -> str:
    code = node.value.get("code") if node is not None and isinstance(node.value, dict) else None
    return code.value if code is not None and isinstance(code.value, str) else f"n° {rank + 1}"
