"""The play: steps done one after another by a worker, each in one transaction, each asking for the next.

Everything goes through the services, at the instant when it would happen; only the people are made by hand.
"""

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from typing import Any

from applications.models import Application
from applications.services.drafting import attach, start_application
from calls.models import Call, PieceType, Track
from calls.queries import communes_of_perimeter, facts_of, milestone_day, verdicts_for
from calls.queries_applicants import first_stage, stratum_in
from calls.services.publication import PUBLISH_ACT, invite_communes, publication_arguments
from juries.services.seats import compose_jury, take_seat
from portal.core import approvals
from portal.core.calendar import day_of
from portal.core.clock import at_instant, portal_now
from portal.core.models import Job
from portal.core.outbox import JobFailed, enqueue_job, job_handler
from portal.core.rules import Refused
from portal.home.playing import judging
from portal.home.playing.filing import fill, send_to_mayor, sign
from portal.territories.models import Commune

from . import cast
from .moments import Calendar, calendar_of, turn
from .samples import Sample, answer_to, piece

JOB = "rehearsal.step"
# One file in three is still a draft while the call is open; one commune looked at in no more than this.
DRAFT_EVERY = 3
MOST_COMMUNES = 3000
BALLOTS_A_STEP = 10
DAY = timedelta(days=1)
REASONS = (
    "Motif fictif : la réponse est précise et la commune est engagée.",
    "Motif fictif : le besoin est établi, les habitants sont associés.",
    "Motif fictif : le projet est juste et proportionné aux moyens.",
)


# --- the steps -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Play:
    """What is asked: a rehearsal is known by this alone inside its space, where its own row means nothing."""

    stage: str
    files: int

    def steps(self, seats: int) -> list[tuple[str, int]]:
        """What is to be played to reach the stage: name of a step, and which one of its kind."""
        steps = [("opening", 0), *(("file", n) for n in range(self.files))]
        if self.stage in {"jury", "decision"}:
            scores = [("score", n) for n in range(seats)]
            steps += [("examine", 0), ("seat", 0), ("plan", 0), *scores, ("sit", 0)]
        if self.stage == "decision":
            ballots = [("vote", n) for n in range(0, self.files, BALLOTS_A_STEP)]
            steps += [*ballots, ("close", 0), ("decide", 0)]
        return steps


def ask_step(play: Play, number: int, at: datetime) -> None:
    """Ask a worker for the step of this number."""
    enqueue_job(JOB, f"step:{number}", at=at, payload={"play": asdict(play), "number": number})


@job_handler(JOB)
def run_step(job: Job) -> None:
    """Play one step, then ask for the next one."""
    play, number, now = Play(**job.payload["play"]), job.payload["number"], portal_now()
    call = call_rehearsed()
    steps = play.steps(call.seat_templates.count())
    name, n = steps[number]
    try:
        STEPS[name](play, call, n)
    except Refused as refusal:
        raise JobFailed(f"{name} : {refusal}") from refusal
    if number + 1 < len(steps):
        ask_step(play, number + 1, now)


def is_playing() -> bool:
    """Inside the space: whether a step is still to come, and none has failed."""
    waiting = Job.objects.filter(kind=JOB, state__in=[Job.State.QUEUED, Job.State.RUNNING])
    return waiting.filter(last_error="").exists()


def call_rehearsed() -> Call:
    """Inside the space: the copy, made before any other call."""
    return Call.objects.select_related("owner__profile").order_by("pk")[0]


def moments_of(call: Call) -> list[tuple[str, datetime]]:
    """The instants to which one goes in one click."""
    calendar = calendar_for(call)
    return [
        ("Ouverture", calendar.opens_at),
        ("Dernières minutes avant la clôture", calendar.closes_at - timedelta(minutes=10)),
        ("Juste après la clôture", calendar.closes_at + timedelta(seconds=1)),
        ("Matin du jury", calendar.jury_at),
        ("Jour de la décision", calendar.decision_at),
    ]


def calendar_for(call: Call) -> Calendar:
    """The instants of the call."""
    windows = list(call.windows.values_list("opens_at", "closes_at"))
    return calendar_of(windows, milestone_day(call, "jury"), milestone_day(call, "decision"))


# --- opening and files ---------------------------------------------------------------------------------------------


def open_call(play: Play, call: Call, n: int) -> None:
    """Two persons publish it; the communes chosen are invited."""
    managers = [role.user for role in call.roles.filter(role="manager").order_by("pk")]
    for commune in chosen_communes(call, play.files):
        cast.open_town_hall(commune)
    opens_at = calendar_for(call).opens_at
    with at_instant(opens_at - DAY):
        approval = approvals.ask(
            act=PUBLISH_ACT,
            object_key=f"call:{call.slug}",
            title=f"Publier l’appel « {call} »",
            arguments=publication_arguments(call),
            asked_by=managers[0],
            approver=cast.director(),
            reason="",
            at=portal_now(),
        )
        approvals.answer(approval=approval, by=cast.director(), approved=True, at=portal_now())
    call.refresh_from_db()
    with at_instant(opens_at):
        invite_communes(call=call, at=portal_now())


def chosen_communes(call: Call, number: int) -> list[Commune]:
    """Communes that may apply, taken in turn from each stratum of the call, always the same ones."""
    found: dict[str, list[Commune]] = defaultdict(list)
    communes = communes_of_perimeter(call).select_related("department", "intercommunality")
    for commune in communes.prefetch_related("populations", "intercommunality__populations")[:MOST_COMMUNES]:
        if may_apply(call, commune):
            found[stratum_code(call, commune)].append(commune)
    turns = zip_longest(*(found[code] for code in sorted(found)))
    return [commune for commune in chain.from_iterable(turns) if commune][:number]


def may_apply(call: Call, commune: Commune) -> bool:
    """No blocking rule fails on what is known before any answer."""
    verdicts = verdicts_for(call, facts_of(commune))
    return not any(verdict.effect == "blocking" and verdict.outcome == "fail" for verdict in verdicts)


def stratum_code(call: Call, commune: Commune) -> str:
    """The stratum of a commune, empty outside of all."""
    return stratum_in(call, facts_of(commune))


def play_file(play: Play, call: Call, n: int) -> None:
    """The n-th commune writes; it deposits, unless the call is open and its turn is to be late."""
    commune, track = cast.communes()[n], track_of(call, n)
    stage = first_stage(call)
    here = [window for window in call.windows.order_by("position") if window.track_id in (None, track and track.pk)]
    windows = [window for window in here if window.stage == stage and window.opens_at < portal_now()]
    window = windows[n % len(windows)]
    moments = turn(window.opens_at, min(window.closes_at, portal_now()), n, play.files)
    with at_instant(moments.begun_at):
        hall = cast.people_of(commune, portal_now())
        application = start_application(
            call=call, organisation=hall.organisation, by=hall.secretary, at=portal_now(), track=track
        )
        fill(application, hall, answers_for(call, sample_of(call, commune, n)))
        join_pieces(application, hall, n)
    if play.stage == "open" and n % DRAFT_EVERY == DRAFT_EVERY - 1:
        return
    send_to_mayor(application, hall, moments.asked_at)
    sign(application, hall, moments.deposited_at)


def track_of(call: Call, n: int) -> Track | None:
    """The tracks of the call in turn: two communes in a row, one of each stratum, before the next one."""
    tracks = list(call.tracks.all())
    return tracks[n // 2 % len(tracks)] if tracks else None


def sample_of(call: Call, commune: Commune, n: int) -> Sample:
    group = commune.intercommunality
    return Sample(
        n=n,
        after=day_of(calendar_for(call).closes_at),
        commune=(commune.insee, commune.name),
        intercommunality=(group.siren, group.name) if group else ("", ""),
    )


def answers_for(call: Call, sample: Sample) -> dict[str, dict[str, Any]]:
    """Every question of the form answered, by section."""
    sections = call.sections.prefetch_related("questions")
    return {
        section.code: {question.code: answer_to(question, sample) for question in section.questions.all()}
        for section in sections
    }


def join_pieces(application: Application, hall: Any, n: int) -> None:
    """Every piece asked of everybody, in the first type accepted."""
    for kind in application.call.piece_types.exclude(need=PieceType.Need.OPTIONAL):
        for copy in range(max(1, kind.min_count)):
            upload = piece(kind.accepted[0], kind.code.lower(), n + copy)
            attach(application=application, piece=kind, upload=upload, by=hall.secretary, at=portal_now())


# --- examination, jury, decision -----------------------------------------------------------------------------------


def examine(play: Play, call: Call, n: int) -> None:
    instant = calendar_for(call).before_jury(30)
    judging.examine(call, cast.officer(), instant, fault_of=lambda application: "")


def seat_jury(play: Play, call: Call, n: int) -> None:
    with at_instant(calendar_for(call).before_jury(40)):
        for seat in compose_jury(call=call):
            take_seat(seat=seat, user=cast.juror_for(seat.code, seat.label), at=portal_now())


def plan_session(play: Play, call: Call, n: int) -> None:
    calendar = calendar_for(call)
    judging.plan_session(
        call,
        day_of(calendar.jury_at),
        calendar.before_jury(50),
        place="Salle de la répétition",
        secretary_title="Le secrétariat du jury, sans voix",
    )


def score(play: Play, call: Call, n: int) -> None:
    with at_instant(calendar_for(call).before_jury(70)):
        judging.score_one(call, cast.holders(call)[n], n)


def sit(play: Play, call: Call, n: int) -> None:
    holders = cast.holders(call)
    judging.sit(call.jury_sessions.get(), holders, calendar_for(call).jury_at, by=holders[0].user)


def vote(play: Play, call: Call, n: int) -> None:
    voters = [holder for holder in cast.holders(call) if holder.seat.voting]
    items = call.jury_sessions.get().items.order_by("position")[n : n + BALLOTS_A_STEP]
    with at_instant(calendar_for(call).jury_at):
        judging.vote(list(items), voters, by=cast.holders(call)[0].user, reasons=REASONS)


def close(play: Play, call: Call, n: int) -> None:
    judging.end_session(call.jury_sessions.get(), calendar_for(call).jury_at, by=cast.holders(call)[0].user)


def decide(play: Play, call: Call, n: int) -> None:
    instant = calendar_for(call).decision_at
    judging.decide(
        call,
        body="organe délibérant",
        act_number=f"ESSAI-{instant.year}-001",
        asked_by=call.roles.filter(role="manager").order_by("pk")[0].user,
        approver=cast.director(),
        at=instant,
    )


STEPS = {
    "opening": open_call,
    "file": play_file,
    "examine": examine,
    "seat": seat_jury,
    "plan": plan_session,
    "score": score,
    "sit": sit,
    "vote": vote,
    "close": close,
    "decide": decide,
}
