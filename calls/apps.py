from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "calls"
    label = "calls"
    verbose_name = "Appels"

    def ready(self) -> None:
        """Declare what a second person may confirm, who is staff and whose claims they settle."""
        from portal.accounts.services import CLAIM_JUDGES, STAFF_CHECKS, register_grant
        from portal.core import approvals
        from portal.territories.queries_history import REFERENCE_READERS

        from . import queries, queries_references
        from .services import guests, life, publication, team

        approvals.register_act(publication.PUBLISH_ACT, publication.run_publication)
        approvals.register_act(life.EXTEND_ACT, life.run_extension)
        approvals.register_act(life.RESUME_ACT, life.run_resumption)
        approvals.register_act(life.CANCEL_ACT, life.run_cancellation)
        approvals.register_act(team.ROLE_ACT, team.run_role)
        register_grant(team.GRANT, team.accept_role, team.role_offer)
        register_grant(guests.GRANT, guests.accept_guest, guests.guest_offer)
        CLAIM_JUDGES.append(queries.claims_for_staff)
        STAFF_CHECKS.append(queries.is_call_staff)
        REFERENCE_READERS.append(queries_references.former_codes)
