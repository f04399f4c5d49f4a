from django.apps import AppConfig


class JuriesConfig(AppConfig):
    name = "juries"
    label = "juries"
    verbose_name = "Jurys"

    def ready(self) -> None:
        """Declare to the lower apps what the jury brings: seats by invitation, readers of files, proposals."""
        from applications.rules.files import READERS
        from applications.services.decision import PROPOSALS
        from applications.services.notices import JURY_DATES, SCORE_SHEETS
        from calls.holders import SETTLED
        from calls.services.team import INCOMPATIBLE
        from portal.accounts.services import register_grant

        from .queries import proposals, reads_as_juror, session_opened
        from .queries.letters import jury_day, score_sheet
        from .services.seats import GRANT, accept_seat, seat_offer, works_or_sits

        register_grant(GRANT, accept_seat, seat_offer)
        if reads_as_juror not in READERS:
            READERS.append(reads_as_juror)
        if proposals not in PROPOSALS:
            PROPOSALS.append(proposals)
        if works_or_sits not in INCOMPATIBLE:
            INCOMPATIBLE.append(works_or_sits)
        if session_opened not in SETTLED:
            SETTLED.append(session_opened)
        if jury_day not in JURY_DATES:
            JURY_DATES.append(jury_day)
        if score_sheet not in SCORE_SHEETS:
            SCORE_SHEETS.append(score_sheet)
