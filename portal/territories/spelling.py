"""How a place name is compared: without accent, case, hyphen nor apostrophe, « St » written in full. Pure."""

import re
import unicodedata
from dataclasses import dataclass

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_OVER = re.compile(r"\bs/\s*", re.IGNORECASE)
_ACCENTS = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"[a-z0-9]+")
ARTICLES = ("le ", "la ", "les ", "l ", "aux ")


def plain(text: str) -> str:
    """« L’Île-d’Yeu » → "l ile d yeu"; « Criel s/Mer » → "criel sur mer"; « St-Aubin » → "saint aubin"."""
    spelled = _OVER.sub("sur ", text).lower().translate(_LIGATURES)
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", spelled))
    return " ".join(_SHORT.get(word, word) for word in _WORD.findall(bare))


def without_article(name: str) -> str:
    """A plain name without its first article: "le tilleul" → "tilleul"."""
    article = next((a for a in ARTICLES if name.startswith(a)), "")
    return name.removeprefix(article)


@dataclass(frozen=True)
class Wanted:
    """What a person typed: words of a name, and codes (INSEE, postal, département) apart."""

    name: str
    codes: tuple[str, ...]


_CODE = re.compile(r"\b(?:2[AB]\d{0,3}|\d{2,5})\b", re.IGNORECASE)


def read_search(text: str) -> Wanted:
    """« Serres (05) » → name "serres", codes ("05",). The text is cut at 100 characters."""
    text = text[:100]
    return Wanted(plain(_CODE.sub(" ", text)), tuple(code.upper() for code in _CODE.findall(text)))
