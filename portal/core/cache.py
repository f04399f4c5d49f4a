"""The cache that the web processes share: the counts of the rate limits, so that two processes do not allow twice.

A Redis that does not answer never refuses anybody: nothing is counted meanwhile, and the journal says so.
"""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

PAUSE = 5.0  # seconds without asking again a Redis that did not answer
logger = logging.getLogger("portal.cache")


class ForgivingRedisCache(RedisCache):
    """Redis; while it is silent, every key is absent and every addition succeeds."""

    _silent_until = 0.0

    def _ask(self, act: Callable[[], Any], otherwise: Any) -> Any:
        if monotonic() < type(self)._silent_until:
            return otherwise
        try:
            return act()
        except (RedisError, OSError) as error:
            type(self)._silent_until = monotonic() + PAUSE
            logger.warning("Redis ne répond pas : les limites de fréquence ne sont pas comptées. %s", error)
            return otherwise

    def add(self, key: str, *args: Any, **kwargs: Any) -> bool:
        return self._ask(lambda: super(ForgivingRedisCache, self).add(key, *args, **kwargs), True)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask(lambda: super(ForgivingRedisCache, self).get(key, default, version), default)

    def set(self, key: str, *args: Any, **kwargs: Any) -> None:
        self._ask(lambda: super(ForgivingRedisCache, self).set(key, *args, **kwargs), None)

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._ask(lambda: super(ForgivingRedisCache, self).delete(key, version), False)
