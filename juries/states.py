"""States of a jury session, of an agenda item's ballot and of an assessment."""

from portal.core.workflow import Transition, table

PLANNED, OPEN, SUSPENDED, DELIBERATED, SIGNED = "planned", "open", "suspended", "deliberated", "signed"
SESSION_CHOICES = [
    (PLANNED, "prévue"),
    (OPEN, "ouverte"),
    (SUSPENDED, "suspendue"),
    (DELIBERATED, "close"),
    (SIGNED, "procès-verbal signé"),
]
# Being held, and not over yet.
MEETING = frozenset({OPEN, SUSPENDED})
COMING = MEETING | {PLANNED}
OPEN_SESSION = Transition("open", frozenset({PLANNED}), OPEN, "Ouvrir la séance")
CLOSE_SESSION = Transition("close", frozenset({OPEN}), DELIBERATED, "Clore la séance")
SUSPEND_SESSION = Transition("suspend", frozenset({OPEN}), SUSPENDED, "Suspendre la séance")
RESUME_SESSION = Transition("resume", frozenset({SUSPENDED}), OPEN, "Reprendre la séance")
SIGN_MINUTES = Transition("sign", frozenset({DELIBERATED}), SIGNED, "Signer le procès-verbal")
SESSION = table([OPEN_SESSION, SUSPEND_SESSION, RESUME_SESSION, CLOSE_SESSION, SIGN_MINUTES])

WAITING, VOTING, CLOSED = "waiting", "voting", "closed"
ITEM_CHOICES = [(WAITING, "à examiner"), (VOTING, "scrutin ouvert"), (CLOSED, "scrutin clos")]
OPEN_BALLOT = Transition("open_ballot", frozenset({WAITING}), VOTING, "Ouvrir le scrutin")
CLOSE_BALLOT = Transition("close_ballot", frozenset({VOTING}), CLOSED, "Clore le scrutin")
# A file out by a knock-out, or by absence of quorum, is settled without a ballot.
SETTLE_WITHOUT_VOTE = Transition(
    "settle", frozenset({WAITING}), CLOSED, "Constater l’absence de vote", needs_reason=True
)
# A closed ballot stays closed: what settles an even vote is written beside its figures.
SETTLE_TIE = Transition("settle_tie", frozenset({CLOSED}), CLOSED, "Régler le partage égal", needs_reason=True)
# The jury asks the commune for something before it says anything: the file comes back at another session.
DEFER = Transition("defer", frozenset({WAITING}), CLOSED, "Ajourner le dossier", needs_reason=True)
# A committee that does not vote: its opinion is written down.
GIVE_OPINION = Transition("give_opinion", frozenset({WAITING}), CLOSED, "Consigner l’avis", needs_reason=True)
ITEM = table([OPEN_BALLOT, CLOSE_BALLOT, SETTLE_WITHOUT_VOTE, SETTLE_TIE, DEFER, GIVE_OPINION])

IN_PROGRESS, SUBMITTED, RECUSED = "in_progress", "submitted", "recused"
ASSESSMENT_CHOICES = [(IN_PROGRESS, "en cours"), (SUBMITTED, "validée"), (RECUSED, "déport")]
SUBMIT_ASSESSMENT = Transition("submit", frozenset({IN_PROGRESS}), SUBMITTED, "Valider mes notes")
REOPEN_ASSESSMENT = Transition("reopen", frozenset({SUBMITTED}), IN_PROGRESS, "Reprendre mes notes")
RECUSE_ASSESSMENT = Transition("recuse", frozenset({IN_PROGRESS, SUBMITTED}), RECUSED, "Constater le déport")
ASSESSMENT = table([SUBMIT_ASSESSMENT, REOPEN_ASSESSMENT, RECUSE_ASSESSMENT])
