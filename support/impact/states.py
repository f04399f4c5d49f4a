"""States of a publication: written, read again by the commune, then published by the organiser."""

from portal.core.workflow import Transition, table

DRAFTING, COMMUNE, OWNER, PUBLISHED, WITHDRAWN = "drafting", "commune", "owner", "published", "withdrawn"
CHOICES = [
    (DRAFTING, "en rédaction"),
    (COMMUNE, "en relecture par la commune"),
    (OWNER, "à publier"),
    (PUBLISHED, "publiée"),
    (WITHDRAWN, "retirée"),
]
SUBMIT = Transition("submit", frozenset({DRAFTING}), COMMUNE, "Demander l’accord de la commune")
AGREE = Transition("agree", frozenset({COMMUNE}), OWNER, "Donner l’accord de la commune")
RETURN = Transition("return", frozenset({COMMUNE, OWNER}), DRAFTING, "Renvoyer en rédaction", needs_reason=True)
PUBLISH = Transition("publish", frozenset({OWNER}), PUBLISHED, "Publier")
# A tool or a piece of news tells of no commune: nobody's agreement is awaited.
PUBLISH_OWN = Transition("publish_own", frozenset({DRAFTING}), PUBLISHED, "Publier")
REVISE = Transition("revise", frozenset({PUBLISHED, WITHDRAWN}), DRAFTING, "Reprendre la rédaction")
WITHDRAW = Transition(
    "withdraw", frozenset({DRAFTING, COMMUNE, OWNER, PUBLISHED}), WITHDRAWN, "Retirer du site public", needs_reason=True
)
TRANSITIONS = table([SUBMIT, AGREE, RETURN, PUBLISH, PUBLISH_OWN, REVISE, WITHDRAW])
