"""States of an application. They stop at its decision; jury, agreement and support own theirs.

A new version being written and an expired draft are computed, never stored. A letter of intent (first of two stages)
has its own end: kept, which opens the whole file, or not kept, with a reason.
"""

from portal.core.workflow import Transition, table

DRAFT, SUBMITTED, ADMISSIBLE, INADMISSIBLE, DECIDED, WITHDRAWN, KEPT, NOT_KEPT, ABANDONED = (
    "draft",
    "submitted",
    "admissible",
    "inadmissible",
    "decided",
    "withdrawn",
    "kept",
    "not_kept",
    "abandoned",
)
INTENT, FILE = "intent", "file"
STAGES = [(INTENT, "lettre d’intention"), (FILE, "dossier")]
CHOICES = [
    (DRAFT, "brouillon"),
    (SUBMITTED, "déposée"),
    (ADMISSIBLE, "recevable"),
    (INADMISSIBLE, "non recevable"),
    (DECIDED, "décidée"),
    (WITHDRAWN, "retirée"),
    (KEPT, "lettre d’intention retenue"),
    (NOT_KEPT, "lettre d’intention non retenue"),
    (ABANDONED, "brouillon supprimé"),
]
DEPOSITED = frozenset({SUBMITTED, ADMISSIBLE, INADMISSIBLE, DECIDED})
# A letter of intent that was answered is deposited too, but it is no file: neither jury nor decision meets it.
ANSWERED_INTENT = frozenset({KEPT, NOT_KEPT})
OF_INTENT = (DRAFT, SUBMITTED, WITHDRAWN, KEPT, NOT_KEPT, ABANDONED)

SUBMIT = Transition("submit", frozenset({DRAFT, SUBMITTED}), SUBMITTED, "Déposer la candidature")
WITHDRAW = Transition("withdraw", frozenset({SUBMITTED}), WITHDRAWN, "Retirer la candidature", needs_reason=True)
# Its organisations leave it, free to begin another or to join one; the row and what it holds stay as evidence.
ABANDON = Transition("abandon", frozenset({DRAFT}), ABANDONED, "Supprimer le brouillon")
# Within the days that a deleted draft is kept for that; the organisations that applied with it are invited again.
RESTORE = Transition("restore", frozenset({ABANDONED}), DRAFT, "Récupérer le brouillon")
ADMIT = Transition("admit", frozenset({SUBMITTED}), ADMISSIBLE, "Déclarer recevable")
REJECT = Transition("reject", frozenset({SUBMITTED}), INADMISSIBLE, "Déclarer non recevable", needs_reason=True)
REVERSE = Transition(
    "reverse", frozenset({ADMISSIBLE, INADMISSIBLE}), SUBMITTED, "Revenir sur la recevabilité", needs_reason=True
)
DECIDE = Transition("decide", frozenset({ADMISSIBLE, INADMISSIBLE}), DECIDED, "Enregistrer la décision")
# The first of two stages. One that was not kept may still be, on second thoughts: its file then opens.
KEEP = Transition("keep", frozenset({SUBMITTED, NOT_KEPT}), KEPT, "Retenir la lettre d’intention")
DISMISS = Transition(
    "dismiss", frozenset({SUBMITTED}), NOT_KEPT, "Ne pas retenir la lettre d’intention", needs_reason=True
)
# A version that answers a request of the examination; the file stays where it was.
COMPLETE = Transition("complete", frozenset({SUBMITTED}), SUBMITTED, "Transmettre les compléments")
COMPLETE_ADMITTED = Transition("complete_admitted", frozenset({ADMISSIBLE}), ADMISSIBLE, "Transmettre les compléments")
# After the letters have left, by two persons: what was told is put back to examination.
UNDECIDE = Transition(
    "undecide", frozenset({DECIDED}), SUBMITTED, "Remettre à l’examen une décision notifiée", needs_reason=True
)
TRANSITIONS = table(
    [
        SUBMIT, WITHDRAW, ABANDON, RESTORE, ADMIT, REJECT, REVERSE, DECIDE, KEEP, DISMISS, COMPLETE, COMPLETE_ADMITTED,
        UNDECIDE,
    ]
)  # fmt: skip

# What the examination asks to complete. That its limit has passed is computed; `lapse` only says that one went on.
AWAITED, ANSWERED, CANCELLED, LAPSED = "awaited", "answered", "cancelled", "lapsed"
COMPLETIONS = [
    (AWAITED, "attendue"),
    (ANSWERED, "transmise"),
    (CANCELLED, "annulée"),
    (LAPSED, "close sans réponse"),
]
EXTEND = Transition("extend", frozenset({AWAITED}), AWAITED, "Prolonger le délai", needs_reason=True)
ANSWER = Transition("answer", frozenset({AWAITED}), ANSWERED, "Transmettre les compléments")
CANCEL = Transition("cancel", frozenset({AWAITED}), CANCELLED, "Annuler la demande", needs_reason=True)
LAPSE = Transition("lapse", frozenset({AWAITED}), LAPSED, "Poursuivre sans réponse")
COMPLETION_TRANSITIONS = table([EXTEND, ANSWER, CANCEL, LAPSE])

# What a person rules on one eligibility rule of a file: a derogation, or the check of what was declared.
OPEN, ASKED, GRANTED, REFUSED, MET, NOT_MET = "open", "asked", "granted", "refused", "met", "not_met"
RULINGS = [
    (OPEN, "ouverte"),
    (ASKED, "dérogation demandée"),
    (GRANTED, "dérogation accordée"),
    (REFUSED, "dérogation refusée"),
    (MET, "condition respectée"),
    (NOT_MET, "condition non respectée"),
]
ASK = Transition("ask", frozenset({OPEN, REFUSED}), ASKED, "Demander une dérogation", needs_reason=True)
GRANT = Transition("grant", frozenset({OPEN, ASKED, REFUSED}), GRANTED, "Accorder la dérogation", needs_reason=True)
REFUSE = Transition("refuse", frozenset({OPEN, ASKED}), REFUSED, "Refuser la dérogation", needs_reason=True)
CHECK = Transition("check", frozenset({OPEN, NOT_MET, MET}), MET, "Dire la condition respectée", needs_reason=True)
CONTRADICT = Transition(
    "contradict", frozenset({OPEN, MET, NOT_MET}), NOT_MET, "Dire la condition non respectée", needs_reason=True
)
RULING_TRANSITIONS = table([ASK, GRANT, REFUSE, CHECK, CONTRADICT])

# An opinion asked of a service outside the examination; that its day has passed is computed.
OPINION_ASKED, GIVEN, REVOKED = "asked", "given", "revoked"
OPINIONS = [(OPINION_ASKED, "demandé"), (GIVEN, "rendu"), (REVOKED, "retiré")]
GIVE = Transition("give", frozenset({OPINION_ASKED}), GIVEN, "Rendre l’avis")
REVOKE = Transition(
    "revoke", frozenset({OPINION_ASKED, GIVEN}), REVOKED, "Retirer la demande d’avis", needs_reason=True
)
POSTPONE = Transition("postpone", frozenset({OPINION_ASKED}), OPINION_ASKED, "Reporter l’échéance", needs_reason=True)
OPINION_TRANSITIONS = table([GIVE, REVOKE, POSTPONE])

# What an admission « sous réserve » waits for.
PENDING, LIFTED, DROPPED = "pending", "lifted", "dropped"
RESERVATIONS = [(PENDING, "à lever"), (LIFTED, "levée"), (DROPPED, "abandonnée")]
LIFT = Transition("lift", frozenset({PENDING}), LIFTED, "Lever la réserve", needs_reason=True)
DROP = Transition("drop", frozenset({PENDING}), DROPPED, "Abandonner la réserve", needs_reason=True)
RESERVATION_TRANSITIONS = table([LIFT, DROP])
