"""The subsidised posts: who reads which, what a year receives, who bears the rest, how long it has been vacant."""

from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from applications.funding.plans import ZERO
from applications.funding.posts import PostGrant, PostRules, borne_by, post_grant
from calls.models import Call
from portal.accounts.models import User
from support.agreements.term import last_day as last_of
from support.plan.models import SupportPlan
from support.plan.queries import of_communes, plans_visible_to

from .models import Post, PostHolder, PostYear
from .queries_envelope import money_of


def posts_visible_to(user: User, at: datetime) -> QuerySet[Post]:
    """Those that serve a plan that the person reads."""
    plans = plans_visible_to(user, at).order_by().values("pk")
    return with_rows(Post.objects.filter(shares__plan__in=plans).distinct())


def posts_of(plan: SupportPlan) -> QuerySet[Post]:
    return with_rows(Post.objects.filter(shares__plan=plan))


def with_rows(posts: QuerySet[Post]) -> QuerySet[Post]:
    return posts.prefetch_related(
        "shares__plan__application__call__owner__profile", "shares__plan__application__lead", "holders", "years"
    )


def first_plan(post: Post) -> SupportPlan:
    """The project where the post was opened: its call writes the rules."""
    return post.shares.all()[0].plan


def rules_of(call: Call) -> PostRules:
    """The rate and the ceilings that the call writes for its posts, else those of the programme."""
    grants = [grant for grant in money_of(call).grants if grant.kind == "post" and grant.ceiling is not None]
    if not grants:
        return PostRules()
    ceilings = sorted(grant.ceiling for grant in grants if grant.ceiling is not None)
    return PostRules(rate=min(grant.rate for grant in grants), ceiling=ceilings[0], ceiling_with_anah=ceilings[-1])


def granted_for(year: PostYear, post: Post) -> PostGrant:
    """On the real cost once proven, never more than the forecast gave."""
    rules = rules_of(first_plan(post).application.call)
    forecast = post_grant(year.cost, rules, anah=post.anah, months=year.months)
    if year.real_cost is None:
        return forecast
    real = post_grant(year.real_cost, rules, anah=post.anah, months=year.months)
    if real.total <= forecast.total:
        return real
    return PostGrant(year.real_cost, forecast.total, min(forecast.anah, real.anah), forecast.sentence)


def shared(post: Post, left: Decimal) -> list[tuple[SupportPlan, Decimal]]:
    """What each project bears of the rest, by the sharing key."""
    rows = list(post.shares.all())
    parts = borne_by(left, {str(row.pk): row.percent for row in rows})
    return [(row.plan, parts[str(row.pk)]) for row in rows]


def percents(post: Post) -> Decimal:
    return sum((row.percent for row in post.shares.all()), ZERO)


def holder_of(post: Post, today: date) -> PostHolder | None:
    """Who holds the post on a day."""
    here = (
        row for row in post.holders.all() if row.from_on <= today and (row.until_on is None or today <= row.until_on)
    )
    return next(here, None)


def vacant_since(post: Post, today: date) -> date | None:
    """Since when nobody holds the post: since the last departure, else since the day by which it was to be filled."""
    if holder_of(post, today):
        return None
    left = [row.until_on for row in post.holders.all() if row.until_on and row.until_on < today]
    if left:
        return max(left)
    return post.fill_by if post.fill_by and post.fill_by < today else None


def vacant_posts(user: User, today: date) -> list[tuple[Post, date]]:
    """The posts that nobody holds, of the projects that a person accompanies or of their communes."""
    mine = Q(shares__plan__adviser=user) | Q(shares__plan__in=of_communes(user).order_by().values("pk"))
    late = Q(holders__until_on__lt=today) | Q(holders=None, fill_by__lt=today)
    rows = with_rows(Post.objects.filter(mine, late, shares__plan__state="active").distinct().order_by("pk"))[:40]
    return [(row, since) for row in rows if (since := vacant_since(row, today))]


def years_to_prove(user: User, today: date) -> list[PostYear]:
    """The years over whose proof a person's communes owe."""
    mine = Post.objects.filter(shares__plan__in=of_communes(user).order_by().values("pk"))
    rows = PostYear.objects.filter(post__in=mine.values("pk"), proven_on=None, starts_on__lt=today)
    return [row for row in rows.select_related("post").order_by("starts_on", "pk")[:40] if last_day(row) < today]


def last_day(year: PostYear) -> date:
    return last_of(year.starts_on, year.months)
