"""What a deposit would hold now: answers frozen, pieces, promises, facts, verdicts, co-applicants.

Gathered once, under the lock.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from calls.conditions import Facts, Populations
from calls.eligibility import Verdict
from calls.models import Undertaking
from calls.queries import judged
from portal.core.clock import portal_now
from portal.core.models import StoredFile

from ..content.answers import fact_columns
from ..content.progress import FileProgress
from ..content.reading import canonical_json, fingerprint, freeze
from ..models import Application, ApplicationMember, Deposit
from ..queries.conditions import co_applicants_of, facts_of_candidates, ruled, texts_of
from ..queries.files import facts_of_file, progress_of, to_deposit, undertakings_asked
from ..queries.resolutions import acts_of


@dataclass(frozen=True)
class ParcelPiece:
    code: str
    label: str
    file: StoredFile
    act: str = ""


class Contents(Protocol):
    """What becomes a deposited version: a file as it stands, or the last version completed."""

    @property
    def title(self) -> str: ...
    @property
    def answers(self) -> dict[str, Any]: ...
    @property
    def text(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def section_count(self) -> int: ...
    @property
    def fact_rows(self) -> list[dict[str, Any]]: ...
    @property
    def pieces(self) -> tuple[ParcelPiece, ...]: ...
    @property
    def promises(self) -> tuple[dict[str, str], ...]: ...
    @property
    def facts(self) -> dict[str, Any]: ...
    @property
    def verdicts(self) -> tuple[Verdict, ...]: ...
    @property
    def ruled(self) -> tuple[Verdict, ...]: ...
    @property
    def justifications(self) -> dict[str, str]: ...
    @property
    def undertakings(self) -> tuple[Any, ...]: ...
    @property
    def co_applicants(self) -> tuple[dict[str, str], ...]: ...


def fact_rows(question: Any, value: Any) -> list[dict[str, Any]]:
    """The typed rows of one answer; none unless the call flags its question."""
    return (
        [{"question_code": question.code, **row} for row in fact_columns(question, value)] if question.is_fact else []
    )


@dataclass(frozen=True)
class Parcel:
    """`text` is the canonical JSON of the answers; `sha256` its fingerprint.

    `verdicts` are those of the rules alone, frozen with the deposit; `ruled` adds what persons ruled on them.
    """

    progress: FileProgress
    pieces: tuple[ParcelPiece, ...]
    promises: tuple[dict[str, str], ...]
    facts: dict[str, Any]
    verdicts: tuple[Verdict, ...]
    ruled: tuple[Verdict, ...]
    justifications: dict[str, str]
    undertakings: tuple[Undertaking, ...]
    co_applicants: tuple[dict[str, str], ...]

    @cached_property
    def answers(self) -> dict[str, Any]:
        return freeze(self.progress)

    @cached_property
    def text(self) -> str:
        return canonical_json(self.answers)

    @cached_property
    def sha256(self) -> str:
        return fingerprint(self.text)

    @property
    def title(self) -> str:
        return self.progress.title

    @property
    def section_count(self) -> int:
        return len(self.progress.sections)

    @property
    def fact_rows(self) -> list[dict[str, Any]]:
        """The columns of the typed answers that the call flags."""
        answers = [answer for section in self.progress.sections for answer in section.answers]
        return [row for answer in answers for row in fact_rows(answer.question, answer.value)]

    def same_as(self, deposit: Deposit) -> bool:
        """Whether this deposit already holds all that: a second click, another tab."""
        received = sorted(deposit.pieces.values_list("piece_code", "sha256", "act"))
        mine = sorted((piece.code, piece.file.sha256, piece.act) for piece in self.pieces)
        told = {row.rule_code: row.justification for row in deposit.verdicts.all() if row.justification}
        return (
            deposit.answers_sha256 == self.sha256
            and received == mine
            and deposit.promises == list(self.promises)
            and deposit.co_applicants == list(self.co_applicants)
            and told == self.justifications
        )


def parcel_of(application: Application) -> Parcel:
    """The file as it stands now, read again."""
    return parcel_read(to_deposit(Application.objects.filter(pk=application.pk)).get())


def parcel_read(file: Application, at: datetime | None = None) -> Parcel:
    """What a file of `to_deposit` would deposit, at an instant (now by default)."""
    progress = progress_of(file, at)
    others = list(co_applicants_of(file))
    candidates = facts_of_candidates(file, facts_of_file(file, progress.values), at or portal_now(), others=others)
    ((facts, verdicts),) = judged(file.call, [candidates])
    told = tuple(ruled(file, verdicts))
    asked = {verdict.code for verdict in told if verdict.needs_text}
    acts = acts_of(file, [item.piece for item in progress.pieces])
    return Parcel(
        progress=progress,
        pieces=tuple(
            ParcelPiece(item.piece.code, item.piece.label, attachment.file, acts.get(item.piece.code, ""))
            for item in progress.pieces
            for attachment in item.files
        ),
        promises=tuple(
            {"code": item.piece.code, "label": item.piece.label, "due_on": item.promised_for.isoformat()}
            for item in progress.promised_pieces
            if item.promised_for
        ),
        facts={**frozen_facts(facts), **frozen_place(file, facts)},
        verdicts=tuple(verdicts),
        ruled=told,
        justifications={code: text for code, text in texts_of(file).items() if code in asked},
        undertakings=tuple(undertakings_asked(file, facts)),
        co_applicants=tuple(frozen_co_applicant(member) for member in others),
    )


def frozen_co_applicant(member: ApplicationMember) -> dict[str, str]:
    """A co-applicant as plain data; `share` is a percentage with a point, empty when none was agreed."""
    organisation = member.organisation
    return {
        "name": organisation.name,
        "kind": organisation.kind,
        "siren": organisation.siren or "",
        "insee": organisation.commune_id or "",
        "share": "" if member.share is None else str(member.share),
    }


def frozen_place(file: Application, facts: Facts) -> dict[str, Any]:
    """The place of the file in the call: stage, track, stratum and wave, with their labels of that day."""
    stratum = next((row for row in file.call.strata.all() if row.code == facts.stratum), None)
    return {
        "stage": file.stage,
        "track": {"code": file.track.code, "label": file.track.label} if file.track else None,
        "stratum": {"code": stratum.code, "label": stratum.label} if stratum else None,
        "window": {"code": file.window.code, "wave": file.window.wave},
    }


def frozen_facts(facts: Facts) -> dict[str, Any]:
    """The facts of the commune as plain data, each population with its kind, year and source; those of its partners."""
    told = _frozen(facts)
    if facts.code_year:
        told["code_year"] = facts.code_year
    if facts.groupings:
        told["groupings"] = [{"kind": k, "code": c, **asdict(row)} for (k, c), row in sorted(facts.groupings.items())]
    if facts.intercommunality_populations:
        told["intercommunality_populations"] = _figures(facts.intercommunality_populations)
    if facts.attributes:
        told["attributes"] = {
            code: {**asdict(row), "since": row.since.isoformat() if row.since else None}
            for code, row in sorted(facts.attributes.items())
        }
    if facts.selections:
        told["selections"] = [asdict(row) for row in facts.selections]
    if facts.partners:
        told["partners"] = [frozen_facts(partner) for partner in facts.partners]
    return told


def _figures(populations: Populations) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "year": year, "value": figure.value, "source": figure.source}
        for (kind, year), figure in sorted(populations.items())
    ]


def _frozen(facts: Facts) -> dict[str, Any]:
    names = (
        "name",
        "insee",
        "siren",
        "applicant_kind",
        "intercommunality_siren",
        "intercommunality_name",
        "department",
        "region",
    )
    return {**{name: getattr(facts, name) for name in names}, "populations": _figures(facts.populations)}
