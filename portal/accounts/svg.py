"""A logo in SVG, rebuilt from an allow-list: shapes, gradients, nothing that acts or fetches. Pure."""

import re
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
ELEMENTS = {
    *("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title", "desc", "defs"),
    *("linearGradient", "radialGradient", "stop", "clipPath"),
}
GEOMETRY = {
    *("id", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "width", "height"),
    *("points", "viewBox", "preserveAspectRatio", "transform", "offset", "gradientUnits", "gradientTransform"),
    *("spreadMethod", "clipPathUnits", "version"),
}
PAINT = {
    *("fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap"),
    *("stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "opacity", "stop-color"),
    *("stop-opacity", "clip-path", "clip-rule", "color", "display"),
}
IGNORED = {"metadata", "namedview"}
MAX_BYTES = 300_000
MAX_DEPTH = 40
_VALUE = re.compile(r"[\w\s.,;:+%()#/-]*")
_URL = re.compile(r"url\s*\(", re.IGNORECASE)
_LOCAL_URL = re.compile(r"url\(\s*#[\w-]+\s*\)")
TOO_RICH = (
    "Ce SVG contient autre chose que des formes ({}). "
    "Enregistrez-le en « SVG simple », textes vectorisés, ou joignez un PNG."
)


class SvgRefused(Exception):
    """The drawing cannot be kept; the message is the French sentence that says what to do."""


def clean_svg(content: bytes) -> bytes:
    """The same drawing, safe. Raises `SvgRefused` when something of it would be lost or could act."""
    if b"\0" in content:
        raise SvgRefused("Ce SVG est illisible. Enregistrez-le de nouveau ou joignez un PNG.")
    if len(content) > MAX_BYTES:
        raise SvgRefused("Ce SVG pèse plus de 300 Ko. Simplifiez-le ou joignez un PNG.")
    if b"<!DOCTYPE" in content.upper() and b"[" in content.upper().split(b"<!DOCTYPE", 1)[1].split(b">", 1)[0]:
        raise SvgRefused(TOO_RICH.format("une définition de document"))
    if b"<!ENTITY" in content.upper():
        raise SvgRefused(TOO_RICH.format("une définition de document"))
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - entities are refused above, expat resolves no other
    except (ElementTree.ParseError, ValueError) as error:
        raise SvgRefused("Ce SVG est illisible. Enregistrez-le de nouveau ou joignez un PNG.") from error
    if split(root.tag) != (SVG, "svg"):
        raise SvgRefused("Ce fichier n’est pas un dessin SVG. Joignez un SVG ou un PNG.")
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(rebuilt(root, 0), encoding="utf-8", xml_declaration=True)


def rebuilt(element: ElementTree.Element, depth: int) -> ElementTree.Element:
    """A copy with the allowed attributes and children."""
    if depth > MAX_DEPTH:
        raise SvgRefused("Ce SVG est trop imbriqué. Simplifiez-le ou joignez un PNG.")
    copy = ElementTree.Element(element.tag, attributes_of(element))
    if split(element.tag)[1] in {"title", "desc"}:
        copy.text = element.text
        return copy
    for child in element:
        namespace, name = split(child.tag)
        if namespace == SVG and name in ELEMENTS:
            copy.append(rebuilt(child, depth + 1))
        elif namespace == SVG and name not in IGNORED:
            raise SvgRefused(TOO_RICH.format(f"« {name} »"))
    return copy


def attributes_of(element: ElementTree.Element) -> dict[str, str]:
    """Geometry and paint; declarations of `style` become attributes, handlers and links are refused."""
    kept = {}
    for qualified, value in element.attrib.items():
        namespace, name = split(qualified)
        if name.lower().startswith("on") or name == "href":
            raise SvgRefused(TOO_RICH.format(f"« {name} »"))
        if namespace:
            continue
        if name == "class":
            raise SvgRefused(TOO_RICH.format("une feuille de style"))
        pairs = declarations(value) if name == "style" else [(name, value)]
        kept.update({key: safe(text) for key, text in pairs if key in GEOMETRY | PAINT})
    return kept


def declarations(style: str) -> list[tuple[str, str]]:
    """« fill:#fff;stroke:none » → pairs."""
    parts = (part.partition(":") for part in style.split(";"))
    return [(name.strip(), value.strip()) for name, _, value in parts if name.strip() in PAINT]


def safe(value: str) -> str:
    """Refuse a value that could fetch or act."""
    if not _VALUE.fullmatch(value) or len(_URL.findall(value)) != len(_LOCAL_URL.findall(value)):
        raise SvgRefused(TOO_RICH.format("une valeur inattendue"))
    return value


def split(tag: object) -> tuple[str, str]:
    """(namespace, name) of a tag or attribute; a comment or a processing instruction has neither."""
    if not isinstance(tag, str):
        return "", ""
    namespace, _, name = tag.rpartition("}")
    return namespace.removeprefix("{"), name
