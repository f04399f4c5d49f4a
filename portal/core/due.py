"""What a reminder rests on: a fact that holds now and falls due at an instant. No fact, no reminder."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DueFact:
    """One reminder to one person. `action_url` is a path of the portal; `call_key` is "call:<slug>"."""

    rule: str
    object_key: str
    call_key: str
    recipient: str
    due_at: datetime
    subject: str
    body: str
    action_url: str
