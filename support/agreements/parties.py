"""The parties that an agreement starts from: who signs for each kind of body, by virtue of whose act."""

from applications.models import ApplicationMember, DecisionLine
from portal.accounts.models import Organisation

from .models import Agreement, Party
from .outline import contracted
from .queries import members_of_lines, resolution_of

Kind = Organisation.Kind
SIGNATORIES = {
    Kind.COMMUNE: ("Le Maire", "du conseil municipal"),
    Kind.INTERCOMMUNALITY: ("Le Président", "du conseil communautaire"),
    Kind.SYNDICATE: ("Le Président", "du comité syndical"),
    Kind.DEPARTMENT: ("Le Président du Conseil départemental", "du conseil départemental"),
    Kind.REGION: ("Le Président du Conseil régional", "du conseil régional"),
    Kind.STATE: ("Le Préfet", ""),
    Kind.OPERATOR: ("Le Directeur général", "du conseil d’administration"),
    Kind.ASSOCIATION: ("Le Président", "du conseil d’administration"),
}


def write_parties(agreement: Agreement, owner: Organisation, lines: list[DecisionLine]) -> None:
    """The organiser by virtue of its decision, then each body of the files by virtue of its own act."""
    decision = lines[0].decision
    Party.objects.create(
        agreement=agreement,
        position=1,
        organisation=owner,
        side=Party.Side.OWNER,
        representative_title=owner.profile.signatory_title,
        act_kind=decision.act_kind,
        act_body=contracted(decision.body),
        act_number=decision.act_number,
        act_on=decision.act_on,
    )
    for position, member in enumerate(once_each(members_of_lines(lines), owner), 2):
        beneficiary(agreement, member, position)


def once_each(members: object, owner: Organisation) -> list[ApplicationMember]:
    """Each body once, whatever the number of its files; the organiser signs already."""
    kept: dict[int, ApplicationMember] = {}
    for member in members:  # type: ignore[attr-defined]
        if member.organisation_id != owner.pk:
            kept.setdefault(member.organisation_id, member)
    return list(kept.values())


def beneficiary(agreement: Agreement, member: ApplicationMember, position: int) -> None:
    title, body = SIGNATORIES.get(member.organisation.kind, ("Le Président", ""))
    act = resolution_of(member.application, member.organisation_id)
    Party.objects.create(
        agreement=agreement,
        position=position,
        organisation=member.organisation,
        side=Party.Side.BENEFICIARY,
        representative_title=title,
        act_body=body,
        act_number=act.number if act else "",
        act_on=act.adopted_on if act else None,
    )
