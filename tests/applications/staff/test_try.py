import pytest
from tests.factories import *
from applications.queries_staff import communes_table, counts_of, strata_counts
pytestmark = pytest.mark.django_db
def test_x(django_assert_num_queries):
    call = make_call()
    for s in (ETRETAT, HARFLEUR, TILLEUL, BENOUVILLE): make_town_hall(s)
    make_application(call)
    from calls.models import Stratum
    st=[Stratum(call=call,code="A",position=1,label="Moins de 500",lower=0,upper=500,population_kind="municipale",population_year=2023),Stratum(call=call,code="B",position=2,label="500+",lower=500,upper=None,population_kind="municipale",population_year=2023)]
    t=communes_table(call, strata=st)
    print(t.query)
    print(list(t.values("insee","situation","population","begun_sections","outcome","file_uuid")))
    print(counts_of(t)); print(strata_counts(t, st))
