"""Hexagons placed by hand, at the rough place of each commune: row, half column, short name. Pure data.

From north to south and west to east. A territory that is not placed is drawn by intercommunality (`tiles`). Two
neighbours of a row are two half columns apart; each row is shifted by one half.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Row from the top, half column from the left, and the name as it fits in a hexagon."""

    row: int
    half: int
    short: str


# Communauté urbaine Le Havre Seine Métropole (SIREN 200084952): (first half column, [(INSEE code, short name), …]).
_LE_HAVRE = (
    (5, [("76254", "Étretat"), ("76079", "Bénouv.")]),
    (4, [("76693", "Tilleul"), ("76501", "Pierref."), ("76117", "Bordeaux"), ("76268", "Fongue.")]),
    (3, [("76508", "Poterie"), ("76609", "Ste-Mar."), ("76741", "Villainv."), ("76206", "Cuverv.")]),
    (2, [("76595", "St-Jouin"), ("76307", "Gonnev."), ("76064", "Beaurep."), ("76196", "Criquet.")]),
    (
        1,
        [
            ("76361", "Heuquev."),
            ("76615", "St-M.-B."),
            ("76716", "Turretot"),
            ("76017", "Anglesq."),
            ("76734", "Vergetot"),
        ],
    ),
    (
        0,
        [
            ("76167", "Cauville"),
            ("76409", "Mannev."),
            ("76534", "Rollevil."),
            ("76477", "N.-D.-B."),
            ("76357", "Hermev."),
            ("76014", "Angerv."),
        ],
    ),
    (
        1,
        [
            ("76481", "Octevil."),
            ("76275", "Fontenay"),
            ("76238", "Épouvil."),
            ("76404", "Manégl."),
            ("76250", "Étainhus"),
            ("76314", "Graimb."),
            ("76586", "St-Gilles"),
            ("76714", "3-Pierres"),
        ],
    ),
    (
        2,
        [
            ("76270", "Fontaine"),
            ("76447", "Montiv."),
            ("76596", "St-Laur."),
            ("76551", "Sainnev."),
            ("76239", "Épretot"),
            ("76303", "Gommer."),
            ("76522", "Remuée"),
        ],
    ),
    (
        1,
        [
            ("76552", "Ste-Adr."),
            ("76341", "Harfleur"),
            ("76616", "St-M.-M."),
            ("76296", "Gainnev."),
            ("76563", "St-Aubin"),
            ("76647", "St-Rom."),
            ("76658", "St-Vinc."),
        ],
    ),
    (
        2,
        [
            ("76351", "Le Havre"),
            ("76305", "Gonfrev."),
            ("76533", "Rogerv."),
            ("76489", "Oudalle"),
            ("76660", "Sandouv."),
            ("76657", "St-Vigor"),
            ("76169", "Cerlang."),
        ],
    ),
)

PLACES: Mapping[str, Place] = {
    insee: Place(row, first + 2 * column, short)
    for row, (first, communes) in enumerate(_LE_HAVRE)
    for column, (insee, short) in enumerate(communes)
}
