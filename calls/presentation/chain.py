"""The chain of a call, with its dates; for its staff, as a menu."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.accounts.models import User
from portal.core import ui
from portal.core.typography import format_date

from ..models import Call, CallRole
from ..queries import milestone_day, stage_of
from .rows import omitted


@dataclass(frozen=True)
class MenuEntry:
    """One line of the menu of a call: a link of the chain (`fact`, `detail` under it) and a row (`title`, `line`)."""

    stage: str
    title: str
    line: str
    url: str
    icon: str
    fact: str = ""
    detail: str = ""


# Upper apps add their functions when they start: a call knows nothing of what is built on it.
MENUS: list[Callable[[User, Call, datetime], Sequence[MenuEntry]]] = []


def public_chain(call: Call, at: datetime) -> list[ui.Stage]:
    """The chain of the page, with its dates."""
    return ui.chain(stage_of(call, at), facts=chain_facts(call), omit=omitted(call))


def chain_facts(call: Call) -> dict[str, tuple[str, str]]:
    windows = list(call.windows.all())
    closes = max(window.closes_at for window in windows)
    months = max((phase.last_month for phase in call.support_phases.all()), default=0)
    facts = {
        "call": (day(milestone_day(call, "publication") or call.published_at), "publié"),
        "application": (f"jusqu’au {day(closes)}", "dépôt en ligne"),
        "examination": (day(milestone_day(call, "opinions")), "recevabilité, avis"),
        "jury": (day(milestone_day(call, "jury")), "auditions"),
        "agreement": (day(milestone_day(call, "decision")), "décision"),
        "support": (f"{months} mois" if months else "", "accompagnement"),
        "impact": (day(milestone_day(call, "experience") or milestone_day(call, "end")), "bilan public"),
    }
    return {code: fact for code, fact in facts.items() if fact[0]}


def menu_of(user: User, call: Call, at: datetime) -> list[MenuEntry]:
    """What this person may open of a call, in the order of the chain."""
    return [entry for source in MENUS for entry in source(user, call, at)]


def staff_chain(call: Call, at: datetime, menu: Iterable[MenuEntry]) -> list[ui.Stage]:
    """The chain as a menu: its pills are links, its facts counts; the dates of the call where nothing is counted."""
    facts, urls = chain_facts(call), {}
    for entry in menu:
        if entry.stage:
            urls[entry.stage] = entry.url
            facts |= {entry.stage: (entry.fact, entry.detail)} if entry.fact else {}
    return ui.chain(stage_of(call, at), facts=facts, urls=urls, omit=omitted(call))


def team_of(roles: Iterable[CallRole]) -> list[tuple[str, str]]:
    """Who works on a call: function (or name), then roles."""
    people: dict[str, list[str]] = {}
    for role in roles:
        who = role.user.role_title or role.user.full_name or role.user.email
        people.setdefault(who, []).append(role.get_role_display())
    return [(who, ", ".join(held)) for who, held in people.items()]


def day(value: Any) -> str:
    return format_date(value, year=False) if value else ""
