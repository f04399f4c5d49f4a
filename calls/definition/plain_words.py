"""A message written for the author of a file, said again for someone before a screen: names of fields, no syntax."""

import re

from calls.definition.choices import CHOICES
from calls.definition.tree import Problem
from calls.definition.values import Part
from calls.definition.words import WORDS, words

_SYNTAX = re.compile(r"« -|\b[a-z_]+:(?:[\s\u00a0\u202f]|$)|«[\s\u202f][a-z_]+:|ajoutez[- ]les|année-mois-jour")
_QUOTED = re.compile(r"«[\s\u202f]([a-z_]+)[\s\u202f]»")
_BRACKETED = re.compile(r" \([a-z_]+\)")


def for_people(problem: Problem, model: type[Part]) -> str:
    """The sentence, its advice on syntax dropped, the names of keys and values replaced by those of the screen."""
    head, colon, tail = problem.message.partition("\u00a0: ")
    text = head + "." if colon and _SYNTAX.search(tail) else problem.message
    said = _QUOTED.sub(lambda found: f"«\u202f{_name(found[1], model)}\u202f»", _BRACKETED.sub("", text))
    return said[:1].upper() + said[1:]


def _name(word: str, model: type[Part]) -> str:
    for place in (model, *WORDS):
        if word in place.model_fields:
            return words(place, word).label
    return next((named[word] for named in CHOICES.values() if word in named), word)
