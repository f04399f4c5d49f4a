import pytest

from portal.embedded.pytest_plugin import redis_url_for_worker


@pytest.mark.parametrize(
    ("url", "worker", "expected"),
    [
        ("unix:///var/redis.sock?db=0", "gw0", "unix:///var/redis.sock?db=1"),
        ("unix:///var/redis.sock?db=7", "gw1", "unix:///var/redis.sock?db=9"),
        ("unix:///var/redis.sock", "gw1", "unix:///var/redis.sock?db=2"),
        ("redis://127.0.0.1:6379/0", "gw0", "redis://127.0.0.1:6379/1"),
        ("redis://127.0.0.1:6379/15", "gw0", "redis://127.0.0.1:6379/0"),
        ("redis://127.0.0.1:6379", "gw0", "redis://127.0.0.1:6379?db=1"),
        ("redis://cache/3?health_check_interval=2", "gw0", "redis://cache/4?health_check_interval=2"),
        ("redis://cache/0?db=3", "gw0", "redis://cache/0?db=4"),
    ],
)
def test_each_worker_has_its_own_base(url, worker, expected):
    assert redis_url_for_worker(url, worker) == expected
