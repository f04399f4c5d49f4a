"""A YAML file as a tree of untyped texts with their lines. Built from parser events, so that nothing is guessed.

`05006`, `12:30` and `on` stay the text that was written: types come from the schema. Aliases, tags and several
documents in one file are refused: a call needs none, and they hide traps (copies that explode, objects that run).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml import events

MAX_CHARACTERS = 2_000_000
MAX_DEPTH = 40
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """An error or an advice, where it stands in the file (line 0: nowhere), and what to write."""

    message: str
    path: Path = ()
    line: int = 0
    column: int = 0
    place: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", _spaced(self.message))

    def __str__(self) -> str:
        where = f"ligne {self.line}, colonne {self.column}" if self.line else ""
        head = " ".join(part for part in (where, f"({self.place})" if self.place else "") if part)
        return _spaced(f"{head} : {self.message}") if head else self.message


_SPACES = (("« ", "«\u202f"), (" »", "\u202f»"), (" ;", "\u202f;"), (" ?", "\u202f?"), (" : ", "\u00a0: "))


def _spaced(text: str) -> str:
    """No-break spaces where French wants them, and only there: « title: … » quoted from a file stays as it is."""
    for plain, spaced in _SPACES:
        text = text.replace(plain, spaced)
    return text


class UnreadableFile(Exception):
    """The file is no YAML that a call can be read from."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass
class Node:
    """A text, a list or a group of keys, and where it begins. An absent value (`~`, nothing) is `None`."""

    value: Any
    line: int
    column: int
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    def plain(self) -> Any:
        """The same as Python lists, dicts and texts; a key without value counts as not written."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items() if node.value is not None}
        if isinstance(self.value, list):
            return ["" if node.value is None else node.plain() for node in self.value]
        return self.value


@dataclass
class _Open:
    """A list or a group being read."""

    node: Node
    key: str | None = None


def parse(text: str) -> tuple[Node, list[Problem]]:
    """The tree of a file, and the keys written twice. Raises `UnreadableFile` on anything else."""
    if len(text) > MAX_CHARACTERS:
        raise UnreadableFile(Problem("le fichier est trop gros pour un appel : deux millions de caractères au plus."))
    text = text.removeprefix("\ufeff")
    if odd := yaml.reader.Reader.NON_PRINTABLE.search(text):
        line, start = text.count("\n", 0, odd.start()) + 1, text.rfind("\n", 0, odd.start())
        _stop("un caractère invisible n’est pas admis : effacez-le.", line, odd.start() - start)
    try:
        return _Builder(text).build()
    except yaml.MarkedYAMLError as error:
        raise UnreadableFile(_syntax_problem(error, text)) from error


class _Builder:
    """Turns events into nodes, without recursion: depth is bounded by a sentence, not by the interpreter."""

    def __init__(self, text: str) -> None:
        self.events: Iterator[Any] = yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.documents = 0
        self.problems: list[Problem] = []

    def build(self) -> tuple[Node, list[Problem]]:
        for event in self.events:
            self._take(event)
        if self.root is None or not isinstance(self.root.value, dict):
            raise UnreadableFile(
                Problem("ce fichier ne décrit pas un appel : commencez par « format: 1 », puis « title: … ».")
            )
        return self.root, self.problems

    def _take(self, event: Any) -> None:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, events.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                _stop("un seul appel par fichier : retirez « --- » et ce qui suit.", line, column)
        elif isinstance(event, events.AliasEvent) or getattr(event, "anchor", None):
            _stop("les renvois (« & » et « * ») ne sont pas admis : recopiez le texte.", line, column)
        elif isinstance(event, events.ScalarEvent):
            self._refuse_tag(event, line, column)
            self._add(Node(_scalar(event), line, column))
        elif isinstance(event, events.MappingStartEvent | events.SequenceStartEvent):
            self._refuse_tag(event, line, column)
            node = Node({} if isinstance(event, events.MappingStartEvent) else [], line, column)
            self._add(node)
            self.stack.append(_Open(node))
            if len(self.stack) > MAX_DEPTH:
                _stop("trop de niveaux les uns dans les autres.", line, column)
        elif isinstance(event, events.MappingEndEvent | events.SequenceEndEvent):
            self.stack.pop()

    def _refuse_tag(self, event: Any, line: int, column: int) -> None:
        if event.tag not in (None, "!"):
            _stop(f"« {event.tag} » n’est pas admis : retirez ce qui commence par « ! ».", line, column)

    def _add(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if isinstance(top.node.value, list):
            top.node.value.append(node)
        elif top.key is None:
            self._open_key(top, node)
        else:
            top.node.value[top.key] = node
            top.key = None

    def _open_key(self, top: _Open, node: Node) -> None:
        if not isinstance(node.value, str):
            _stop("une clé est attendue ici, suivie de « : ».", node.line, node.column)
        if node.value in top.node.keys:
            first = top.node.keys[node.value][0]
            message = f"« {node.value} » est écrit deux fois (déjà ligne {first}) : gardez l’un des deux."
            self.problems.append(Problem(message, line=node.line, column=node.column))
        else:
            top.node.keys[node.value] = (node.line, node.column)
        top.key = node.value


def _scalar(event: Any) -> str | None:
    """The text; None for a plain empty value. In a folded text, an empty line parts paragraphs."""
    if event.style is None or event.style == "":
        return None if event.value in ("", "~", "null") else event.value
    return event.value.replace("\n", "\n\n") if event.style == ">" else event.value


def _stop(message: str, line: int, column: int) -> None:
    raise UnreadableFile(Problem(message, line=line, column=column))


_SYNTAX = (
    ("mapping values", "« : » inattendu : mettez le texte entre guillemets, ou revoyez le retrait de la ligne."),
    ("cannot start any token", "un texte ne peut pas commencer ainsi : mettez-le entre guillemets."),
    ("quoted scalar", "un guillemet n’est pas refermé."),
    ("flow", "un crochet ou une accolade n’est pas refermé."),
    ("expected ':'", "une clé est attendue ici, suivie de « : » et d’une espace."),
    ("block mapping", "le retrait ne suit pas les lignes au-dessus : alignez les clés d’un même groupe."),
    ("block collection", "le retrait ne suit pas les lignes au-dessus : alignez les tirets d’une même liste."),
    ("sequence entries", "une liste n’est pas admise à cet endroit : allez à la ligne après « : »."),
)
_UNREADABLE = "la forme de cette ligne est illisible."
_TABULATION = "une tabulation n’est pas admise : mettez des espaces."


def _syntax_problem(error: yaml.MarkedYAMLError, text: str) -> Problem:
    words = f"{error.problem} {error.context or ''}"
    message = next(
        (french for english, french in _SYNTAX if english in words), "la forme de cette ligne est illisible."
    )
    mark = error.problem_mark
    assert mark is not None  # the parser always says where
    line = "".join(text.split("\n")[mark.line : mark.line + 1])
    if line[mark.column : mark.column + 1] == "\t":
        message = _TABULATION
    return Problem(message, line=mark.line + 1, column=mark.column + 1)


def locate(root: Node, path: Path) -> tuple[int, int, Path]:
    """Line and column of a path, and the part of it that the file holds: a missing key is where its group begins."""
    node, place = root, (root.line, root.column)
    found: list[str | int] = []
    for rank, step in enumerate(path):
        if isinstance(node.value, dict) and isinstance(step, str) and step in node.keys:
            place, child = node.keys[step], node.value[step]
        elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
            child = node.value[step]
            place = (child.line, child.column)
        elif rank == len(path) - 1 and isinstance(step, str) and isinstance(node.value, dict):
            found.append(step)
            continue
        else:
            continue  # the name of a variant, added by the schema
        found.append(step)
        node = child
    return (*place, tuple(found))
