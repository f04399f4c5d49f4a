"""Money: what is looked for, what is planned, what is granted, what is paid."""

from .awards import Award, AwardTransition, Clawback
from .funding import FundingRequest
from .payments import Payment, PaymentProof, PaymentTransition
from .plans import FinanceExpense, FinancePlan, FinanceResource, FunderLink, PublicityPaper
from .posts import Post, PostHolder, PostShare, PostYear
from .schemes import FundingScheme

__all__ = [
    "Award",
    "AwardTransition",
    "Clawback",
    "FinanceExpense",
    "FinancePlan",
    "FinanceResource",
    "FunderLink",
    "FundingRequest",
    "FundingScheme",
    "Payment",
    "PaymentProof",
    "PaymentTransition",
    "Post",
    "PostHolder",
    "PostShare",
    "PostYear",
    "PublicityPaper",
]
