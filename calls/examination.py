"""How the files of a call are examined, as its document says it."""

from calls.definition.examination import Examination
from calls.models import Call


def examination_of(call: Call) -> Examination:
    """The part of the document on the examination; its usual values when the call says nothing."""
    return Examination.model_validate(call.extras.get("examination") or {})
