"""What must leave the portal, written in the caller's transaction: mails and jobs. Redis only pokes."""

import uuid

from django.db import models


class OutboundEmail(models.Model):
    """One mail to one person, unique on (kind, object, recipient, period): it cannot be written twice."""

    class Guarantee(models.TextChoices):
        AT_LEAST_ONCE = "at_least_once", "au moins une fois"
        AT_MOST_ONCE = "at_most_once", "au plus une fois"

    class State(models.TextChoices):
        QUEUED = "queued", "à envoyer"
        SENDING = "sending", "en cours d’envoi"
        SENT = "sent", "envoyé"
        FAILED = "failed", "en échec"
        UNCERTAIN = "uncertain", "envoi incertain"
        STOPPED = "stopped", "arrêté"
        SHOWN = "shown", "montré en répétition"

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    object_key = models.CharField(max_length=120)
    recipient = models.EmailField()
    period = models.CharField(max_length=40, blank=True)
    guarantee = models.CharField(max_length=15, choices=Guarantee)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    html = models.TextField(blank=True)
    from_name = models.CharField(max_length=120)
    reply_to = models.EmailField(blank=True)
    attachment = models.ForeignKey("core.FrozenDocument", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_key", "recipient", "period"], name="outbox_one_mail_per_fact"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False), name="outbox_sent_is_dated"
            ),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=models.Q(state="queued"), name="outbox_to_send"),
            models.Index(fields=["object_key"], name="outbox_object"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient}"


class Job(models.Model):
    """One long work (render a document, export…), unique on (kind, object): written with what asks for it."""

    class State(models.TextChoices):
        QUEUED = "queued", "à faire"
        RUNNING = "running", "en cours"
        DONE = "done", "fait"
        FAILED = "failed", "en échec"

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    object_key = models.CharField(max_length=120)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_key"], name="job_one_per_object")]
        indexes = [models.Index(fields=["not_before"], condition=models.Q(state="queued"), name="job_to_do")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_key}"
