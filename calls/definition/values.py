"""The small types of a call document. What comes from the file is text; each type says how it is read and written.

The file is read untyped (`tree.py`), so that `05006`, `12:30` and `on` stay what was written; a type also accepts the
Python value, so that a document can be built from rows. A refusal is a French sentence that says what to write.
"""

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, NoReturn

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError
from stdnum.fr import siren as siren_number


class Part(BaseModel):
    """A piece of the document: immutable, and closed (an unknown key is an error)."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def refuse(message: str) -> NoReturn:
    """Refuse a value with a French sentence, shown as it is beside its line."""
    raise PydanticCustomError("call", "{message}", {"message": message})


def plain(part: "Part | None") -> Any:
    """A piece of the document as JSON data, for a row: defaults left out, None when absent."""
    return None if part is None else part.model_dump(mode="json", exclude_defaults=True)


# What no YAML file may hold.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _text(value: Any) -> str:
    if isinstance(value, dict | list | tuple):
        refuse("un texte est attendu ici, pas une liste ni un groupe de clés.")
    if not isinstance(value, str):
        refuse(f"un texte est attendu ici : mettez « {value} » entre guillemets.")
    text = unicodedata.normalize("NFC", value)
    text = re.sub(r"\r\n?|[\x85\u2028\u2029]", "\n", text).replace("\ufeff", "")
    if _INVISIBLE.search(text):
        refuse("ce texte contient un caractère invisible qui n’est pas admis : recopiez-le à la main.")
    if not text.strip():
        refuse("ce texte est vide : écrivez-le, ou retirez la ligne.")
    return text


_BLANKS = re.compile(r"[ \t\n]+")


def read_line(value: Any) -> str:
    """One line: blanks are collapsed, no-break spaces kept."""
    return _BLANKS.sub(" ", _text(value)).strip(" ")


def read_prose(value: Any) -> str:
    """Paragraphs parted by an empty line; lines of one paragraph are joined, unless they begin with « - » (a list)."""
    paragraphs = []
    for block in re.split(r"\n[ \t]*\n", _text(value).strip(" \t\n")):
        lines: list[str] = []
        for raw in block.split("\n"):
            line = _BLANKS.sub(" ", raw).strip(" ")
            if line and lines and not line.startswith("- "):
                lines[-1] = f"{lines[-1]} {line}"
            elif line:
                lines.append(line)
        if lines:
            paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)


def _matching(pattern: str, message: str) -> BeforeValidator:
    compiled = re.compile(pattern)

    def check(value: Any) -> str:
        line = read_line(value)
        if not compiled.fullmatch(line):
            refuse(f"« {line} » n’est pas admis : {message}")
        return line

    return BeforeValidator(check)


def read_flag(value: Any) -> bool:
    """`oui` and `non`, or `true` and `false`."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word in {"oui", "true", "yes", "on"}:
        return True
    if word in {"non", "false", "no", "off"}:
        return False
    refuse(f"« {value} » n’est pas admis : écrivez true (oui) ou false (non).")


def read_whole(value: Any) -> int:
    """A whole number in figures, signed."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = value.strip() if isinstance(value, str) else str(value)
    if not re.fullmatch(r"-?[0-9]{1,12}", text):
        close = re.sub(r"[\s\u00a0\u202f]", "", text)
        hint = close if re.fullmatch(r"-?[0-9]{1,12}", close) else "5000"
        refuse(f"« {text} » n’est pas un nombre entier : écrivez par exemple {hint}, sans espace ni unité.")
    return int(text)


def read_decimal(value: Any) -> Decimal:
    """A number with at most two decimals and a point; a float is refused as inexact."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        text = f"{Decimal(value):f}"
    else:
        text = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,2})?", text):
        close = re.sub(r"[\s\u00a0\u202f]", "", str(value)).replace(",", ".")
        hint = close if re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,2})?", close) else "12.5"
        refuse(f"« {value} » n’est pas un nombre : écrivez par exemple {hint}, sans espace ni unité.")
    number = Decimal(text)
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def write_decimal(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value


def read_day(value: Any) -> date:
    """A calendar day, `2027-03-31`."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = value.strip() if isinstance(value, str) else str(value)
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    if not match:
        refuse(f"« {text} » n’est pas une date : écrivez année-mois-jour, par exemple 2027-03-31.")
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        refuse(f"« {text} » n’existe pas au calendrier : vérifiez le jour et le mois.")


def read_hour(value: Any) -> time:
    """An hour of the Paris clock, `09:00`."""
    if isinstance(value, time):
        return value
    text = value.strip() if isinstance(value, str) else str(value)
    match = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", text)
    if not match:
        refuse(f"« {text} » n’est pas une heure : écrivez heures:minutes, par exemple 09:00.")
    return time(int(match[1]), int(match[2]))


def read_siren(value: Any) -> str:
    """Nine figures whose key is right."""
    text = read_line(value).replace(" ", "")
    if not re.fullmatch(r"[0-9]{9}", text):
        refuse(f"« {text} » n’est pas un SIREN : écrivez ses neuf chiffres, par exemple 200084952.")
    if not siren_number.is_valid(text):
        refuse(f"« {text} » n’est pas un SIREN : sa clé est fausse, un chiffre est sans doute mal recopié.")
    return text


_CODE = "un code commence par une lettre, puis lettres sans accent, chiffres et « _ » ; écrivez par exemple C1."
_STEP = "nommez une note de l’échelle ou le code d’un niveau, par exemple 0."
_SLUG = "écrivez en minuscules sans accent, mots joints par des tirets, par exemple territoire-de-sante-2027."
_PREFIX = "écrivez deux à huit majuscules ou chiffres, par exemple TPS."
_MAIL = "écrivez une adresse, par exemple ami@exemple.fr."
_PHONE = "écrivez dix chiffres, par exemple 02 35 00 00 00."
_URL = "écrivez une adresse complète, par exemple https://www.exemple.fr/page."
_INSEE = "un code de commune a cinq caractères ; écrivez par exemple 76254 (ou 2A004)."

Line = Annotated[str, BeforeValidator(read_line), StringConstraints(max_length=300)]
Title = Annotated[str, BeforeValidator(read_line), StringConstraints(max_length=150)]
Prose = Annotated[str, BeforeValidator(read_prose), StringConstraints(max_length=8000)]
Code = Annotated[str, _matching(r"[A-Za-z][A-Za-z0-9_]{0,29}", _CODE), WithJsonSchema({"type": "string"})]
Step = Annotated[
    str,
    BeforeValidator(lambda value: str(value) if isinstance(value, int) else value),
    _matching(r"[A-Za-z0-9_]{1,30}", _STEP),
]
Slug = Annotated[str, _matching(r"[a-z0-9]+(-[a-z0-9]+)*", _SLUG), StringConstraints(max_length=80)]
Prefix = Annotated[str, _matching(r"[A-Z][A-Z0-9]{1,7}", _PREFIX)]
Mail = Annotated[str, _matching(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", _MAIL), StringConstraints(max_length=254)]
Phone = Annotated[str, _matching(r"(\+[0-9]{1,3}[ \u00a0\u202f]?)?[0-9]{1,2}([ .\u00a0\u202f]?[0-9]{2}){4}", _PHONE)]
Insee = Annotated[str, _matching(r"([0-9]{2}|2[AB])[0-9]{3}", _INSEE)]
Siren = Annotated[str, BeforeValidator(read_siren)]
WebAddress = Annotated[str, _matching(r"https?://[^\s/]+\.[^\s]+", _URL), StringConstraints(max_length=200)]
Flag = Annotated[bool, BeforeValidator(read_flag)]
Whole = Annotated[int, BeforeValidator(read_whole)]
Number = Annotated[
    Decimal, BeforeValidator(read_decimal), PlainSerializer(write_decimal), WithJsonSchema({"type": "number"})
]
Day = Annotated[date, BeforeValidator(read_day), PlainSerializer(date.isoformat)]
Hour = Annotated[
    time,
    BeforeValidator(read_hour),
    PlainSerializer(lambda value: value.strftime("%H:%M")),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}),
]
