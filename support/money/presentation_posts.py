"""What the page of a subsidised post shows."""

from dataclasses import dataclass
from datetime import date

from applications.funding.posts import PostGrant
from calls.grants import euros
from portal.core.typography import format_date, format_quantity, typeset

from .models import Post, PostYear
from .queries_posts import granted_for, holder_of, last_day, shared, vacant_since


@dataclass(frozen=True)
class YearRow:
    """One year: when, what it receives and why, who bears the rest."""

    year: PostYear
    when: str
    grant: PostGrant
    shares: tuple[tuple[str, str], ...]


def year_rows(post: Post) -> list[YearRow]:
    """The years, the latest first."""
    found = []
    for year in reversed(list(post.years.all())):
        grant = granted_for(year, post)
        when = f"du {format_date(year.starts_on)} au {format_date(last_day(year))}"
        parts = tuple((str(plan.application.lead), euros(amount)) for plan, amount in shared(post, grant.left))
        found.append(YearRow(year, typeset(when), grant, parts))
    return found


def post_facts(post: Post, today: date) -> list[tuple[str, str]]:
    """The lines of a post that are filled."""
    holder = holder_of(post, today)
    held = f"{holder.name}, depuis le {format_date(holder.from_on)}" if holder else ""
    came = post.candidates
    rows = [
        ("Employeur", post.employer),
        ("Tenu par", held),
        ("Anah", "participe" if post.anah else "ne participe pas"),
        ("Annonce publiée le", format_date(post.advert_on) if post.advert_on else ""),
        ("Candidatures reçues", format_quantity(came, "candidature") if came is not None else ""),
        ("Entretiens le", format_date(post.interviews_on) if post.interviews_on else ""),
        ("À pourvoir avant le", format_date(post.fill_by) if post.fill_by and not holder else ""),
    ]
    return [(label, typeset(value)) for label, value in rows if value]


def vacancy_words(post: Post, today: date) -> str:
    """« Poste vacant depuis le 31 mars 2026, 12 jours »; nothing while it is held."""
    since = vacant_since(post, today)
    if since is None:
        return ""
    return typeset(f"Poste vacant depuis le {format_date(since)}, {format_quantity((today - since).days, 'jour')}.")
