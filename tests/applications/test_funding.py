"""The vectors of domain.md §4, the limit cases, and what holds for any plan: nothing lost, nothing raised."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.funding.limits import Scheme, biting, limits
from applications.funding.own_share import GROUNDS, Owner, most_public_aid, own_share
from applications.funding.plans import Expense, FundingPlan, Resource, rate_of, together
from applications.funding.verdicts import Costed, vat_sentence, verdicts, verdicts_of_all
from calls.definition.money import Grant
from calls.grants import granted

STUDY = Grant(code="ETUDE", label="Étude", kind="study", rate=60, ceiling=100_000)


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def works(cost, *, private=0, grants=0, concours=0, own=None, operating=0, **more):
    """A plan of works, balanced by the owner unless `own` says what it brings."""
    own = Decimal(cost) + operating - private - grants - concours if own is None else own
    expenses = [Expense("Travaux", "investment", Decimal(cost))]
    expenses += [Expense("Animation", "operating", Decimal(operating))] if operating else []
    sides = {"private": private, "public": grants, "concours": concours, "own": own}
    resources = tuple(Resource(kind, kind, Decimal(amount), **more) for kind, amount in sides.items() if amount)
    return FundingPlan(tuple(expenses), resources)


def study(cost, asked, **columns):
    """A study of which the aid of the call is asked."""
    resources = (Resource("Appel", "public", Decimal(asked), scheme="ETUDE"),)
    return FundingPlan((Expense("Étude", "investment", Decimal(cost)),), resources, **columns)


def said(found, code):
    return next(plain(verdict.sentence) for verdict in found if verdict.code == code)


# --- 4.2: the least own share ------------------------------------------------------------------------------------

REUNION, LEAD = Owner(department="974"), Owner(waiver="lead")


@pytest.mark.parametrize(
    ("name", "plan", "owner", "least", "missing"),
    [
        ("V1", works(100_000, grants=80_000), Owner(), 20_000, 0),
        ("V2", works(100_000, grants=80_001), Owner(), 20_000, 1),
        ("V3", works(100_000, private=30_000, grants=56_000), Owner(), 14_000, 0),
        ("V4", works(100_000, private=30_000, grants=57_000), Owner(), 14_000, 1_000),
        ("V5", works(100_000, grants=95_000), REUNION, 0, 0),
        ("V6", works(100_000, grants=75_000), LEAD, 30_000, 5_000),
        ("a cent", works(100_000, grants=Decimal("80000.01")), Owner(), 20_000, Decimal("0.01")),
        ("rounded up", works(Decimal("100.01")), Owner(), Decimal("20.01"), 0),
        ("mixed", works(60_000, grants=80_000, operating=40_000), Owner(), 12_000, 0),
    ],
)
def test_the_least_own_share(name, plan, owner, least, missing):
    share = own_share(plan, owner)
    assert (share.least, share.missing) == (least, missing)
    assert next(verdict.met for verdict in verdicts(Costed(plan, owner), None) if verdict.code == "own_share") == (
        not missing
    )


def test_the_rule_bears_on_no_operating_expense_and_on_no_other_owner_than_a_local_authority():
    salary = FundingPlan((Expense("Poste", "operating", Decimal(70_000)),), ())
    assert own_share(salary, Owner()) is most_public_aid(salary, Owner()) is None
    assert own_share(works(100_000, grants=100_000), Owner(local=False)) is None


@pytest.mark.parametrize(
    ("waiver", "department", "percent", "authority"),
    [
        ("", "76", 20, ""),
        ("lead", "76", 30, ""),
        ("renewal", "76", 0, "la convention avec l’ANRU"),
        ("heritage", "76", 0, "le préfet"),
        ("calamity", "76", 0, "le préfet"),
        ("corsica", "2A", 10, ""),
        ("corsica", "76", 20, ""),
        ("cooperation", "76", 0, "le programme européen"),
        ("contract", "76", 0, "le contrat de plan"),
        *[("lead", code, 0, "") for code in ("971", "972", "973", "974", "975", "976", "977", "978")],
    ],
)
def test_each_exception_with_its_granting_authority(waiver, department, percent, authority):
    share = own_share(works(100_000, grants=95_000), Owner(department=department, waiver=waiver))
    assert (share.ground.percent, share.ground.authority, share.least) == (percent, authority, percent * 1000)


def test_an_exception_hangs_on_the_decision_of_its_authority():
    found = verdicts(Costed(works(100_000, grants=95_000), Owner(waiver="heritage")), None)
    assert [(v.code, v.met) for v in found] == [("balance", True), ("own_share", None)]
    assert said(found, "own_share") == (
        "Part du maître d’ouvrage : pas de minimum (patrimoine protégé ou d’intérêt reconnu). À confirmer par le préfet."
    )
    assert set(GROUNDS) == {"", "lead", "renewal", "heritage", "calamity", "corsica", "cooperation", "contract"}


def test_the_sentence_says_what_is_missing_of_which_rule_and_where_it_is_written():
    found = verdicts(Costed(works(100_000, private=30_000, grants=57_000)), None)
    assert said(found, "own_share") == (
        "Part du maître d’ouvrage : 13 000 €, il manque 1 000 € ; le minimum est de 14 000 €, 20 % des financements "
        "publics (70 000 €), règle générale."
    )
    assert found[-1].source == "CGCT, art. L. 1111-10, III"


# --- 4.3: fonds de concours --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("concours", "met"), [(30_000, True), (Decimal("30000.01"), False), (29_000, True)])
def test_fonds_de_concours_never_more_than_the_share_of_the_commune(concours, met):
    found = verdicts(Costed(works(100_000, grants=40_000, concours=concours)), None)
    assert [(v.code, v.met) for v in found] == [("balance", True), ("own_share", True), ("concours", met)]


# --- 4.4: schemes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cost", "anah", "total", "of_anah", "commune"),
    [
        (70_000, True, 52_500, 35_000, 17_500),
        (70_000, False, 45_000, 0, 25_000),
        (80_000, True, 55_000, 40_000, 25_000),
        (60_000, False, 45_000, 0, 15_000),
    ],
)
def test_the_project_manager_post(cost, anah, total, of_anah, commune):
    post = Grant(code="P", label="Poste", kind="post", rate=75, base="ttc", ceiling=55_000 if anah else 45_000)
    part = Grant(code="A", label="Anah", kind="post", rate=50, base="ttc", ceiling=40_000)
    plan = FundingPlan(
        (Expense("Chef de projet", "operating", Decimal(cost)),),
        (Resource("ANCT", "public", Decimal(total), scheme="P"), Resource("Commune", "own", Decimal(commune))),
        "ttc",
    )
    decisive = biting(limits(plan, Scheme(post, "Règlement"), Owner()))
    assert (decisive.most, plan.gap) == (total, 0)
    assert (granted(part, Decimal(cost)).amount if anah else 0) == of_anah
    assert rate_of(Decimal(25_000), Decimal(70_000)) == Decimal("35.71")  # 64.3 % of aid


@pytest.mark.parametrize(
    ("cost", "on", "most", "rule"),
    [
        (120_000, "grant", 72_000, "rate"),
        (200_000, "grant", 100_000, "ceiling"),
        (200_000, "cost", 60_000, "ceiling"),
    ],
)
def test_the_studies_of_paca_and_both_readings_of_the_ceiling(cost, on, most, rule):
    scheme = Scheme(STUDY.model_copy(update={"ceiling_on": on}), "Règlement de l’appel")
    decisive = biting(limits(study(cost, 1), scheme, Owner()))
    assert (decisive.most, decisive.rule) == (most, rule)


@pytest.mark.parametrize(("real", "paid"), [(90_000, 36_000), (120_000, 40_000)])
def test_the_balance_follows_the_real_cost_within_what_was_notified(real, paid):
    notified = Grant(code="N", label="Notifiée", kind="works", rate=40, ceiling=40_000)
    assert granted(notified, Decimal(real)).amount == paid


@pytest.mark.parametrize(
    ("columns", "rule", "most"),
    [
        ({}, "own_share", 70_000),
        ({"waiver": "heritage"}, "rate", 80_000),
        ({"ceiling": 70_000}, "ceiling", 70_000),
        ({"ceiling": 70_000, "public_ceiling": 75}, "public_ceiling", 65_000),
        ({"ceiling": 70_000, "public_ceiling": 75, "waiver": "lead"}, "own_share", 60_000),
        ({"ceiling": 70_000, "public_ceiling": 75, "waiver": "lead", "envelope": 50_000}, "envelope", 50_000),
        ({"floor": 90_000}, "floor", 0),
    ],
)
def test_the_rules_come_in_order_and_the_one_that_bites_is_named(columns, rule, most):
    terms = Grant(code="T", label="Travaux", kind="works", rate=80, **_only(columns, "ceiling", "floor"))
    scheme = Scheme(
        terms, "Règlement", **{k: Decimal(v) for k, v in _only(columns, "public_ceiling", "envelope").items()}
    )
    plan = works(100_000, grants=10_000)
    found = limits(plan, scheme, Owner(**_only(columns, "waiver")))
    assert (biting(found).rule, biting(found).most) == (rule, most)
    order = ["rate", "ceiling", "floor", "public_ceiling", "own_share", "envelope"]
    assert [limit.rule for limit in found] == sorted((limit.rule for limit in found), key=order.index)


def _only(columns, *names):
    return {name: columns[name] for name in names if name in columns}


def test_an_aid_that_asks_too_much_is_told_by_how_much_and_by_which_rule():
    scheme = Scheme(STUDY, "Règlement de l’appel", public_ceiling=Decimal(80))
    found = verdicts(Costed(study(200_000, 120_000)), scheme)
    assert said(found, "aid") == (
        "Étude : 120 000 € demandés, 20 000 € de trop. L’aide est de 100 000 € au plus (plafond de 100 000 € d’aide)."
    )
    assert said(found, "public_ceiling") == (
        "Aides publiques : 120 000 € ; le plafond est de 160 000 €, 80 % de l’investissement éligible (200 000 €)."
    )
    assert said(found, "balance") == (
        "Il manque 80 000 € de ressources : 200 000 € de dépenses hors taxes, 120 000 € de ressources."
    )
    assert [(v.code, v.met, v.bites) for v in found] == [
        ("balance", False, False), ("aid", False, True), ("public_ceiling", True, False), ("own_share", False, False),
    ]  # fmt: skip


def test_what_a_funder_refused_counts_for_nothing():
    plan = works(100_000, grants=80_000, state="refused", own=20_000)
    assert (plan.public_aid, plan.own, plan.gap) == (0, 0, -100_000)


def test_the_total_is_judged_too_its_ceiling_and_its_least_shares_added_up():
    every = [Costed(study(120_000, 72_000)), Costed(study(100_000, 60_000), REUNION)]
    scheme = Scheme(STUDY, "Règlement de l’appel")
    assert [v.met for one in every for v in verdicts(one, scheme) if v.code == "aid"] == [True, True]
    found = verdicts_of_all(every, scheme)
    assert said(found, "aid").startswith("Étude : 132 000 € demandés, 32 000 € de trop.")
    assert said(found, "own_share") == (
        "Part des maîtres d’ouvrage : 0 €, il manque 14 400 € dans une opération au moins ; "
        "les minimums font 14 400 € ensemble."
    )


def test_vat_of_each_line_and_what_the_fctva_may_give_back():
    plan = FundingPlan((Expense("Travaux", "investment", Decimal("100000.03"), Decimal("5.5")),), ())
    assert (plan.excl_vat, plan.incl_vat) == (Decimal("100000.03"), Decimal("105500.03"))
    assert plan.vat_fund == Decimal("17306.22")
    assert plain(vat_sentence(plan)).startswith("Pour information : le FCTVA peut rendre 17 306,22 €")
    assert vat_sentence(FundingPlan(plan.expenses, (), "ttc")) == ""


# --- what holds for any plan -------------------------------------------------------------------------------------

CENTS = st.integers(min_value=1, max_value=10**9).map(lambda n: Decimal(n) / 100)
EXPENSES = st.builds(
    Expense,
    label=st.just("x"),
    nature=st.sampled_from(["investment", "operating"]),
    excl_vat=CENTS,
    vat_rate=st.sampled_from([Decimal(n) for n in ("0", "2.1", "5.5", "10", "20")]),
    eligible=st.booleans(),
)
RESOURCES = st.builds(
    Resource,
    funder=st.just("x"),
    kind=st.sampled_from(["public", "concours", "private", "own"]),
    amount=CENTS,
    scheme=st.sampled_from(["", "T"]),
    state=st.sampled_from(["envisaged", "asked", "granted", "paid", "refused"]),
)
PLANS = st.builds(
    FundingPlan,
    expenses=st.lists(EXPENSES, max_size=8).map(tuple),
    resources=st.lists(RESOURCES, max_size=8).map(tuple),
    tax=st.sampled_from(["ht", "ttc"]),
)
OWNERS = st.builds(
    Owner,
    local=st.booleans(),
    department=st.sampled_from(["76", "974", "2A"]),
    waiver=st.sampled_from(list(GROUNDS)),
)
SCHEMES = st.builds(
    Scheme,
    terms=st.builds(
        Grant,
        code=st.just("T"),
        label=st.just("Travaux"),
        kind=st.just("works"),
        rate=st.integers(min_value=1, max_value=100),
        base=st.sampled_from(["ht", "ttc"]),
        ceiling=st.none() | st.integers(min_value=0, max_value=10**7),
        ceiling_on=st.sampled_from(["grant", "cost"]),
        floor=st.none() | st.integers(min_value=0, max_value=10**6),
    ),
    source=st.just("Règlement"),
    public_ceiling=st.none() | st.integers(min_value=1, max_value=100).map(Decimal),
    envelope=st.none() | CENTS,
)


@given(PLANS)
def test_no_cent_vanishes(plan):
    assert plan.public_aid + plan.private + plan.own == plan.total
    assert plan.public_total == plan.public_aid + plan.own
    assert plan.excl_vat == sum((e.excl_vat for e in plan.expenses), Decimal(0))
    assert plan.incl_vat == sum((e.incl_vat for e in plan.expenses), Decimal(0))
    assert plan.gap == plan.total - plan.cost
    for amount in (plan.cost, plan.total, plan.gap, plan.incl_vat, plan.vat_fund):
        assert amount == amount.quantize(Decimal("0.01"))


@given(PLANS, PLANS)
def test_a_total_is_the_sum_of_its_plans(one, other):
    other = FundingPlan(other.expenses, other.resources, one.tax)
    both = together([one, other])
    for name in ("cost", "excl_vat", "incl_vat", "investment", "total", "gap", "public_aid", "private", "own"):
        assert getattr(both, name) == getattr(one, name) + getattr(other, name)


@given(PLANS, SCHEMES, OWNERS)
def test_no_rule_ever_raises_an_aid(plan, scheme, owner):
    found = limits(plan, scheme, owner)
    assert all(later.most <= sooner.most for sooner, later in pairwise(found))
    assert found[0].most <= plan.eligible(scheme.terms.base)
    assert biting(found).most == found[-1].most >= 0
    without = limits(plan, Scheme(scheme.terms, scheme.source), Owner(local=False))
    assert biting(found).most <= biting(without).most


@given(PLANS, SCHEMES, OWNERS, st.randoms())
def test_the_order_of_the_lines_never_matters(plan, scheme, owner, random):
    expenses, resources = list(plan.expenses), list(plan.resources)
    random.shuffle(expenses)
    random.shuffle(resources)
    shuffled = FundingPlan(tuple(expenses), tuple(resources), plan.tax)
    assert verdicts(Costed(shuffled, owner), scheme) == verdicts(Costed(plan, owner), scheme)


@given(PLANS, OWNERS)
def test_a_plan_that_gives_the_most_leaves_the_least(plan, owner):
    """What the other public bodies may give and what the owner must bring make the whole public funding."""
    most = most_public_aid(plan, owner)
    if most is None or plan.private > plan.cost:
        return
    filled = FundingPlan(
        plan.expenses,
        (
            *(r for r in plan.resources if r.kind == "private"),
            Resource("x", "public", most),
            Resource("y", "own", plan.cost - plan.private - most),
        ),
        plan.tax,
    )
    share = own_share(filled, owner)
    assert (filled.gap, share.missing) == (0, 0)
