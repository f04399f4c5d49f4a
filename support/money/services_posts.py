"""Acts on a subsidised post: open it, share it, name who holds it, prove a year, pay it."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from applications.funding.plans import HUNDRED
from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.models import StoredFile
from portal.core.rules import Refused
from portal.core.typography import format_plain, typeset
from support.plan.models import SupportPlan

from .models import Post, PostHolder, PostShare, PostYear
from .queries_posts import granted_for, percents, with_rows


@transaction.atomic
def open_post(*, post: Post, plan: SupportPlan, by: User, at: datetime) -> Post:
    """A post filled by its form, borne by one project until it is shared."""
    post.opened_by, post.opened_at = by, at
    post.save()
    PostShare.objects.create(post=post, plan=plan, percent=HUNDRED)
    return post


@transaction.atomic
def share_post(*, post: Post, key: dict[SupportPlan, Decimal]) -> None:
    """The whole sharing key at once: it makes a hundred percent. Raises `Refused`."""
    Post.objects.select_for_update().get(pk=post.pk)
    total = sum(key.values(), Decimal(0))
    if total != HUNDRED:
        raise Refused(typeset(f"Les parts font {format_plain(total)} % : elles doivent faire 100 %."))
    if post.years.filter(paid__isnull=False).exists():
        raise Refused("Une année est déjà versée : la clé de répartition ne change plus.")
    PostShare.objects.filter(post=post).exclude(plan__in=key).delete()
    for plan, percent in key.items():
        PostShare.objects.update_or_create(post=post, plan=plan, defaults={"percent": percent})


@transaction.atomic
def take_post(*, post: Post, name: str, from_on: date) -> PostHolder:
    """Somebody arrives; whoever held the post had left before. Raises `Refused`."""
    Post.objects.select_for_update().get(pk=post.pk)
    last = post.holders.order_by("-from_on", "-pk").first()
    if last and (last.until_on is None or last.until_on >= from_on):
        raise Refused("La personne précédente tient encore le poste ce jour-là : indiquez d’abord son départ.")
    return PostHolder.objects.create(post=post, name=name, from_on=from_on)


@transaction.atomic
def leave_post(*, holder: PostHolder, until_on: date) -> None:
    """Somebody leaves. Raises `Refused`."""
    locked = PostHolder.objects.select_for_update().get(pk=holder.pk)
    if locked.until_on:
        raise Refused("Ce départ est déjà noté.")
    if until_on < locked.from_on:
        raise Refused("Le départ vient après l’arrivée.")
    PostHolder.objects.filter(pk=locked.pk).update(until_on=until_on)


@transaction.atomic
def prove_year(
    *, year: PostYear, real_cost: Decimal, proof: StoredFile, report: StoredFile, by: User, at: datetime
) -> None:
    """The real loaded cost of a year, its statement and the activity report. Raises `Refused`."""
    locked = PostYear.objects.select_for_update().get(pk=year.pk)
    if locked.paid is not None:
        raise Refused("Cette année est déjà versée.")
    PostYear.objects.filter(pk=locked.pk).update(
        real_cost=real_cost, proof=proof, report=report, proven_on=day_of(at), proven_by=by
    )


@transaction.atomic
def pay_year(*, year: PostYear, paid_on: date, reference: str, by: User, at: datetime) -> None:
    """Pay what the real cost gives, by another person than who proved. Raises `Refused`."""
    locked = PostYear.objects.select_for_update().get(pk=year.pk)
    if locked.paid is not None:
        raise Refused("Cette année est déjà versée.")
    if locked.proven_on is None:
        raise Refused("La commune doit d’abord justifier cette année.")
    if locked.proven_by_id == by.pk:
        raise Refused("Vous avez justifié cette année : une autre personne la verse.")
    if paid_on > day_of(at):
        raise Refused("Un versement s’enregistre une fois fait : indiquez la date réelle.")
    post = with_rows(Post.objects.filter(pk=locked.post_id)).get()
    if percents(post) != HUNDRED:
        raise Refused("La clé de répartition ne fait pas 100 % : complétez-la d’abord.")
    paid = granted_for(locked, post).total
    PostYear.objects.filter(pk=locked.pk).update(paid=paid, paid_on=paid_on, reference=reference, paid_by=by)
