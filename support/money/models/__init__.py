"""Money: what is looked for, what is granted, what is paid."""

from .awards import Award, AwardTransition, Clawback
from .funding import FundingRequest
from .payments import Payment, PaymentProof, PaymentTransition

__all__ = [
    "Award",
    "AwardTransition",
    "Clawback",
    "FundingRequest",
    "Payment",
    "PaymentProof",
    "PaymentTransition",
]
