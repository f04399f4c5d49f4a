import time, pytest, re, collections, cProfile, pstats
from tests.access.world import standing_world
from tests.access import crawl as C
@pytest.mark.django_db
def test_build(django_db_setup, django_db_blocker):
    pr=cProfile.Profile(); pr.enable(); t=time.process_time()
    with standing_world(django_db_blocker) as w:
        pr.disable(); print("cpu", time.process_time()-t); pstats.Stats(pr).sort_stats("cumtime").print_stats(r"tests/access|services|documents|definition|portal/core|calls/", 45)
        for role in ("PR","GE","JU"):
            t=time.process_time(); n=0
            pages=C.crawl(w,w.user(role))
            print(role, time.process_time()-t, len(pages))
