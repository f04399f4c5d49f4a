from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    label = "applications"
    verbose_name = "Candidatures"

    def ready(self) -> None:
        """Tell the calls who holds a file, declare what a second person may confirm, and what signatories are told."""
        from calls import holders as of_calls
        from calls.queries_rules import SELECTIONS
        from portal.accounts.rules import ENTRIES_SEEN
        from portal.accounts.services import SIGNATORY_CONFIRMED, register_grant
        from portal.accounts.services.takeover import HOLDINGS
        from portal.core import approvals, scanning
        from portal.core.erasures import REPLAYS

        from . import holders
        from .queries import takeover as queries_takeover
        from .queries.conditions import selections
        from .queries.partners import entries_for_staff
        from .services import admissibility, decision_approval, erasing, partner_entry, reopening
        from .services.isolation import tell_isolated
        from .services.signature import tell_signatory

        approvals.register_act(decision_approval.ACT, decision_approval.run)
        approvals.register_act(reopening.REOPEN_ACT, reopening.run_reopening)
        approvals.register_act(admissibility.UNDECIDE_ACT, admissibility.run_undecide)
        REPLAYS[erasing.KIND] = erasing.erase_again
        register_grant(partner_entry.GRANT, partner_entry.grant_partner, partner_entry.partner_offer)
        for registry, source in (
            (ENTRIES_SEEN, entries_for_staff),
            (of_calls.HOLDERS, holders.holders),
            (of_calls.BEGUN, holders.begun),
            (of_calls.CONCERNED, holders.touched_by),
            (of_calls.EVERY_FILE, holders.every_file),
            (of_calls.SETTLED, holders.decided),
            (SIGNATORY_CONFIRMED, tell_signatory),
            (HOLDINGS, queries_takeover.holdings),
            (scanning.FOUND, tell_isolated),
            (SELECTIONS, selections),
        ):
            if source not in registry:
                registry.append(source)
