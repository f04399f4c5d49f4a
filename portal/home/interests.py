"""What the support of laureates adds to the links of interest that the jury finds by itself."""

from django.db.models import Q, QuerySet

from juries.models import SeatHolder
from portal.accounts.models import Organisation
from support.agreements.models import Agreement, Party


def of_support(holder: SeatHolder) -> QuerySet[Organisation]:
    """The beneficiaries of the agreements that the member follows, or that the body they represent attends."""
    attended = Q(pk__in=())
    if holder.organisation_id:
        attended = Q(parties__organisation=holder.organisation_id, parties__side=Party.Side.WITNESS)
    followed = Agreement.objects.filter(Q(plans__adviser=holder.user_id) | attended)
    served = Party.objects.filter(agreement__in=followed.values("pk"), side=Party.Side.BENEFICIARY)
    return Organisation.objects.filter(pk__in=served.values("organisation"))
