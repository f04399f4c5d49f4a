"""A page of a list, as the address asks for it."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest


def page_of(request: HttpRequest, rows: Any, size: int, param: str = "page") -> Page:
    """The page that `?param=` names: the first one for nonsense, the last one beyond the end.

    `rows`: a query, a sequence, or anything with `count()` that can be sliced.
    """
    return Paginator(rows, size).get_page(request.GET.get(param))


def same_page(page: Page, rows: Sequence[Any]) -> Page:
    """The same page showing `rows`, made from its own objects."""
    return Page(rows, page.number, page.paginator)
