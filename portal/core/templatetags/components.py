"""Tags that draw the components from the data of `portal.core.ui`."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.core import typography as ty
from portal.core import ui
from portal.core.icons import draw_icon

register = template.Library()


def _component(name: str) -> str:
    return f"components/{name}.html"


@register.simple_tag
def icon(name: str, size: int = 16, css: str = "") -> SafeString:
    """`{% icon "check-lg" %}`."""
    return draw_icon(name, size=size, css=css)


# --- chain -------------------------------------------------------------------------------------------------------


def _mini(stages: Sequence[ui.Stage], then: str, *, below: bool) -> dict[str, Any]:
    here = next(i for i, stage in enumerate(stages) if stage.state == "now")
    boxes, x = [], 1
    for stage in stages:
        width = 40 if stage.state == "now" else 24
        boxes.append({"x": x, "width": width, "state": stage.state, "bar": x + width - 4})
        x += width + 8
    following = stages[here + 1].label.lower() if here + 1 < len(stages) else ""
    return {
        "boxes": boxes,
        "bars": boxes[:-1],
        "width": x - 7,
        "position": f"Étape {here + 1} sur {len(stages)}{ty.NBSP}:",
        "label": stages[here].label,
        "then": then or following,
        "below": below,
    }


@register.inclusion_tag(_component("chain"))
def chain(stages: Sequence[ui.Stage], then: str = "", name: str = "La chaîne de l’appel") -> dict[str, Any]:
    """Full from 992 px, mini with its words under it below."""
    return {"stages": stages, "name": name, **_mini(stages, then, below=True)}


@register.inclusion_tag(_component("chain_mini"))
def chain_mini(stages: Sequence[ui.Stage], then: str = "", below: bool = False) -> dict[str, Any]:
    return _mini(stages, then, below=below)


# --- states ------------------------------------------------------------------------------------------------------


@register.simple_tag
def badge(code: str, label: str = "") -> SafeString:
    """A known state, with its usual word or another one."""
    known = ui.BADGES[code]
    return badge_of(ui.Badge(label=label or known.label, tone=known.tone, icon=known.icon))


@register.simple_tag
def badge_of(badge: ui.Badge) -> SafeString:
    drawn = draw_icon(badge.icon, size=15) if badge.icon else ""
    return format_html('<span class="badge badge-{}">{}{}</span>', badge.tone or "quiet", drawn, badge.label)


@register.inclusion_tag(_component("draft_banner"))
def draft_banner(text: str, title: str = "Brouillon, non déposé") -> dict[str, Any]:
    return {"title": title, "text": text}


@register.inclusion_tag(_component("deposited_banner"))
def deposited_banner(text: str, title: str = "Candidature déposée", number: str = "") -> dict[str, Any]:
    return {"title": title, "text": text, "number": number}


@register.inclusion_tag(_component("refusal"))
def refusal(sentence: str, text: str = "") -> dict[str, Any]:
    return {"sentence": sentence, "text": text}


@register.inclusion_tag(_component("deadline"))
def deadline(
    until: datetime,
    now: datetime,
    title: str = "",
    tone: str = "open",
    zone: str = ty.PARIS_LABEL,
    other: str = "",
    opens: bool = False,
) -> dict[str, Any]:
    """What is left first, then day, date, hour, then zone; late by itself once past."""
    left = ty.time_left(until, now)
    if opens and left:
        big, tone = f"Ouvre le {ty.format_day(until)}", "come"
    elif left:
        big = f"{title} {left}" if title else left
    else:
        big, tone = ty.late_label(until, now), "late"
    today = ty.as_date(until) == ty.as_date(now)
    day = "aujourd’hui" if today else ty.format_date(until, weekday=True)
    return {
        "big": big,
        "tone": {"to_come": "come"}.get(tone, tone),
        "when": f"{day}, {ty.format_time(until)}",
        "zone": f"{zone}, {other}" if other else zone,
        "until": until,
        "now": now,
        "title": title,
        "counts": bool(left) and not opens,
    }


# --- lists -------------------------------------------------------------------------------------------------------


@register.inclusion_tag(_component("action_list"))
def action_list(actions: Sequence[ui.Action], now: datetime, first_filled: bool = True) -> dict[str, Any]:
    rows = []
    for position, action in enumerate(actions):
        late = ty.late_label(action.due, now) if action.due else ""
        day = ty.format_day(action.due).split(ty.NBSP) if action.due else ("", "")
        filled = first_filled and position == 0
        rows.append({"action": action, "day": day[0], "month": day[1], "late": late, "filled": filled})
    return {"rows": rows}


@register.inclusion_tag(_component("first_steps"))
def first_steps(steps: Sequence[ui.Step], title: str = "Vos trois premiers pas") -> dict[str, Any]:
    done = sum(step.done for step in steps)
    current = next((i for i, step in enumerate(steps) if not step.done), None)
    marked = [{"step": step, "number": i + 1, "current": i == current} for i, step in enumerate(steps)]
    return {"marked": marked, "title": title, "done": done, "total": len(steps), "shown": done < len(steps)}


@register.inclusion_tag(_component("section_list"))
def section_list(
    sections: Sequence[ui.SectionLink], extra: Sequence[ui.SectionLink] = (), list_url: str = ""
) -> dict[str, Any]:
    complete = sum(section.state == "complete" for section in sections)
    text = f"{ty.choose(complete, f'{complete} complète', f'{complete} complètes')} sur {len(sections)}"
    return {
        "sections": sections,
        "extra": extra,
        "list_url": list_url,
        "complete": complete,
        "total": len(sections),
        "text": text,
    }


@register.inclusion_tag(_component("piece_list"))
def piece_list(pieces: Sequence[ui.Piece]) -> dict[str, Any]:
    signs = {
        "missing": ("circle", "à joindre"),
        "here": ("check-circle-fill", "jointe"),
        "promised": ("clock", "promise"),
        "refused": ("exclamation-circle-fill", "à remplacer"),
    }
    return {"rows": [{"piece": p, "icon": signs[p.state][0], "spoken": signs[p.state][1]} for p in pieces]}


@register.inclusion_tag(_component("phases"))
def phases(phases: Sequence[ui.Phase]) -> dict[str, Any]:
    spoken = {"done": "terminée", "now": "en cours", "parallel": "en parallèle", "next": "à venir"}
    return {"rows": [{"phase": p, "number": i, "spoken": spoken[p.state]} for i, p in enumerate(phases, start=1)]}


def _is_past(at: date | datetime, now: datetime) -> bool:
    return at < now if isinstance(at, datetime) else at < ty.as_date(now)


@register.inclusion_tag(_component("calendar"))
def calendar(milestones: Sequence[ui.Milestone], now: datetime) -> dict[str, Any]:
    """The first milestone to come is lit; an instant to come says the time left when it has no other remark."""
    rows, lit = [], False
    for item in milestones:
        past = _is_past(item.at, now)
        following = not past and not lit
        lit = lit or following
        left = ty.time_left(item.at, now) if following and isinstance(item.at, datetime) else ""
        css = "past" if past else "next" if following else ""
        rows.append({"item": item, "css": css, "when": _when(item), "left": left})
    return {"rows": rows}


def _when(item: ui.Milestone) -> str:
    if item.when:
        return item.when
    day = ty.format_date_short(item.at)
    return f"{day}, {ty.format_time(item.at)}" if item.with_time and isinstance(item.at, datetime) else day


@register.inclusion_tag(_component("empty"), name="empty")
@register.inclusion_tag(_component("empty"))
def empty_state(title: str, text: str = "", icon_name: str = "check-circle") -> dict[str, Any]:
    return {"title": title, "text": text, "icon_name": icon_name}


@register.inclusion_tag(_component("breadcrumb"))
def breadcrumb(links: Sequence[ui.Link]) -> dict[str, Any]:
    return {"links": links}


@register.inclusion_tag(_component("tabs"))
def tabs(links: Sequence[ui.Link], name: str) -> dict[str, Any]:
    return {"links": links, "name": name}


@register.inclusion_tag(_component("contact_card"))
def contact_card(contact: ui.Contact) -> dict[str, Any]:
    return {"contact": contact, "dial": "".join(c for c in contact.phone if c.isdigit() or c == "+")}


@register.inclusion_tag(_component("save_state"))
def save_state(label: str = "") -> dict[str, Any]:
    return {"label": label}


# --- tables ------------------------------------------------------------------------------------------------------


@register.simple_block_tag
def table(content: SafeString, caption: str, hide_caption: bool = False, css: str = "") -> SafeString:
    """`{% table caption="…" %}<thead>…</thead><tbody>…</tbody>{% endtable %}`."""
    return format_html(
        '<div class="table-region" role="region" aria-label="{}" tabindex="0"><table class="table {}">'
        "<caption{}>{}</caption>{}</table></div>",
        caption,
        css,
        SafeString(' class="visually-hidden"' if hide_caption else ""),
        caption,
        content,
    )


def _query(context: RequestContext, **changes: str) -> str:
    query = context["request"].GET.copy() if "request" in context else None
    if query is None:
        return "?" + "&".join(f"{name}={value}" for name, value in changes.items())
    query.pop("page", None)
    for name, value in changes.items():
        query[name] = value
    return "?" + query.urlencode()


@register.inclusion_tag(_component("sort_head"), takes_context=True)
def sort_head(
    context: RequestContext, label: str, key: str, num: bool = False, css: str = "", param: str = "tri"
) -> dict[str, Any]:
    """A column head that sorts: `?tri=population`, then `?tri=-population`."""
    current = context["request"].GET.get(param, "") if "request" in context else ""
    order = {key: "ascending", f"-{key}": "descending"}.get(current, "none")
    target = f"-{key}" if order == "ascending" else key
    return {
        "label": label,
        "order": order,
        "url": _query(context, **{param: target}),
        "css": f"{'num ' if num else ''}{css}".strip(),
    }


@register.inclusion_tag(_component("pager"), takes_context=True)
def pager(context: RequestContext, page: Page, param: str = "page") -> dict[str, Any]:
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    links = [
        {"text": str(n), "number": n, "url": _query(context, **{param: str(n)}), "gap": not isinstance(n, int)}
        for n in shown
    ]
    first, last, total = page.start_index(), page.end_index(), page.paginator.count
    return {
        "page": page,
        "links": links,
        "previous": _query(context, **{param: str(page.number - 1)}),
        "following": _query(context, **{param: str(page.number + 1)}),
        "text": f"{ty.format_number(first)} à {ty.format_number(last)} sur {ty.format_number(total)}",
    }
