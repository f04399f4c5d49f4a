"""The six faces of the documents, whole TrueType files of the npm packages: subsets lack U+202F, ≥, →, ☐.

The families are never called Sans, Serif or Mono: these are system aliases and silently win.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

SUBSTITUTE = "\u25a1"  # □, that Source Code Pro holds
INVISIBLE = frozenset({0x200B, 0x200C, 0x200D, 0x2060, 0xFE0E, 0xFE0F, 0xFEFF, 0x00AD})


@dataclass(frozen=True)
class Face:
    """One face: its file, and the CSS descriptors under which the style sheet asks for it."""

    file: str
    package: str
    family: str
    weight: int
    style: str = "normal"

    @property
    def path(self) -> Path:
        return Path(settings.NODE_MODULES) / self.package / "TTF" / self.file


FACES = (
    Face("SourceSerif4-Regular.ttf", "source-serif", "Source Serif 4", 400),
    Face("SourceSerif4-It.ttf", "source-serif", "Source Serif 4", 400, "italic"),
    Face("SourceSerif4-Semibold.ttf", "source-serif", "Source Serif 4", 600),
    Face("SourceSans3-Regular.ttf", "source-sans", "Source Sans 3", 400),
    Face("SourceSans3-Semibold.ttf", "source-sans", "Source Sans 3", 600),
    Face("SourceCodePro-Regular.ttf", "source-code-pro", "Source Code Pro", 400),
)


def font_face_css() -> str:
    """The @font-face rules; `asset:` is the only scheme that the renderer serves, from memory."""
    return "\n".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; font-style: {face.style};'
        f' src: url("asset:{face.file}"); }}'
        for face in FACES
    )


def font_paths() -> dict[str, str]:
    """File name → path on disk, for the rendering process."""
    return {face.file: str(face.path) for face in FACES}


@cache
def font_fingerprints() -> dict[str, str]:
    """File name → SHA-256 of the whole font."""
    return {face.file: hashlib.sha256(face.path.read_bytes()).hexdigest() for face in FACES}


@cache
def covered() -> frozenset[int]:
    """Code points that at least one face can draw (the others borrow it), and the white space of a source."""
    return frozenset.union(frozenset(map(ord, "\n\t\r")), *(glyphs(face) for face in FACES)) - INVISIBLE


def glyphs(face: Face) -> frozenset[int]:
    """Code points of one face."""
    with TTFont(face.path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def drawable(text: str) -> str:
    """`text` with each character without glyph (emoji, other scripts) shown as □, and the invisible ones left out."""
    if covered().issuperset(map(ord, text)):
        return text
    return "".join(_drawable(character) for character in text)


def _drawable(character: str) -> str:
    code = ord(character)
    if code in INVISIBLE:
        return ""
    if code in covered():
        return character
    return SUBSTITUTE
