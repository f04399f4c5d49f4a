"""The table of the benchmark, in French."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from portal.core.typography import NBSP, format_number

from .measure import Figure

WIDTHS = (32, 11, 13, 13, 13, 10, 14)
HEAD = ("Mesure", "Lignes", "Portail p50", "p95", "Plancher", "Rapport", "Requêtes SQL")


def lines(figures: Sequence[Figure]) -> Iterator[str]:
    """The table, then the growth, then what exceeds the limit."""
    yield ""
    yield cells(HEAD)
    for figure in figures:
        yield cells(
            (
                figure.name,
                format_number(figure.n),
                milliseconds(figure.p50),
                milliseconds(figure.p95),
                milliseconds(figure.floor_p50),
                times(figure.ratio) + (" !" if figure.ratio > figure.limit else ""),
                f"{figure.queries} / {figure.floor_queries}",
            )
        )
    yield from growth(figures)
    above = [figure for figure in figures if figure.ratio > figure.limit]
    named = ", ".join(f"{figure.name} ({format_number(figure.n)}, limite {times(figure.limit)})" for figure in above)
    yield ""
    yield f"Au-dessus de la limite : {named}." if above else "Tout est dans sa limite."


def growth(figures: Sequence[Figure]) -> Iterator[str]:
    """How the time of each measure grows from the smallest to the largest size, portal and floor."""
    for name in dict.fromkeys(figure.name for figure in figures):
        first, *others = [figure for figure in figures if figure.name == name]
        if not others:
            continue
        last = others[-1]
        ours, floor = last.p50 / first.p50, last.floor_p50 / first.floor_p50
        if first.n == min(f.n for f in figures) and name == figures[0].name:
            yield ""
            yield f"De {format_number(first.n)} à {format_number(last.n)} candidatures, le temps est multiplié par :"
        yield f"  {name:<32} {times(ours):>7} (plancher {times(floor)})"


def cells(values: Sequence[str]) -> str:
    first, *others = values
    return f"{first:<{WIDTHS[0]}}" + "".join(
        f"{value:>{width}}" for value, width in zip(others, WIDTHS[1:], strict=True)
    )


def milliseconds(seconds: float) -> str:
    return f"{format_number(Decimal(seconds * 1000), decimals=1)}{NBSP}ms"


def times(ratio: float) -> str:
    return f"×{ratio:.2f}".replace(".", ",")
