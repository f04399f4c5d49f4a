"""The ledger of reminders: what will leave, when, to whom. `portal.home` plans, this table remembers."""

from django.db import models


class Reminder(models.Model):
    """One reminder of one rule about one object to one person; it becomes an outbound mail when due."""

    class State(models.TextChoices):
        PLANNED = "planned", "prévu"
        SENT = "sent", "parti"
        STOPPED = "stopped", "sans objet"
        PAUSED = "paused", "suspendu"

    rule = models.CharField(max_length=60)
    object_key = models.CharField(max_length=120)
    call_key = models.CharField(max_length=60, blank=True, help_text="appel concerné")
    recipient = models.EmailField()
    due_at = models.DateTimeField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    action_url = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    stop_reason = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "object_key", "recipient", "due_at"], name="reminder_once_per_occurrence"
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(state="planned"), name="reminder_due")]

    def __str__(self) -> str:
        return f"{self.rule} {self.object_key} → {self.recipient}"


class ReminderRuleState(models.Model):
    """A rule of reminders paused for one call by its manager."""

    rule = models.CharField(max_length=60)
    call_key = models.CharField(max_length=60)
    paused_at = models.DateTimeField()
    paused_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "call_key"], name="reminder_rule_paused_once")]

    def __str__(self) -> str:
        return f"{self.rule} {self.call_key}"


class DigestChoice(models.Model):
    """How often a person wants their reminders; without a row, each one at its own hour."""

    class Rhythm(models.TextChoices):
        EACH = "each", "chaque rappel à son heure"
        DAILY = "daily", "un récapitulatif chaque jour ouvré"
        WEEKLY = "weekly", "un récapitulatif par semaine"

    user = models.OneToOneField("accounts.User", models.PROTECT, related_name="digest_choice")
    rhythm = models.CharField(max_length=10, choices=Rhythm)
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user} {self.rhythm}"
