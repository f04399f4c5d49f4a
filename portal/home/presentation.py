"""What *Mes actions* shows around the list: who one is here, the files of one's commune, the limit, whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from applications import states
from applications.models import Application, DecisionLine
from applications.queries.files import files_of_organisations, own_applications, progress_read, with_progress
from applications.queries.life import limit_of as limit_of_file
from applications.queries.staff import line_in_force
from applications.rules.life import file_accepts
from applications.views.shared import contact_of, next_stage, saved_label, stages_of, summary_of
from calls.models import Call
from calls.presentation import CallRow, row_of
from calls.queries import calls_staffed_by, is_open, milestone_day, published_calls
from portal.accounts.models import User
from portal.core import ui
from portal.core.typography import format_date, format_number, typeset
from portal.core.words import number_in_words
from portal.territories.models import PopulationFigure

from .spaces import Spaces

MOST_FILES = 3
MOST_CALLS = 4


@dataclass(frozen=True)
class FileCard:
    """One file of the commune: `tone` is draft (dashes), deposited (solid green) or quiet."""

    title: str
    project: str
    url: str
    tone: str
    badge: str
    badge_label: str
    said: str
    stages: list[ui.Stage]
    then: str
    line: str


@dataclass(frozen=True)
class Side:
    """Beside the list: the limit that comes, what follows, whom to call; for staff, their calls."""

    closes_at: datetime | None = None
    call: Call | None = None
    after: str = ""
    contact: ui.Contact | None = None
    rows: tuple[CallRow, ...] = ()


def eyebrow(user: User, spaces: Spaces, function: str) -> str:
    """« Commune d’Étretat · 1 102 habitants » for a town hall, the function of everyone else."""
    if not spaces.commune:
        return function
    figures = PopulationFigure.objects.filter(commune=OuterRef("organisation__commune"), kind="municipale")
    halls = user.memberships.exclude(state="ended").filter(organisation__kind="commune").order_by("pk")
    inhabitants = Subquery(figures.order_by("-year").values("value")[:1])
    name, count = halls.annotate(inhabitants=inhabitants).values_list("organisation__name", "inhabitants")[0]
    return f"{name} · {format_number(count)} habitants" if count else name


def lead(actions: Sequence[ui.Action]) -> str:
    """« Quatre choses sont attendues de vous. La première : terminer « Le site ». »"""
    if not actions:
        return "Rien n’est attendu de vous aujourd’hui."
    first = actions[0].title
    first = f"{first[0].lower()}{first[1:]}" if first[1:2].islower() else first
    if len(actions) == 1:
        return typeset(f"Une chose est attendue de vous : {first}.")
    count = number_in_words(len(actions), feminine=True).capitalize()
    return typeset(f"{count} choses sont attendues de vous. La première : {first}.")


# --- the commune's files -----------------------------------------------------------------------------------------


def own_files(user: User, at: datetime) -> list[Application]:
    """The files to show: drafts that can still be deposited, the nearest limit first, then the latest others."""
    kept = own_applications(user).exclude(state=states.WITHDRAWN).prefetch_related("reopenings")
    kept = kept.exclude(Q(state=states.DECIDED) & ~Q(pk__in=files_of_organisations(user).values("pk")))
    files = list(kept.order_by("-created_at")[:20])
    live = sorted((file for file in files if is_live(file, at)), key=limit_of_file)
    chosen = [*live, *(file for file in files if file not in live)][:MOST_FILES]
    full = with_progress(Application.objects.filter(pk__in=[file.pk for file in chosen]))
    full = full.select_related("call__jury_rules", "support_plan").prefetch_related("call__milestones")
    found = {file.pk: file for file in full}
    return [found[file.pk] for file in chosen]


def is_live(file: Application, at: datetime) -> bool:
    return file.state == states.DRAFT and bool(file_accepts(file, at))


def card_of(file: Application, at: datetime) -> FileCard:
    """A draft, a deposited file, or a decided one once its commune was told."""
    told = line_in_force(file, notified=True) if file.state == states.DECIDED else None
    plan = getattr(file, "support_plan", None) if told else None
    tone, badge, label, said, line = (
        draft_words(file, at) if file.state == states.DRAFT else decided_words(told) if told else deposited_words(file)
    )
    return FileCard(
        title=typeset(str(file.call)),
        project=file.title,
        url=reverse("support_plan", args=[plan.uuid]) if plan else reverse("application", args=[file.uuid]),
        tone=tone,
        badge=badge,
        badge_label=label,
        said=said,
        stages=ui.chain("support") if plan else stages_of(file),
        then=next_stage(file),
        line=line,
    )


def draft_words(file: Application, at: datetime) -> tuple[str, str, str, str, str]:
    saved = saved_label(file.last_activity_at, at)
    line = summary_of(progress_read(file, at))
    accepts = file_accepts(file, at)
    line = line if accepts else accepts.reason
    return "draft", "draft", "Brouillon, non déposé", saved, line


def deposited_words(file: Application) -> tuple[str, str, str, str, str]:
    deposit = file.deposits.select_related("outside").order_by("-n").first()
    said = f"Reçue {deposit.reception}" if deposit else ""
    return "deposited", "deposited", "Déposée", said, f"Numéro {file.number}."


def decided_words(told: DecisionLine) -> tuple[str, str, str, str, str]:
    badge = told.outcome if told.outcome in ("selected", "reserve", "not_selected") else "not_admissible"
    said = f"Décision du {format_date(told.decision.act_on)}"
    return "quiet", badge, told.get_outcome_display().capitalize(), said, ""


# --- the side ----------------------------------------------------------------------------------------------------


def side_of(user: User, spaces: Spaces, files: Sequence[Application], at: datetime) -> Side:
    """For a commune its next limit, for staff their calls, for a juror whom to call."""
    if spaces.commune:
        live = next((file for file in files if is_live(file, at)), None)
        call = live.call if live else None if files else nearest_call(at)
        shown = call or (files[0].call if files else None)
        closes_at = limit_of_file(live) if live else limit_of(call, at) if call else None
        return Side(closes_at, None if live else call, after_deposit(call), contact_of(shown) if shown else None)
    if spaces.roles:
        calls = calls_staffed_by(user, at).prefetch_related("windows", "milestones").order_by("-created_at")
        return Side(rows=tuple(row_of(call, at) for call in calls[:MOST_CALLS]))
    return Side(contact=contact_of(Call.objects.get(pk=spaces.call))) if spaces.juror else Side()


def nearest_call(at: datetime) -> Call | None:
    """The open call whose limit comes first."""
    calls = [call for call in published_calls() if limit_of(call, at)]
    return min(calls, key=lambda call: limit_of(call, at) or at, default=None)


def limit_of(call: Call, at: datetime) -> datetime | None:
    return min((window.closes_at for window in call.windows.all() if is_open(window, at)), default=None)


def after_deposit(call: Call | None) -> str:
    """What follows the deposit, with its date when the call gives one."""
    if call is None:
        return ""
    day = milestone_day(call, "opinions")
    when = f" avant le {format_date(day, year=False)}" if day else ""
    return f"Le service vérifie la recevabilité{when}. Vous serez prévenus par courriel, et vous verrez la réponse ici."
