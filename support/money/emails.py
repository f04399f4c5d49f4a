"""Mails about a payment: to the team when it is asked, to the communes when it is returned or paid."""

from datetime import datetime

from django.urls import reverse

from support.plan.emails import commune_people, team_people, write

from .models import Payment


def tell_team(payment: Payment, at: datetime) -> None:
    """The adviser has a request to check."""
    said = "La commune demande un versement. Vérifiez ses pièces : une autre personne le certifiera."
    _write(payment, team_people(payment.award.plan), f"asked:{payment.uuid}", said, at)


def tell_commune(payment: Payment, sentence: str, occurrence: object, at: datetime) -> None:
    _write(payment, commune_people(payment.award.plan), f"news:{occurrence}", sentence, at)


def _write(payment: Payment, to: set[str], fact: str, sentence: str, at: datetime) -> None:
    write(
        payment.award.plan, "payment_news", to=to, fact=f"payment-{fact}", at=at, label="Lire la demande",
        path=reverse("payment", args=[payment.uuid]), payment=payment, sentence=sentence,
    )  # fmt: skip
