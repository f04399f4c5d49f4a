"""A call that begins: everything that a call cannot do without, with « À compléter » where only a person can write.

The linter finds these texts, so that the completeness panel names them one by one. Pure.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from calls.definition.editing import ABSENT, Change, Raw, put
from calls.definition.schema import FORMAT, CallDocument

TO_WRITE = "À compléter"


@dataclass(frozen=True, kw_only=True)
class Institution:
    """What a new call takes from the organisation that opens it."""

    siren: str
    name: str
    service: str
    phone: str
    hours: str
    mail: str
    dpo_mail: str
    signatory: str
    court: str
    court_address: str
    perimeter_kind: str
    perimeter_code: str
    perimeter_label: str


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What is decided first: the name, the numbering, when one may deposit."""

    title: str
    edition: str
    slug: str
    prefix: str
    opens_at: datetime
    closes_at: datetime


def blank_call(institution: Institution, opening: Opening) -> CallDocument:
    """The shortest call that stands: one window, one rule, one section with the title of the project."""
    return CallDocument.model_validate(
        {
            "format": FORMAT,
            "title": opening.title,
            "slug": opening.slug,
            "code_prefix": opening.prefix,
            "edition": opening.edition,
            "programme": {"code": code_of(opening.title, upper=True), "title": opening.title},
            "summary": f"{TO_WRITE} : deux phrases, lues dans la liste des appels.",
            "goal": f"{TO_WRITE} : ce que l’appel veut faire naître dans les communes.",
            "support": {"kinds": ["method"], "text": f"{TO_WRITE} : ce que reçoivent les communes retenues."},
            "windows": [{"code": "W1", "opens_at": opening.opens_at, "closes_at": opening.closes_at}],
            "eligibility": [PERIMETER_RULE],
            "sections": [first_section()],
            "grid": {"mode": "none"},
            "data_notice": {"text": f"{TO_WRITE} : finalité, destinataires, droits.", "dpo_mail": institution.dpo_mail},
            **_of(institution),
        }
    )


PERIMETER_RULE = {
    "kind": "perimeter",
    "code": "R1",
    "label": "Commune du territoire",
    "sentence": "La commune est située sur le territoire de l’appel.",
}


def first_section() -> Raw:
    title = {"code": "titre", "kind": "text", "label": "Titre du projet", "max_length": 150, "project_title": True}
    return {"code": "projet", "title": "Le projet", "questions": [title]}


def _of(institution: Institution) -> Raw:
    """The parts that tell who calls, where, and who decides."""
    return {
        "owner": {"siren": institution.siren, "name": institution.name},
        "contact": {
            "service": institution.service,
            "phone": institution.phone,
            "hours": institution.hours,
            "mail": institution.mail,
        },
        "perimeter": {
            "kind": institution.perimeter_kind,
            "codes": [institution.perimeter_code],
            "label": institution.perimeter_label,
        },
        "decision": {
            "authority": f"{TO_WRITE} : bureau, conseil, présidence",
            "act": "board_resolution",
            "signatory": institution.signatory or TO_WRITE,
            "court": {"name": institution.court or TO_WRITE, "address": institution.court_address or TO_WRITE},
        },
    }


# --- parts that a call may begin ---------------------------------------------------------------------------------


def with_money(document: CallDocument) -> Change:
    first = {"code": "A1", "label": f"{TO_WRITE} : première aide", "kind": "study", "rate": 50}
    return put("", {("money",): {"grants": [first]}})


def with_grid(document: CallDocument) -> Change:
    first = {"code": "C1", "label": f"{TO_WRITE} : premier critère", "points": 100}
    return put("", {("grid",): {"mode": "numeric", "criteria": [first]}})


def with_jury(document: CallDocument) -> Change:
    chair = {"code": "S1", "label": "Présidence", "college": TO_WRITE, "president": True}
    return put("", {("jury",): {"seats": [chair], "quorum": 1}})


def with_agreement(document: CallDocument) -> Change:
    article = {"code": "objet", "title": "Objet", "paragraphs": [f"{TO_WRITE} : ce que la convention organise."]}
    months = document.support.longest or 12
    outline = {"title": "Convention d’accompagnement", "months": months, "articles": [article]}
    return put("", {("agreement",): outline})


def without(name: str) -> Callable[[CallDocument], Change]:
    return lambda document: put("", {(name,): ABSENT})


def without_grid(document: CallDocument) -> Change:
    return put("", {("grid",): {"mode": "none"}})


# --- codes -------------------------------------------------------------------------------------------------------


def code_of(text: str, *, upper: bool = False, longest: int = 30) -> str:
    """A code from a name: « Où en est le projet ? » gives `ou_en_est_le_projet`."""
    slug = re.sub(r"[^a-z0-9]+", "_", _plain(text).lower()).strip("_")
    slug = slug if slug[:1].isalpha() else f"x_{slug}".rstrip("_")
    cut = slug if len(slug) <= longest else slug[:longest].rsplit("_", 1)[0]
    return cut.upper() if upper else cut


def slug_of(text: str, taken: Iterable[str]) -> str:
    """The end of an address, unlike those taken."""
    return unlike(re.sub(r"[^a-z0-9]+", "-", _plain(text).lower()).strip("-")[:74].strip("-"), taken, "-")


def prefix_of(title: str, taken: Iterable[str]) -> str:
    """Initials of the words that count: « Des places à vivre » gives `PV`."""
    words = [word for word in re.split(r"[^A-Z0-9]+", _plain(title).upper()) if len(word) > 3 or word.isdigit()]
    initials = "".join(word[0] for word in words if not word[0].isdigit())[:6]
    return unlike(initials if len(initials) > 1 else (initials + "AMI")[:4], taken, "")


def unlike(wanted: str, taken: Iterable[str], link: str = "_") -> str:
    """The same, or with the first number that tells it from those taken."""
    known = set(taken)
    n = 2
    found = wanted
    while found in known:
        found, n = f"{wanted}{link}{n}", n + 1
    return found


def numbered(letter: str, taken: Iterable[str]) -> str:
    """« C1 », « C2 »…: the first that is free."""
    known = set(taken)
    return next(code for n in range(1, len(known) + 2) if (code := f"{letter}{n}") not in known)


def _plain(text: str) -> str:
    text = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("’", " ")
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
