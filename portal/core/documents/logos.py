"""The logo of an organisation, as a snapshot keeps it: SVG source, or a `data:` address of a PNG or JPEG."""

import base64
import binascii
import io
import re
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from .errors import DocumentError

BITMAP = re.compile(r"data:image/(?:png|jpeg);base64,([A-Za-z0-9+/=\s]+)")
VIEW_BOX = re.compile(r"<svg[^>]*\sviewBox=[\"']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)\s*[\"']")


@dataclass(frozen=True)
class Logo:
    """An address that needs no fetch, and the proportion width / height."""

    address: str
    ratio: float

    def fitted(self, width: float, height: float) -> tuple[float, float]:
        """The largest size within `width` × `height`, in the same unit."""
        used = min(width, height * self.ratio)
        return round(used, 2), round(used / self.ratio, 2)


def read_logo(source: str) -> Logo:
    """Raises DocumentError for what is neither an SVG with a viewBox nor a readable PNG or JPEG."""
    if match := VIEW_BOX.search(source[:4000]):
        width, height = float(match[1]), float(match[2])
        if width > 0 and height > 0:
            encoded = base64.b64encode(source.encode()).decode()
            return Logo(f"data:image/svg+xml;base64,{encoded}", width / height)
    if match := BITMAP.fullmatch(source):
        try:
            with Image.open(io.BytesIO(base64.b64decode(match[1]))) as image:
                return Logo(source, image.width / image.height)
        except (UnidentifiedImageError, OSError, binascii.Error) as error:
            raise DocumentError("Logo de l’organisme illisible.") from error
    raise DocumentError("Logo de l’organisme illisible : SVG avec viewBox, PNG ou JPEG attendu.")
