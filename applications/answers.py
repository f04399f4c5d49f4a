"""What a person typed, read as an answer: the value, or the French sentence that says what to write. Pure.

A stored answer is what was typed (text, or list of codes), kept as it is even when it is wrong. A *value* is its
canonical form, plain JSON: numbers as decimal text (« 31.4 »), dates in ISO, choices as codes, « oui » / « non ».
`question` is any object with the columns of `calls.models.Question`.
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from portal.core.typography import format_amount, format_date, format_number, typeset

Typed = str | list[str]
YES, NO = "oui", "non"
NUMBER_KINDS = frozenset({"number", "percent", "money"})
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_NUMBER = re.compile(r"[-−]?\d{1,12}(?:[.,]\d{1,4})?")
_DATE = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?\d{8,15}")


class AnswerFault(ValueError):
    """The typed text is no answer; the message says what to write."""

    def __init__(self, message: str) -> None:
        super().__init__(typeset(message))


def tidy(raw: Any, kind: str) -> Typed:
    """What is stored of what was typed: line ends made one, no NUL; several choices as a list."""
    if kind == "multiple":
        items = raw if isinstance(raw, list | tuple) else [raw] if raw else []
        return [str(item).replace("\x00", "") for item in items]
    if isinstance(raw, list | tuple):
        raw = raw[-1] if raw else ""
    text = str(raw if raw is not None else "").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return text if kind == "long_text" else text.replace("\n", " ")


def is_blank(typed: Typed | None) -> bool:
    return not typed if isinstance(typed, list) else not (typed or "").strip()


def missing_sentence(question: Any) -> str:
    """What to do when a required answer is not there."""
    if question.kind == "multiple":
        exclusive = next((o["label"] for o in question.options if o.get("exclusive")), "")
        return typeset(
            f"Cochez au moins une réponse, ou « {exclusive} »." if exclusive else "Cochez au moins une réponse."
        )
    return {
        "single": "Choisissez une réponse.",
        "yes_no": "Répondez par oui ou par non.",
        "text": "Écrivez votre réponse.",
        "long_text": "Écrivez votre réponse.",
    }.get(question.kind) or what_to_write(question)


def what_to_write(question: Any) -> str:
    """The expected shape, with an example."""
    if question.kind in NUMBER_KINDS:
        return _number_sentence(question)
    return typeset(
        {
            "date": "Écrivez une date, par exemple 31/03/2027.",
            "email": "Écrivez une adresse électronique, par exemple mairie@exemple.fr.",
            "phone": "Écrivez un numéro de téléphone, par exemple 02 35 00 00 00.",
            "single": "Choisissez une réponse de la liste.",
            "multiple": "Cochez des réponses de la liste.",
            "yes_no": "Répondez par oui ou par non.",
        }[question.kind]
    )


def _number_sentence(question: Any) -> str:
    noun = {
        "number": "une année" if is_year(question) else "un nombre",
        "percent": "un pourcentage",
        "money": "un montant en euros",
    }[question.kind]
    low, high = bounds(question)
    if low is not None and high is not None:
        span = f" entre {said(question, low)} et {said(question, high)}"
    elif low is not None:
        span = f" d’au moins {said(question, low)}" if low else " positif ou nul"
    else:
        span = f" d’au plus {said(question, high)}" if high is not None else ""
    example = {"number": "", "percent": ", par exemple 31,4", "money": ", par exemple 1 250,50"}[question.kind]
    return typeset(f"Écrivez {noun}{span}{example}.")


def bounds(question: Any) -> tuple[Decimal | None, Decimal | None]:
    """The least and the greatest value; a percentage lies between 0 and 100 unless the call says otherwise."""
    low, high = (_plain(bound) for bound in (question.minimum, question.maximum))
    if question.kind == "percent":
        return (Decimal(0) if low is None else low, Decimal(100) if high is None else high)
    if question.kind == "money" and low is None:
        return Decimal(0), high
    return low, high


def is_year(question: Any) -> bool:
    """A number without unit that lies between 1900 and 2200: a year, whose digits are never grouped."""
    low, high = question.minimum, question.maximum
    return (
        question.kind == "number"
        and not question.unit
        and low is not None
        and high is not None
        and 1900 <= low <= high <= 2200
    )


def said(question: Any, number: Decimal) -> str:
    """« 1 200 », but « 2027 »."""
    return f"{number:f}" if is_year(question) else format_number(number)


def _plain(number: Decimal | None) -> Decimal | None:
    """A bound as it is said: « 100 » rather than « 100.00 »."""
    if number is None:
        return None
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


def read(question: Any, typed: Typed | None) -> Any:
    """The value of a typed answer, None when blank. Raises `AnswerFault`."""
    if typed is None or is_blank(typed):
        return None
    if question.kind == "multiple":
        return _read_choices(question, typed if isinstance(typed, list) else [typed])
    text = typed if isinstance(typed, str) else " ".join(typed)
    return _READERS[question.kind](question, text)


def _read_text(question: Any, text: str) -> str:
    if question.max_length and len(text) > question.max_length:
        raise AnswerFault(
            f"Réduisez ce texte à {format_number(question.max_length)} caractères : "
            f"il en compte {format_number(len(text))}."
        )
    return text.strip()


def _read_number(question: Any, text: str) -> str:
    bare = _SPACES.sub("", text).rstrip("%€")
    if question.unit:
        bare = bare.removesuffix(_SPACES.sub("", question.unit))
    if not _NUMBER.fullmatch(bare):
        raise AnswerFault(what_to_write(question))
    try:
        number = Decimal(bare.replace(",", ".").replace("−", "-"))
    except InvalidOperation as error:  # pragma: no cover - the pattern lets none through
        raise AnswerFault(what_to_write(question)) from error
    low, high = bounds(question)
    if (low is not None and number < low) or (high is not None and number > high):
        raise AnswerFault(what_to_write(question))
    return f"{number:f}"


def _read_date(question: Any, text: str) -> str:
    bare = text.strip()
    if found := _DATE.fullmatch(bare):
        day, month, year = (int(part) for part in found.groups())
    elif found := _ISO_DATE.fullmatch(bare):
        year, month, day = (int(part) for part in found.groups())
    else:
        raise AnswerFault(what_to_write(question))
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise AnswerFault(f"Le {bare} n’existe pas. {what_to_write(question)}") from error


def _read_choice(question: Any, text: str) -> str:
    if text not in {option["code"] for option in question.options}:
        raise AnswerFault(what_to_write(question))
    return text


def _read_yes_no(question: Any, text: str) -> str:
    if text not in {YES, NO}:
        raise AnswerFault(what_to_write(question))
    return text


def _read_choices(question: Any, codes: list[str]) -> list[str]:
    known = {option["code"]: option for option in question.options}
    if set(codes) - known.keys():
        raise AnswerFault(what_to_write(question))
    exclusive = [code for code in codes if known[code].get("exclusive")]
    if exclusive and len(set(codes)) > 1:
        raise AnswerFault(f"« {known[exclusive[0]]['label']} » ne peut pas être coché avec une autre réponse.")
    return [code for code in known if code in codes]


def _read_email(question: Any, text: str) -> str:
    if len(text) > 254 or not _MAIL.fullmatch(text.strip()):
        raise AnswerFault(what_to_write(question))
    return text.strip()


def _read_phone(question: Any, text: str) -> str:
    if not _PHONE.fullmatch(re.sub(r"[\s\u00a0\u202f.()/-]", "", text)):
        raise AnswerFault(what_to_write(question))
    return text.strip()


_READERS = {
    "text": _read_text,
    "long_text": _read_text,
    "number": _read_number,
    "percent": _read_number,
    "money": _read_number,
    "date": _read_date,
    "single": _read_choice,
    "yes_no": _read_yes_no,
    "email": _read_email,
    "phone": _read_phone,
}


def wording(question: Any, value: Any) -> str:
    """A value as one reads it: « 31,4 % », « 1 250,50 € », « 1er juin 2027 », the words of the choices."""
    if value is None:
        return ""
    labels = {option["code"]: option["label"] for option in question.options}
    if question.kind == "multiple":
        return "\n".join(labels.get(code, code) for code in value)
    if question.kind in NUMBER_KINDS:
        return _number_wording(question, Decimal(value))
    if question.kind == "date":
        return format_date(date.fromisoformat(value))
    if question.kind == "yes_no":
        return value.capitalize()
    return labels.get(value, value)


def _number_wording(question: Any, number: Decimal) -> str:
    if question.kind == "money":
        return format_amount(number)
    unit = "%" if question.kind == "percent" else question.unit
    return f"{format_number(number)}\u00a0{unit}" if unit else said(question, number)


def fact_columns(question: Any, value: Any) -> list[dict[str, Any]]:
    """The typed columns of an answer that the call flags: one row, or one per choice ticked."""
    if value is None:
        return []
    if question.kind == "multiple":
        return [{"text": code} for code in value]
    if question.kind in NUMBER_KINDS:
        return [{"number": Decimal(value)}]
    if question.kind == "date":
        return [{"date": date.fromisoformat(value)}]
    if question.kind == "yes_no":
        return [{"yes": value == YES}]
    return [{"text": str(value)[:300]}]
