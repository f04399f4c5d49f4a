"""The people of a rehearsal, named by their function: fictitious, at addresses that no mail can reach.

Only those who manage the call are there under their own name: they rehearse their own part.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from calls.models import Call, CallRole, DownloadFile
from juries.models import SeatHolder
from portal.accounts.models import InstitutionProfile, Membership, Organisation, User
from portal.accounts.queries import organisation_of
from portal.core.models import StoredFile
from portal.home.playing.people import TownHall, make_member, make_person, make_town_hall
from portal.territories.models import Commune

from .tables import continue_numbers

DOMAIN = "@repetition.invalid"
HOW = "répétition"
DIRECTOR = f"direction{DOMAIN}"
STAFF = {
    CallRole.Role.OFFICER: "Instructeur",
    CallRole.Role.READER: "Lecteur",
    CallRole.Role.SECRETARY: "Secrétariat du jury",
    CallRole.Role.ADVISER: "Référent d’accompagnement",
}


def copy_institution(owner: Organisation, profile: InstitutionProfile | None) -> None:
    """The organiser, its look and its letterhead, as they are in the portal; the logo's bytes are shared."""
    owner.merged_into, owner.merged_on = None, None
    owner.save(force_insert=True)
    continue_numbers("accounts_organisation")
    if profile and profile.logo:
        share_bytes(profile.logo)
    if profile:
        profile.save(force_insert=True)


def copy_downloads(kept: Iterable[DownloadFile], call: Call) -> None:
    """The documents that candidates may download; their bytes are shared."""
    for download in kept:
        share_bytes(download.file)
        DownloadFile.objects.create(call=call, code=download.code, file=download.file, kept_at=download.kept_at)


def share_bytes(file: StoredFile) -> None:
    """The row of a file of the portal: same key, same bytes, which outlive the rehearsal."""
    file.created_by = None
    if not StoredFile.objects.filter(pk=file.pk).exists():
        file.save(force_insert=True)


def copy_managers(managers: list[User], owner: Organisation, at: datetime) -> None:
    """Those who manage the call, with their own number, so that what they do themselves bears their name."""
    for user in managers:
        user.password, user.is_platform_admin = "", False
        user.set_unusable_password()
        user.save(force_insert=True)
        make_member(user, owner, Membership.Right.MANAGER, at, how=HOW)
    continue_numbers("accounts_user")


def hire(owner: Organisation, at: datetime) -> User:
    """The second person of the acts done by two."""
    return make_member(make_person(DIRECTOR, "Direction"), owner, Membership.Right.MANAGER, at, how=HOW)


def give_roles(call: Call, managers: list[User], at: datetime) -> None:
    """Every role of the call is held by someone."""
    for user in managers:
        CallRole.objects.get_or_create(user=user, call=call, role=CallRole.Role.MANAGER, defaults={"starts_at": at})
    for role, title in STAFF.items():
        CallRole.objects.create(
            user=make_person(f"{role}{DOMAIN}", title), call=call, role=role, starts_at=at, given_by=managers[0]
        )


def officer() -> User:
    return User.objects.get(email=f"{CallRole.Role.OFFICER}{DOMAIN}")


def director() -> User:
    return User.objects.get(email=DIRECTOR)


def open_town_hall(commune: Commune) -> Organisation:
    """The organisation of a commune, written to at a fictitious address."""
    organisation = organisation_of(commune)
    assert organisation is not None, "made when missing"
    organisation.official_email = f"mairie-{commune.insee}{DOMAIN}"
    organisation.save(update_fields=["official_email"])
    return organisation


def communes() -> list[Commune]:
    """The communes that take part, in the order in which their town halls were opened."""
    halls = Organisation.objects.filter(commune__isnull=False, official_email__endswith=DOMAIN).order_by("pk")
    return [hall.commune for hall in halls.select_related("commune__department", "commune__intercommunality")]


def people_of(commune: Commune, at: datetime) -> TownHall:
    """The secretary and the mayor of a commune."""
    secretary = make_person(f"secretariat-{commune.insee}{DOMAIN}", "Secrétaire de mairie")
    mayor = make_person(f"maire-{commune.insee}{DOMAIN}", "Maire")
    return make_town_hall(commune, secretary, mayor, at, how=HOW)


def juror_for(code: str, label: str) -> User:
    """Who holds a seat."""
    return make_person(f"jury-{code.lower()}{DOMAIN}", label[:120])


def holders(call: Call) -> list[SeatHolder]:
    """Who sits, the president first."""
    held = SeatHolder.objects.filter(seat__call=call, ends_at=None).select_related("seat", "user")
    return list(held.order_by("-seat__president", "seat__position"))


def titles(call: Call) -> Iterator[tuple[User, str]]:
    """Everyone whose place one may take at the organiser's: staff, direction, jury."""
    for role in call.roles.select_related("user").order_by("pk"):
        yield role.user, role.get_role_display().capitalize()
    for user in User.objects.filter(email=DIRECTOR):
        yield user, "Seconde personne des actes à deux"
    for holder in holders(call):
        yield holder.user, "Présidence du jury" if holder.seat.president else f"Jury, {holder.seat.label}"
