from .approvals import Approval
from .documents import FrozenDocument
from .files import StoredFile
from .journal import AccessRecord, Heartbeat, ServiceProbe
from .outbox import Job, OutboundEmail
from .reminders import DigestChoice, Reminder, ReminderRuleState

__all__ = [
    "AccessRecord",
    "Approval",
    "DigestChoice",
    "FrozenDocument",
    "Heartbeat",
    "Job",
    "OutboundEmail",
    "Reminder",
    "ReminderRuleState",
    "ServiceProbe",
    "StoredFile",
]
