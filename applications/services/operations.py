"""The operations and the site of a deposit, kept as typed rows in its transaction."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ..models import Deposit, Operation, PlanExpense, PlanResource, SiteCommune


def write_operations(deposit: Deposit, answers: Iterable[Mapping[str, Any]]) -> None:
    """One row per operation, one per line of its plan: three queries, none without operations. `answers`: as frozen."""
    values = [
        (answer["code"], n, value)
        for answer in answers
        if answer["kind"] == "operations"
        for n, value in enumerate(answer["value"] or (), 1)
    ]
    rows = Operation.objects.bulk_create(_operation(deposit, code, n, value) for code, n, value in values)
    lines = [(row, value) for row, (_, _, value) in zip(rows, values, strict=True)]
    PlanExpense.objects.bulk_create(
        PlanExpense(
            operation=row,
            position=n,
            label=line["label"],
            item=line["item"],
            nature=line["nature"],
            excl_vat=Decimal(line["amount"]),
            vat_rate=Decimal(line["vat"]),
            eligible=line["eligible"] == "oui",
        )
        for row, value in lines
        for n, line in enumerate(value["expenses"], 1)
    )
    PlanResource.objects.bulk_create(
        PlanResource(
            operation=row,
            position=n,
            funder=line["funder"],
            kind=line["kind"],
            state=line["state"],
            amount=Decimal(line["amount"]),
        )
        for row, value in lines
        for n, line in enumerate(value["resources"], 1)
    )


def write_site(deposit: Deposit, answers: Iterable[Mapping[str, Any]]) -> None:
    """One row per commune of the site: one query, none without a site. `answers`: as frozen."""
    codes = {
        (answer["code"], commune["code"])
        for answer in answers
        if answer["kind"] == "site"
        for site in answer["value"] or ()
        for commune in site["communes"]
    }
    SiteCommune.objects.bulk_create(
        SiteCommune(deposit=deposit, question_code=question, commune_id=code) for question, code in sorted(codes)
    )


def _operation(deposit: Deposit, code: str, position: int, value: dict[str, Any]) -> Operation:
    names = ("title", "owner", "owner_kind", "waiver")
    amounts = {name: Decimal(value[name]) for name in ("cost", "eligible", "asked")}
    return Operation(
        deposit=deposit,
        question_code=code,
        position=position,
        starts_on=date.fromisoformat(value["start"]),
        ends_on=date.fromisoformat(value["end"]),
        **{name: value[name] for name in names},
        **amounts,
    )
