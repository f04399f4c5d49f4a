"""Places whose codes are not of the sort that they say."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from stdnum.fr import siren as siren_number

from calls.definition.identity import GROUPINGS
from calls.definition.tree import Path, Problem


def place_findings(place: Any, path: Path) -> Iterator[Problem]:
    check, example = _CODES_OF[place.kind]
    for rank, code in enumerate(place.codes):
        if not check(code):
            yield Problem(
                f"« {code} » n’est pas un code de cette sorte : écrivez par exemple {example}.", (*path, "codes", rank)
            )


def _is_code(*lengths: int) -> Callable[[str], bool]:
    return lambda code: len(code) in lengths and code.isalnum() and code.isascii() and code[0].isdigit()


_GROUPING = re.compile(r"[0-9A-Za-zÀ-ÿ._-]{1,20}")
_EXAMPLES = {"canton": "7605", "district": "763", "basin": "76351", "massif": "ALPES", "constituency": "1405"}


_CODES_OF: dict[str, tuple[Callable[[str], bool], str]] = {
    "intercommunality": (lambda code: code.isdecimal() and siren_number.is_valid(code), "200084952 (SIREN)"),
    "department": (_is_code(2, 3), "76 ou 974"),
    "region": (_is_code(2), "28"),
    "communes": (_is_code(5), "76254"),
    **{
        kind: (lambda code: bool(_GROUPING.fullmatch(code)), f"{_EXAMPLES.get(kind, 'CAUX')} (code du fichier)")
        for kind in GROUPINGS
    },
}
