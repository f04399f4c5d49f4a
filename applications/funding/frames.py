"""What a call asks of a financing plan, for one applicant and the answers given so far. Pure."""

from collections.abc import Mapping
from typing import Any

from calls.conditions import Facts
from calls.definition.money import Money
from calls.grants import grant_for

from .limits import Scheme
from .verdicts import Frame

SOURCE = "Règlement de l’appel"


def frame_for(money: Mapping[str, Any] | None, facts: Facts, department: str) -> Frame:
    """`money`: that part of the call as it is kept. Without an aid that is known to apply, the law alone bears."""
    read = Money.model_validate(money or {})
    grant = grant_for(read.grants, facts)
    scheme = Scheme(grant, SOURCE, read.public_ceiling, read.total) if grant else None
    return Frame(scheme, read.tax, department, read.strict)
