"""The filters of the table that a person keeps, by name."""

from django.db import models

from calls.models import Call
from portal.accounts.models import User


class SavedView(models.Model):
    """One set of filters and an order, as the address writes them; one's own."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "user", "name"],
                name="saved_view_once",
                violation_error_message="Vous avez déjà une vue de ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name
