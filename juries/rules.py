"""Who may read, score and vote, over plain facts. Each refusal says why and what to do next."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from portal.core.rules import YES, Answer, first_refusal, no
from portal.core.typography import NBSP, choose, format_instant

from . import states

MANAGING: frozenset[str] = frozenset({"manager"})
# Who writes beside the president during the meeting: never the votes.
HELPING: frozenset[str] = frozenset({"manager", "secretary"})
SCORING_STAFF: frozenset[str] = frozenset({"manager", "officer"})


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """What counts, for one holder of a seat before one file."""

    recusal: str = ""
    to_declare: int = 0
    in_jury: bool = True
    concerned: bool = True
    assigned: bool = True
    observer: bool = False
    voting_seat: bool = True
    session: str = ""
    another_author: bool = False
    graded: bool = True
    notes_open: Answer = YES
    final: bool = False


@dataclass(frozen=True, kw_only=True)
class VoteFacts:
    """What counts, for one person before the ballot of one file."""

    session: str
    item: str
    recusal: str = ""
    to_declare: int = 0
    concerned: bool = True
    voting_seat: bool = True
    sitting: bool = True
    voted: bool = False
    window: Answer = YES


def can_sit(roles: Collection[str], *, is_platform_admin: bool = False) -> Answer:
    """Separation of duties: whoever works on a call does not judge its files."""
    if roles:
        return no("Une personne qui gère, instruit ou suit cet appel ne peut pas siéger à son jury.")
    if is_platform_admin:
        return no("Une personne qui administre le portail ne peut pas siéger à un jury avec ce compte.")
    return YES


def sits_elsewhere(*, holds_a_seat: bool) -> Answer:
    """Separation of duties, from the other side: a member of the jury does not work on its call."""
    if holds_a_seat:
        return no("Cette personne siège au jury de cet appel\u00a0: elle ne peut pas aussi y travailler.")
    return YES


def can_draw(*, drawn: bool, held: bool) -> Answer:
    """Lots are drawn for a seat that the call says so, before anyone sits on it."""
    return first_refusal(
        YES if drawn else no("Ce siège n’est pas tiré au sort."),
        no("Ce siège est occupé\u00a0: mettez d’abord fin au mandat.") if held else YES,
    )


def can_have_substitute(*, personal: bool) -> Answer:
    if personal:
        return no("La voix de ce siège est attachée à sa personne\u00a0: il n’a pas de suppléance.")
    return YES


def not_recused(reason: str) -> Answer:
    if not reason:
        return YES
    return no(
        f"Vous êtes déporté de ce dossier{NBSP}: {_lower(reason)}. "
        "Vous ne le lisez pas, ne le notez pas et ne prenez pas part à son vote."
    )


def declared(to_declare: int) -> Answer:
    """Every link is declared before any file opens."""
    if not to_declare:
        return YES
    left = f"{to_declare}{NBSP}{choose(to_declare, 'candidature')}"
    return no(
        f"Déclarez d’abord vos liens avec les communes candidates{NBSP}: il reste {left}. "
        "Les dossiers s’ouvrent ensuite."
    )


def can_read(file: FileFacts) -> Answer:
    in_jury = YES if file.in_jury else no("Cette candidature n’est pas présentée au jury.")
    observes = no("Votre siège observe\u00a0: il suit la séance, les dossiers ne lui sont pas ouverts.")
    return first_refusal(
        not_recused(file.recusal),
        observes if file.observer else YES,
        of_the_seat(file.concerned),
        declared(file.to_declare),
        in_jury,
    )


def of_the_seat(concerned: bool) -> Answer:
    """A seat of one département takes part in the files of that département only."""
    if concerned:
        return YES
    return no("Votre siège est celui d’un autre département\u00a0: ce dossier ne le concerne pas.")


def can_score(file: FileFacts) -> Answer:
    """Notes are open until the session that examines the file opens."""
    return first_refusal(
        can_read(file),
        has_a_grid(file.graded),
        YES if file.assigned else no("Ce dossier est noté par d’autres membres\u00a0: vous pouvez le lire."),
        YES if file.voting_seat else no("Votre siège a voix consultative\u00a0: vous lisez sans noter."),
        before_the_session(file.session),
        file.notes_open,
        no("Une autre personne a déjà noté ce dossier pour ce siège.") if file.another_author else YES,
    )


def has_a_grid(graded: bool) -> Answer:
    return YES if graded else no("Cet appel n’a pas de grille\u00a0: les dossiers se lisent et se votent sans note.")


def can_take_back(file: FileFacts) -> Answer:
    """Validated notes are taken back until they close, unless one then reads those of the others."""
    final = no("Vous lisez les notes des autres membres\u00a0: les vôtres, validées, ne se reprennent plus.")
    return first_refusal(can_score(file), final if file.final else YES)


def can_simulate(roles: Collection[str], *, presides: bool, session: str, closed: bool, recused: bool) -> Answer:
    """Who prepares the meeting tries limits, once nobody changes their notes; never who is recused from a file."""
    helper = presides or bool(HELPING & set(roles))
    return first_refusal(
        YES if helper else no("Seuls la présidence, le secrétariat et la gestion du jury simulent un classement."),
        no("Prévoyez d’abord la séance\u00a0: une simulation la prépare.") if not session else YES,
        no("Les notes ne sont pas closes\u00a0: la simulation s’ouvre à leur clôture, ou à l’ouverture de la séance.")
        if session == states.PLANNED and not closed
        else YES,
        no("La proposition est arrêtée\u00a0: il n’y a plus rien à simuler.")
        if session in (states.DELIBERATED, states.SIGNED)
        else YES,
        no("Vous êtes déporté d’un dossier\u00a0: une simulation en laisserait deviner le rang.") if recused else YES,
    )


def can_be_entrusted(*, voting: bool, concerned: bool, recused: bool, number: str) -> Answer:
    """Whether a seat may be asked to note a file."""
    return first_refusal(
        YES if voting else no("Ce siège a voix consultative\u00a0: il ne note pas."),
        YES if concerned else no(f"La candidature {number} ne concerne pas ce siège."),
        no(f"Ce siège est déporté de la candidature {number}.") if recused else YES,
    )


def before_the_session(session: str) -> Answer:
    if session in ("", states.PLANNED):
        return YES
    return no("La séance est ouverte\u00a0: les notes ne changent plus.")


def can_vote(facts: VoteFacts) -> Answer:
    """One ballot a seat, by the person who sits on it, while the ballot is open."""
    return first_refusal(
        not_recused(facts.recusal),
        of_the_seat(facts.concerned),
        declared(facts.to_declare),
        YES if facts.voting_seat else no("Votre siège a voix consultative\u00a0: il ne prend pas part au vote."),
        YES if facts.sitting else no("Vous n’êtes pas inscrit présent à cette séance\u00a0: demandez à la présidence."),
        ballot_is_open(facts.item),
        facts.window,
        no("Votre bulletin est déjà dans l’urne. Il ne se reprend pas.") if facts.voted else YES,
    )


def ballot_is_open(item: str) -> Answer:
    if item == states.VOTING:
        return YES
    if item == states.CLOSED:
        return no("Le scrutin est clos\u00a0: votre bulletin n’a pas été compté.")
    return no("Le scrutin n’est pas ouvert. La présidence l’ouvre en séance.")


def in_its_window(opens_at: datetime | None, closes_at: datetime | None, at: datetime) -> Answer:
    """A scheduled ballot takes votes between two instants, whether anyone has closed it or not."""
    if closes_at is None:
        return YES
    if at >= closes_at:
        since = format_instant(closes_at)
        return no(f"Le scrutin est clos depuis le {since}\u00a0: votre bulletin n’a pas été compté.")
    if opens_at is not None and at < opens_at:
        return no(f"Le scrutin s’ouvre le {format_instant(opens_at)}.")
    return YES


def session_is_open(session: str) -> Answer:
    if session == states.OPEN:
        return YES
    if session == states.PLANNED:
        return no("La séance n’est pas ouverte.")
    if session == states.SUSPENDED:
        return no("La séance est suspendue\u00a0: la présidence la reprend d’abord.")
    return no("La séance est close\u00a0: plus rien n’y change.")


def can_manage_jury(roles: Collection[str]) -> Answer:
    """Compose the jury, convene its sessions."""
    if MANAGING & set(roles):
        return YES
    return no("Seule la gestion de l’appel compose le jury et convoque ses séances.")


def can_help(roles: Collection[str], *, chairs: bool) -> Answer:
    """Attendance, reasons, recusals pronounced: the president, the secretary and the managers."""
    if chairs or HELPING & set(roles):
        return YES
    return no("Seuls la présidence et le secrétariat du jury tiennent la séance.")


def can_settle_tie(roles: Collection[str], *, chairs: bool) -> Answer:
    """What settles an even vote is written by the president or the secretary, never by the management of the call."""
    if chairs or "secretary" in roles:
        return YES
    return no("Seuls la présidence et le secrétariat du jury consignent ce qui règle un partage égal.")


def can_enter_hands(roles: Collection[str], *, chairs: bool) -> Answer:
    """Votes given by show of hands are written by the president or the secretary, never by the management."""
    if chairs or "secretary" in roles:
        return YES
    return no("Seuls la présidence et le secrétariat du jury consignent un vote à main levée.")


def can_answer_hearing(*, writes: bool, open_: bool) -> Answer:
    """A person who writes for the commune, until the hearing is held."""
    return first_refusal(
        YES if writes else no("Votre droit dans la commune est de lire, pas de répondre."),
        YES if open_ else no("Cette audition a eu lieu, ou la séance est close."),
    )


def votes_at_all(ballot: str) -> Answer:
    if ballot != "none":
        return YES
    return no("Ce comité rend un avis sans vote\u00a0: consignez son avis.")


def can_depart(*, writes: bool, recused: bool, computed: bool) -> Answer:
    """The president or the secretary writes what the jury decides against the computed ranking."""
    return first_refusal(
        YES if writes else no("Seuls la présidence et le secrétariat du jury consignent un écart au classement."),
        no("Vous êtes déporté d’un dossier\u00a0: le classement ne vous est pas ouvert.") if recused else YES,
        YES if computed else no("Aucune note ne donne de classement\u00a0: le jury donne l’ordre à la clôture."),
    )


def can_chair(*, chairs: bool) -> Answer:
    """Open and close: the president alone, or who chairs in their place; never the staff."""
    return YES if chairs else no("Seule la présidence du jury ouvre et clôt la séance et les scrutins.")


def can_produce(session: str, *, after: bool) -> Answer:
    """A paper that tells what was decided waits for the end of the session (`after`)."""
    if not after or session in (states.DELIBERATED, states.SIGNED):
        return YES
    return no("Ce document dit ce que la séance a décidé\u00a0: il se produit une fois la séance close.")


def can_read_minutes(*, veiled: bool, presides: bool) -> Answer:
    """The minutes tell the ranks of all: closed to the recused until the results are told. Who signs reads them."""
    if not veiled or presides:
        return YES
    return no(
        "Vous êtes déporté d’un dossier de cette séance\u00a0: son procès-verbal vous est ouvert une fois "
        "les décisions notifiées."
    )


def can_read_calculation(session: str, *, sees: bool, points: bool) -> Answer:
    """The notes of all, once nobody changes theirs."""
    return first_refusal(
        YES if points else no("Cet appel n’a pas de note chiffrée\u00a0: rien ne se calcule."),
        no("Les notes se lisent à partir de la séance.") if session == states.PLANNED else YES,
        YES if sees else no("Vous êtes déporté de ce dossier\u00a0: vous n’en lisez pas les notes."),
    )


def can_score_technically(roles: Collection[str], *, graded: bool = True) -> Answer:
    if SCORING_STAFF & set(roles):
        return has_a_grid(graded)
    return no("Seules les personnes chargées de l’instruction donnent l’avis technique.")


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")
