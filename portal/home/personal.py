"""What the portal knows of one person: every row that names them, from a register that a test holds complete.

The register is by subject, each link as « app.Model.field ». What belongs to their organisation (answers, pieces) is
not repeated here: the organisation reads it in its own pages.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models

from portal.accounts.models import User
from portal.core.typography import format_iso

REGISTER: dict[str, tuple[str, ...]] = {
    "Vos accès": (
        "account.EmailAddress.user", "accounts.LinkSession.user", "accounts.StepUp.user", "mfa.Authenticator.user",
        "accounts.OpenSession.user", "accounts.AddressChange.user",
        "core.DigestChoice.user",
    ),
    "Vos rattachements": (
        "accounts.Membership.user", "accounts.Membership.confirmed_by", "accounts.MembershipTransition.by",
        "accounts.Claim.asked_by", "accounts.Claim.settled_by", "accounts.ClaimLink.sent_by",
        "accounts.OrganisationEdit.by",
        "accounts.Takeover.done_by",
    ),
    "Vos invitations": ("accounts.Invitation.invited_by", "accounts.Invitation.accepted_by"),
    "Vos candidatures": (
        "applications.Application.created_by", "applications.Application.officer",
        "applications.Assignment.officer", "applications.Assignment.by", "applications.ApplicationMember.invited_by",
        "applications.ApplicationMember.confirmed_by", "applications.ApplicationTransition.by",
        "applications.Attachment.added_by", "applications.Attachment.removed_by", "applications.Deposit.deposited_by",
        "applications.DepositAttempt.by", "applications.PiecePromise.promised_by",
        "applications.SectionAnswers.updated_by", "applications.SignatureRequest.signatory",
        "applications.SignatureRequest.asked_by", "applications.Justification.updated_by", "applications.Ruling.by",
        "applications.RulingTransition.by", "applications.ChecklistAnswer.by", "applications.InternalValue.by",
        "applications.Reservation.opened_by",
        "applications.ReservationTransition.by", "applications.CompletionRequest.asked_by",
        "applications.CompletionRequest.saved_by", "applications.CompletionTransition.by",
        "applications.CompletionFile.added_by", "applications.CompletionFile.removed_by",
        "applications.Mandate.given_by", "applications.Mandate.revoked_by",
        "applications.EntryBatch.made_by", "applications.EntryBatch.applied_by",
        "applications.OutsideReceipt.entered_by",
        "applications.RetentionHold.set_by", "applications.ArchiveVisa.recorded_by", "applications.Erasure.by",
        "applications.MandateTransition.by", "applications.MandateWriting.by", "core.StoredFile.created_by",
        "core.DocumentCheck.asked_by",
    ),
    "Vos appels": (
        "calls.CallRole.user", "calls.CallRole.given_by", "calls.CallRevision.made_by", "calls.CallTransition.by",
        "calls.EnquiryTransition.by", "calls.Override.made_by", "calls.StagedDocument.made_by",
        "calls.TemplateAnswer.answered_by", "calls.WindowExtension.asked_by", "calls.WindowExtension.approved_by",
        "applications.Reopening.asked_by", "applications.Reopening.approved_by", "core.Approval.asked_by",
        "core.Approval.approver", "core.Approval.approved_by", "core.ReminderRuleState.paused_by",
        "rehearsals.Entry.user", "rehearsals.Rehearsal.started_by",
    ),
    "Vos exports et vos vues": ("applications.Export.asked_by", "applications.SavedView.user"),
    "Vos messages et vos notes": (
        "applications.Message.author", "applications.InternalNote.author", "applications.ContactEntry.author",
        "applications.ProgressUpdate.asked_by",
    ),
    "Vos avis": (
        "applications.Expert.person", "applications.Expert.added_by", "applications.OpinionRequest.giver",
        "applications.OpinionRequest.asked_by", "applications.OpinionTransition.by",
    ),
    "Vos décisions": (
        "applications.Decision.recorded_by", "applications.Decision.notified_by", "applications.DecisionNotice.read_by",
        "applications.LetterText.updated_by", "applications.LetterBundle.asked_by", "applications.NoticeReading.user",
        "applications.MemberDeparture.recorded_by", "applications.MemberDeparture.settled_by",
    ),
    "Vos jurys": (
        "juries.SeatHolder.user", "juries.Assessment.author", "juries.AssessmentTransition.by", "juries.Assignment.by",
        "juries.Vote.voter", "juries.Vote.entered_by", "juries.RankingDeparture.by",
        "juries.AttendanceMove.by", "juries.Hearing.answered_by", "juries.Proxy.by", "juries.Proxy.withdrawn_by",
        "juries.Recusal.by", "juries.SeatDraw.by", "juries.SimulationVariant.by",
        "juries.AgendaItemTransition.by", "juries.JurySessionTransition.by",
        "juries.Minutes.signed_by", "juries.Erratum.by",
    ),
    "Votre accompagnement": (
        "agreements.Agreement.created_by", "agreements.AgreementTransition.by", "agreements.Party.recorded_by",
        "agreements.Annex.added_by", "agreements.SignedCopy.added_by", "agreements.SigningEvent.recorded_by",
        "agreements.Visa.by",
        "plan.SupportPlan.adviser", "plan.Phase.done_by", "plan.LogEntry.author",
        "plan.PlanTransition.by", "plan.ActionTransition.by", "plan.Milestone.recorded_by",
        "plan.TeamMember.recorded_by", "plan.PlanDocument.recorded_by", "plan.Report.recorded_by",
        "plan.Report.given_by", "plan.Parcel.recorded_by", "plan.Consultation.recorded_by",
        "plan.Initiative.recorded_by", "plan.DiagnosisNote.recorded_by", "plan.Visit.planned_by",
        "plan.Message.author", "plan.Meeting.convened_by", "plan.MeetingTransition.by", "plan.Task.done_by",
        "plan.Ceiling.user", "plan.Ceiling.set_by", "plan.Workshop.recorded_by", "plan.WorkshopPhoto.added_by",
        "plan.Scenario.recorded_by", "plan.ScenarioOpinion.author", "plan.Roadmap.issued_by",
        "plan.Roadmap.recorded_by", "plan.Renewal.asked_by", "plan.Mandate.confirmed_by", "plan.Site.recorded_by",
        "money.FundingRequest.recorded_by", "money.Award.recorded_by", "money.AwardTransition.by",
        "money.Clawback.ordered_by", "money.Clawback.recovered_by", "money.Payment.asked_by",
        "money.Payment.checked_by", "money.Payment.certified_by", "money.PaymentTransition.by",
        "money.PaymentProof.added_by", "money.FinancePlan.opened_by", "money.FinancePlan.closed_by",
        "money.FunderLink.given_by", "money.PublicityPaper.told_by", "money.Post.opened_by",
        "money.PostYear.proven_by", "money.PostYear.paid_by", "money.FundingScheme.recorded_by",
        "impact.Measure.recorded_by", "impact.Publication.created_by", "impact.PublicationTransition.by",
        "impact.PublicationVersion.made_by", "network.ClubEvent.created_by",
        "network.ExpertiseRequest.asked_by", "network.ExpertiseTransition.by",
    ),
    "Ce que vous avez ouvert": ("core.AccessRecord.user",),
}  # fmt: skip
# Rows that know a person by their address only.
BY_ADDRESS: dict[str, tuple[str, ...]] = {
    "Les courriels que le portail vous a écrits": ("core.OutboundEmail.recipient", "core.Reminder.recipient"),
    "Les invitations à votre adresse": ("accounts.Invitation.email",),
    "Les changements de votre adresse": ("accounts.AddressChange.old_email", "accounts.AddressChange.new_email"),
    "Les questions posées à votre adresse": ("calls.Enquiry.email",),
    "Les équipes de projet qui donnent votre adresse": ("plan.TeamMember.email",),
    "Les publications qui donnent votre adresse": ("impact.PublicationContact.email",),
    "Les plans de financement que vous pouvez lire": ("money.FunderLink.email",),
}
# Never given out: what proves an identity, the text of mails (it holds personal links), what the machine keeps.
WITHHELD = ("sha256", "token", "secret", "session", "password", "idempotency", "data", "body", "html", "last_error")
PLAIN = (
    models.CharField, models.TextField, models.DateField, models.BooleanField, models.DecimalField, models.IntegerField,
)  # fmt: skip


def personal_data(user: User) -> dict[str, Any]:
    """Everything, by subject; subjects without a row are left out."""
    account = {"Votre compte": [row_of(user)]}
    linked = {subject: list(rows_of(places, user)) for subject, places in REGISTER.items()}
    addressed = {subject: list(rows_of(places, user.email)) for subject, places in BY_ADDRESS.items()}
    return {subject: rows for subject, rows in {**account, **linked, **addressed}.items() if rows}


def rows_of(places: tuple[str, ...], value: Any) -> Iterator[dict[str, Any]]:
    for place in places:
        model, _, field = place.rpartition(".")
        exact = f"{field}__iexact" if isinstance(value, str) else field
        for row in apps.get_model(model).objects.filter(**{exact: value}).order_by("pk").iterator():
            yield row_of(row, place)


def row_of(row: models.Model, place: str = "") -> dict[str, Any]:
    """The plain columns of one row, never a secret; `origine` is where it is kept."""
    shown = {
        field.name: plain(getattr(row, field.name))
        for field in row._meta.concrete_fields
        if isinstance(field, PLAIN) and not any(word in field.name for word in WITHHELD)
    }
    return {**({"origine": place} if place else {}), **{name: value for name, value in shown.items() if value != ""}}


def plain(value: Any) -> Any:
    """JSON: instants in UTC, days and decimals as text."""
    if isinstance(value, datetime):
        return format_iso(value)
    return value if isinstance(value, bool | int | str | None) else str(value)
