"""Questions that anyone asks about a call, and the answers published for all."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5

from portal.core.workflow import TransitionLog

from .. import states_enquiry as states
from .call import Call


class Enquiry(models.Model):
    """One question. `asked` is what the person wrote; `question` and `answer` are what everyone reads.

    The address serves to answer and is erased once the answer has been written: the mail carries it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="enquiries")
    email = models.EmailField(blank=True)
    asked = models.TextField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=states.CHOICES, default=states.ASKED)
    question = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True, help_text="dernière correction de ce qui est publié")

    class Meta:
        ordering = ["asked_at", "pk"]
        indexes = [models.Index(fields=["call", "state", "settled_at"], name="enquiry_published")]
        constraints = [
            models.UniqueConstraint(
                "call",
                "email",
                MD5("asked"),
                condition=Q(state=states.ASKED),
                name="enquiry_asked_once",
                violation_error_message="Cette question nous est déjà parvenue.",
            ),
            models.CheckConstraint(
                condition=Q(state=states.ASKED, settled_at__isnull=True) & ~Q(email="")
                | Q(state__in=[states.ANSWERED, states.DECLINED], settled_at__isnull=False, email=""),
                name="enquiry_settled_is_dated",
                violation_error_message="En attente, une question garde une adresse ; réglée, elle n’en a plus.",
            ),
            models.CheckConstraint(
                condition=~Q(state=states.ANSWERED) | ~Q(question="") & ~Q(answer=""),
                name="enquiry_answered_has_words",
                violation_error_message="Une réponse publiée a une question et une réponse.",
            ),
            models.CheckConstraint(
                condition=Q(corrected_at=None) | Q(state=states.ANSWERED), name="enquiry_corrected_is_published"
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.uuid}"


class EnquiryTransition(TransitionLog):
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="transitions")


class FormerAnswer(models.Model):
    """What was published before a correction. Insert-only."""

    transition = models.OneToOneField(EnquiryTransition, models.PROTECT, related_name="former")
    question = models.TextField()
    answer = models.TextField()

    def __str__(self) -> str:
        return f"avant {self.transition}"
