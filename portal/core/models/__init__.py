from .approvals import Approval
from .documents import DocumentCheck, FrozenDocument
from .files import StoredFile
from .journal import AccessRecord, Heartbeat, ServiceProbe
from .outbox import Job, OutboundEmail
from .reminders import DigestChoice, Reminder, ReminderRuleState

__all__ = [
    "AccessRecord",
    "Approval",
    "DigestChoice",
    "DocumentCheck",
    "FrozenDocument",
    "Heartbeat",
    "Job",
    "OutboundEmail",
    "Reminder",
    "ReminderRuleState",
    "ServiceProbe",
    "StoredFile",
]
