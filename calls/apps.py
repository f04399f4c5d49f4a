from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "calls"
    label = "calls"
    verbose_name = "Appels"

    def ready(self) -> None:
        """Declare what a second person may confirm, who is staff and whose claims they settle."""
        from portal.accounts.services import CLAIM_JUDGES, STAFF_CHECKS, register_grant
        from portal.core import approvals

        from . import queries, services, services_life, services_team
        from .presentation import MENUS
        from .presentation.questions import questions_menu

        approvals.register_act(services.PUBLISH_ACT, services.run_publication)
        approvals.register_act(services_life.EXTEND_ACT, services_life.run_extension)
        approvals.register_act(services_life.RESUME_ACT, services_life.run_resumption)
        approvals.register_act(services_life.CANCEL_ACT, services_life.run_cancellation)
        approvals.register_act(services_team.ROLE_ACT, services_team.run_role)
        register_grant(services_team.GRANT, services_team.accept_role, services_team.role_offer)
        CLAIM_JUDGES.append(queries.claims_for_staff)
        STAFF_CHECKS.append(queries.is_call_staff)
        if questions_menu not in MENUS:
            MENUS.append(questions_menu)
