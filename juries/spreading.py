"""Who notes which file: the same number of members for each, loads as even as they can be. Pure, without chance."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from portal.core.typography import format_quantity

Pair = tuple[int, int]  # (seat, file)


@dataclass(frozen=True)
class Plan:
    """`added`: what to add to the pairs already there; `short`: {file: members still lacking}."""

    added: tuple[Pair, ...]
    short: Mapping[int, int]


def spread(
    files: Sequence[int],
    seats: Sequence[int],
    *,
    readers: int,
    max_load: int | None = None,
    forbidden: Collection[Pair] = (),
    known: Collection[Pair] = (),
) -> Plan:
    """Complete `known` until each file has `readers` members.

    Files that fewest members may note come first, then in their order; each goes to the members who have fewest files,
    in the order of the seats. A member never exceeds `max_load` files, nor has a file of `forbidden` (recused, another
    département).
    """
    banned, load = set(forbidden), dict.fromkeys(seats, 0)
    held: dict[int, set[int]] = {file: set() for file in files}
    for seat, file in known:
        if seat in load:
            load[seat] += 1
        if file in held:
            held[file].add(seat)
    able = {file: [seat for seat in seats if (seat, file) not in banned] for file in files}
    rank, place = {seat: n for n, seat in enumerate(seats)}, {file: n for n, file in enumerate(files)}
    added: list[Pair] = []
    short: dict[int, int] = {}
    for file in sorted(files, key=lambda one: (len(able[one]), place[one])):
        free = [s for s in able[file] if s not in held[file] and (max_load is None or load[s] < max_load)]
        lacking = max(readers - len(held[file]), 0)
        chosen = sorted(free, key=lambda seat: (load[seat], rank[seat]))[:lacking]
        for seat in chosen:
            load[seat] += 1
        added += [(seat, file) for seat in chosen]
        if lacking > len(chosen):
            short[file] = lacking - len(chosen)
    return Plan(tuple(added), short)


def rule(readers: int, max_load: int | None) -> str:
    """How files are spread, in French: shown beside the button that does it."""
    limit = f", sans dépasser {format_quantity(max_load, 'dossier')} par membre" if max_load else ""
    return (
        f"Chaque dossier est noté par {format_quantity(readers, 'membre')}{limit}. Les dossiers que le moins de "
        "membres peuvent noter passent d’abord, puis par numéro\u202f; chacun va aux membres qui en ont le moins, dans "
        "l’ordre des sièges. Déports et sièges d’un autre département sont laissés de côté. Rien n’est tiré au sort."
    )
