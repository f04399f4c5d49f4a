"""A sum spread in proportion, to the cent: nothing is lost, nothing is made. Pure."""

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal

from calls.grants import CENT

from .plans import ZERO


def spread(amount: Decimal, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """{key: its part of `amount`, in euros}: the parts make the amount to the cent, whatever the order of the keys.

    The cents left by rounding go to the largest remainders, then by key. Weights are positive; when all are
    nothing, the parts are equal.
    """
    if not weights:
        return {}
    whole = sum(weights.values(), ZERO)
    kept = weights if whole else dict.fromkeys(weights, Decimal(1))
    whole = whole or Decimal(len(kept))
    exact = {key: amount * weight / whole for key, weight in kept.items()}
    parts = {key: part.quantize(CENT, ROUND_DOWN) for key, part in exact.items()}
    left = amount - sum(parts.values(), ZERO)
    step = CENT if left > 0 else -CENT
    order = sorted(kept, key=lambda key: (-abs(exact[key] - parts[key]), key))
    for key in order[: int(abs(left) / CENT)]:
        parts[key] += step
    return parts
