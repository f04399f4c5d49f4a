"""Who examines a file: each change of hands, who decided it and how. The file bears the present one."""

from django.db import models

from portal.accounts.models import User

from .application import Application


class Assignment(models.Model):
    """One change of hands; `officer` empty: nobody any more. Insert-only."""

    class How(models.TextChoices):
        HAND = "hand", "à la main"
        EVENLY = "evenly", "en parts égales"
        TERRITORY = "territory", "selon le territoire"

    application = models.ForeignKey(Application, models.PROTECT, related_name="assignments")
    officer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=10, choices=How)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.application} → {self.officer}"
