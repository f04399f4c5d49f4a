from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "support.agreements"
    label = "agreements"
    verbose_name = "Conventions"

    def ready(self) -> None:
        """Tell the applications who has signed an agreement under a call, and a takeover which agreements pass."""
        from applications.queries.retention import ENDINGS
        from applications.rules.admissibility import BOUND
        from applications.rules.files import SIGNATORIES
        from portal.accounts.services.takeover import HOLDINGS

        from .queries import has_signed, why_bound
        from .queries_retention import last_days
        from .queries_takeover import holdings

        if has_signed not in SIGNATORIES:
            SIGNATORIES.append(has_signed)
        if why_bound not in BOUND:
            BOUND.append(why_bound)
        if last_days not in ENDINGS:
            ENDINGS.append(last_days)
        if holdings not in HOLDINGS:
            HOLDINGS.append(holdings)
