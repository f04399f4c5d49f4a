"""The form of a part of a call, made from its fields; what the whole document says against it, beside the field."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from calls.definition import follow_up, form, money, selection, timetable
from calls.definition.blank import code_of, numbered, unlike
from calls.definition.editing import ABSENT, Seen, part_at, path_of, token
from calls.definition.plain_words import for_people
from calls.definition.predicates import AnswerTest
from calls.definition.schema import CallDocument
from calls.definition.tree import Path, Problem
from calls.definition.values import Part

from .entries import RULES, Entry, proper_to_others
from .factory import condition_field, field_of
from .fields import Typed
from .places import entry_for, words_of
from .summaries import read_value

SEEN = "vu"
ANSWERS = ("equals", "one_of", "includes")
Values = dict[tuple[str, ...], Any]


class PartForm(forms.Form):
    """Some fields of `part` (of the document itself for a room); `part` is None for an item to be."""

    use_required_attribute = False

    def __init__(
        self,
        entries: Sequence[Entry],
        document: CallDocument,
        part: Any,
        *,
        address: str = "",
        path: Path = (),
        data: Any = None,
        model: type[Part] = CallDocument,
    ) -> None:
        super().__init__(data=data, auto_id="id_%s")
        self.entries, self.document, self.part, self.address = entries, document, part, address
        self.path, self.model = path, model
        self.both: list[tuple[str, str, str]] = []
        self.typed_fields = {entry.key: self._field(entry) for entry in entries}
        self.fields.update(self.typed_fields)

    def _field(self, entry: Entry) -> Typed:
        if entry.shape == "condition":
            field: Typed = condition_field(entry, self.document, earlier_questions(self.document, self.path))
        else:
            field = field_of(entry, self.document)
        if entry.path == ("code",):
            field.required = False
        field.initial = self._value(entry)
        return field

    def _value(self, entry: Entry) -> Any:
        """What the document says of a field, or its default."""
        here = self.part
        for step in entry.path[:-1]:
            here = getattr(here, step, None)
        if here is not None and hasattr(here, entry.name):
            return self._named(entry, getattr(here, entry.name))
        info = entry.model.model_fields[entry.name]
        return info.get_default(call_default_factory=True) if not info.is_required() and len(entry.path) == 1 else None

    def _named(self, entry: Entry, value: Any) -> Any:
        """The answers that a rule names, in the words of the form."""
        if entry.name not in ANSWERS or not issubclass(entry.model, AnswerTest) or not value:
            return value
        labels = {option.code: option.label for option in self._options(self.part.question)}
        return [labels.get(code, code) for code in value] if isinstance(value, tuple) else labels.get(value, value)

    def _options(self, code: str) -> Sequence[form.Option]:
        return next((question.options for question in self.document.questions if question.code == code), ())

    @property
    def shown(self) -> list[tuple[str, ...]]:
        return [entry.path for entry in self.entries]

    @property
    def token(self) -> str:
        """What the page shows: sent back with the form, so that nobody overwrites another person's words."""
        return token(self.part, self.shown) if self.part is not None else ""

    @property
    def seen(self) -> Seen:
        """What the page showed when it was filled in."""
        return Seen(self.data.get(SEEN, ""), self.shown)

    def renew(self, document: CallDocument) -> None:
        """After a conflict: `both` is what is written now, field by field, where it is not what was typed."""
        self.path = path_of(document, self.address) if self.address else ()
        self.document, self.part = document, part_at(document, self.path)
        for entry in self.entries:
            field, value = self.typed_fields[entry.key], self._value(entry)
            field.initial = value
            if not field.same(field.prepare_value(value), self[entry.key].value()):
                self.both.append((entry.key, str(field.label), read_value(value, entry.model, entry.name)))

    def values(self) -> Values:
        """What to write, by path."""
        values = {entry.path: self.cleaned_data[entry.key] for entry in self.entries}
        return self._with_codes(values) if issubclass(self.model, AnswerTest) else values

    def _with_codes(self, values: Values) -> Values:
        """The answers of a rule, typed in words, by their codes."""
        codes = {option.label.lower(): option.code for option in self._options(str(values[("question",)]))}
        for path in ((name,) for name in ANSWERS):
            value = values[path]
            if isinstance(value, list):
                values[path] = [codes.get(word.lower(), word) for word in value]
            elif isinstance(value, str):
                values[path] = codes.get(value.lower(), value)
        return values

    def refuse(self, problems: Iterable[Problem], path: Path) -> None:
        """Put each problem beside its field; those of other places come first, with their place in words."""
        for problem in problems:
            inside = problem.path[: len(path)] == path
            found = entry_for(self.entries, problem.path[len(path) :]) if inside else None
            if found:
                self.add_error(found.key, for_people(problem, found.model))
            elif path and inside:
                self.add_error(None, for_people(problem, self.model))
            else:
                said = for_people(problem, self.model)
                self.add_error(None, f"{words_of(problem.path, self.document)}\u00a0: {said}")


def earlier_questions(document: CallDocument, path: Path) -> Sequence[form.Question]:
    """The questions that a condition at this path may bear on: in the form, those asked before."""
    if path[:1] != ("sections",) or len(path) < 2:
        return document.questions
    rank = path[1]
    assert isinstance(rank, int)
    before = [question for section in document.sections[:rank] for question in section.questions]
    if len(path) > 3 and isinstance(path[3], int):
        before += document.sections[rank].questions[: path[3]]
    return before


# --- what an item gets of itself ---------------------------------------------------------------------------------


def completed(values: Values, model: type[Part], kind: str, taken: Sequence[str], part: Any = None) -> Values:
    """The values of an item with its kind and, when none was typed, its code; what is of another kind goes."""
    others = proper_to_others(model, kind) | set(type(part).model_fields if part else ()) - set(model.model_fields)
    values = {**values, **{(name,): ABSENT for name in others}}
    if kind:
        values[("kind",)] = kind
    if values.get(("code",), ABSENT) is ABSENT and "code" in model.model_fields:
        values[("code",)] = part.code if part else proposed_code(values, model, taken)
    return values


def proposed_code(values: Values, model: type[Part], taken: Sequence[str]) -> str:
    """« C1 » for a criterion, a short name for the others; unlike those of its neighbours."""
    if letter := _LETTERS.get(model):
        return numbered(letter, taken)
    name = next((values[(key,)] for key in ("label", "title", "name") if values.get((key,), ABSENT) is not ABSENT), "x")
    return unlike(code_of(name, upper=model is form.Piece, longest=20), taken)


_LETTERS: dict[type[Part], str] = {
    selection.Criterion: "C",
    selection.Bonus: "B",
    timetable.Window: "W",
    follow_up.Phase: "P",
    money.Grant: "A",
    form.Undertaking: "E",
    **dict.fromkeys(RULES.values(), "R"),
}


class UploadForm(forms.Form):
    """The bytes of a document to download."""

    file = forms.FileField(
        label="Fichier",
        help_text="PDF, texte, tableur, image ou périmètre ; 20 Mo au plus.",
        error_messages={"required": "Choisissez un fichier."},
    )
