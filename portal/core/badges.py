"""The states of everything, as badges: one word, one icon and one tone for each, the same on every screen. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Tone = Literal["", "ok", "warn", "err", "info", "jury", "open", "draft", "deposited", "todo", "quiet"]


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A state: word + icon + tone. The tone gives the shape; colour comes last."""

    label: str
    tone: Tone = "quiet"
    icon: str = ""


BADGES: Mapping[str, Badge] = {
    "draft": Badge(label="Brouillon", tone="draft", icon="pencil"),
    "deposited": Badge(label="Déposé", tone="deposited", icon="check-circle-fill"),
    "not_begun": Badge(label="Pas commencé", tone="todo", icon="dash-circle"),
    "admissible": Badge(label="Recevable", tone="ok", icon="check-lg"),
    "not_admissible": Badge(label="Non recevable", tone="err", icon="x-circle"),
    "awaited": Badge(label="Pièce attendue", tone="warn", icon="clock"),
    "promised": Badge(label="Promise", tone="warn", icon="clock"),
    "examination": Badge(label="En instruction", tone="info", icon="arrow-right-circle"),
    "jury": Badge(label="Au jury", tone="jury", icon="people"),
    "recused": Badge(label="Déporté", tone="jury", icon="box-arrow-right"),
    "absent": Badge(label="Absent", tone="quiet", icon="person-x"),
    "present": Badge(label="Présent", tone="ok", icon="check-lg"),
    "open": Badge(label="Ouvert", tone="open", icon="unlock"),
    "to_come": Badge(label="À venir", tone="info", icon="calendar"),
    "closed": Badge(label="Clos", tone="quiet", icon="lock"),
    "support": Badge(label="En accompagnement", tone="ok", icon="signpost-split"),
    "finished": Badge(label="Terminé", tone="quiet", icon="graph-up"),
    "suspended": Badge(label="Suspendu", tone="warn", icon="pause-circle"),
    "dropped": Badge(label="Classé sans suite", tone="quiet", icon="archive"),
    "withdrawn": Badge(label="Retirée", tone="quiet", icon="box-arrow-right"),
    "selected": Badge(label="Retenue", tone="ok", icon="check-circle-fill"),
    "reserve": Badge(label="Liste complémentaire", tone="quiet", icon="list-check"),
    "not_selected": Badge(label="Non retenue", tone="err", icon="x-circle"),
    "signed": Badge(label="Signée", tone="ok", icon="check-lg"),
    "to_sign": Badge(label="À signer", tone="warn", icon="clock"),
    "engaged": Badge(label="Engagée", tone="info", icon="arrow-right-circle"),
    "delivered": Badge(label="Livrée", tone="ok", icon="check-lg"),
    "blocked": Badge(label="Blocage", tone="err", icon="sign-stop"),
    "maturing": Badge(label="En maturation", tone="todo", icon="lightbulb"),
    "sent": Badge(label="Envoyé", tone="ok", icon="envelope-check"),
    "failed": Badge(label="Échec", tone="err", icon="exclamation-triangle"),
}
