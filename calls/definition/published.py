"""The published JSON Schema: that of the models, with the French words of every field."""

from typing import Any

from calls.definition.schema import CallDocument
from calls.definition.values import Part
from calls.definition.words import WORDS, words


def json_schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12)."""
    schema = CallDocument.model_json_schema(mode="validation")
    _say(schema, CallDocument)
    by_name = {cls.__name__: cls for part in WORDS for cls in (part, *part.__subclasses__())}
    for name, definition in schema["$defs"].items():
        _say(definition, by_name[name])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Appel"}


def _say(definition: dict[str, Any], model: type[Part]) -> None:
    """The label becomes the title; the hint joins what the type already says."""
    for name, place in definition["properties"].items():
        said = words(model, name)
        place["title"] = said.label
        if hint := ". ".join(text.rstrip(".") for text in (said.hint, place.get("description", "")) if text):
            place["description"] = f"{hint}."
