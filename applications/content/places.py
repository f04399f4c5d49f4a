"""The places that people name in their answers, looked up when saved: code and name are kept together."""

from collections.abc import Callable

from portal.territories.models import Commune, Intercommunality
from portal.territories.queries import MAX_RESULTS, search_communes, search_intercommunalities
from portal.territories.spelling import plain, read_search, without_article
from portal.territories.words import intercommunality_name

from .answers import Row, Typed, place_text


def settled(kind: str, typed: Typed) -> Typed:
    """What is stored of a typed answer: a place that one name or code tells is kept with its code, anything else as is.

    A code that does not go with the name beside it (somebody changed the name) counts for nothing.
    """
    if kind == "site" and isinstance(typed, list):
        return [_settled_site(row) for row in typed]
    if kind not in _FINDERS or not isinstance(typed, str):
        return typed
    code, tabulated, name = typed.partition("\t")
    text = name if tabulated else typed
    return _FINDERS[kind](code.strip() if tabulated else "", text.strip()) or text.replace("\t", " ")


def _settled_site(row: Row) -> Row:
    """The site of a project with the code of each commune that its name or code tells."""
    rows = [{**cells, "commune": settled("commune", cells.get("commune", ""))} for cells in row.get("communes") or []]
    return {**row, "communes": rows}


def _commune(code: str, text: str) -> str:
    chosen = Commune.objects.filter(insee=code, inhabited=True).first() if code else None
    if chosen and (not text or _same(chosen.search_name, text)):
        return place_text(chosen.insee, commune_label(chosen))
    found = search_communes(text, limit=MAX_RESULTS) if text else []
    exact = [commune for commune in found if _same(commune.search_name, text)]
    return place_text(exact[0].insee, commune_label(exact[0])) if len(exact) == 1 else ""


def commune_label(commune: Commune) -> str:
    """« Étretat (76) »: homonyms are told apart."""
    name = commune.name.replace("'", "’")
    return f"{name} ({commune.department_id})"


def _same(name: str, text: str) -> bool:
    """Whether what was typed names this commune; a code alone does."""
    wanted = read_search(text)
    return not wanted.name or without_article(wanted.name) == without_article(name)


def _intercommunality(code: str, text: str) -> str:
    chosen = Intercommunality.objects.filter(siren=code).first() if code else None
    if chosen and (not text or plain(text) == plain(group_label(chosen))):
        return place_text(chosen.siren, group_label(chosen))
    found, wanted = search_intercommunalities(text) if text else [], plain(text)
    names = ((group, {plain(group_label(group)), plain(group.name), group.siren}) for group in found)
    exact = [group for group, known in names if {wanted, wanted.replace(" ", "")} & known]
    return place_text(exact[0].siren, group_label(exact[0])) if len(exact) == 1 else ""


def group_label(group: Intercommunality) -> str:
    return intercommunality_name(group.kind, group.name.replace("'", "’"))


_FINDERS: dict[str, Callable[[str, str], str]] = {"commune": _commune, "intercommunality": _intercommunality}
