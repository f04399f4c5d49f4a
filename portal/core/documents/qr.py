"""The QR code of a document: one filled path of horizontal runs, drawn when the document is rendered."""

from typing import TypedDict

import segno

QUIET_ZONE = 2  # modules


class QrPath(TypedDict):
    """An SVG path and the side of its square, in modules, quiet zone included."""

    path: str
    size: int


def qr_path(content: str) -> QrPath:
    """The code of `content` at level M."""
    code = segno.make(content, error="m", micro=False, boost_error=False)
    runs = [run for y, row in enumerate(code.matrix) for run in _runs(row, y + QUIET_ZONE)]
    return {"path": "".join(runs), "size": len(code.matrix) + 2 * QUIET_ZONE}


def _runs(row: bytearray, y: int) -> list[str]:
    """The dark runs of one row as closed sub-paths."""
    runs, start = [], None
    for x, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            runs.append(f"M{start + QUIET_ZONE} {y}h{x - start}v1h-{x - start}z")
            start = None
    return runs
