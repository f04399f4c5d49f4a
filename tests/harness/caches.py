"""What pages keep for a while does not pass from one test, or one crawl, to the next."""

from django.core.cache import caches


def forget() -> None:
    for cache in caches.all():
        cache.clear()
