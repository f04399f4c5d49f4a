"""A person. The e-mail is the login; a file never belongs to a person but to their organisation."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A user with an unusable password unless one is given."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=120, blank=True)
    role_title = models.CharField(max_length=120, blank=True, help_text="fonction : secrétaire de mairie, maire…")
    is_active = models.BooleanField(default=True)
    is_platform_admin = models.BooleanField(default=False)
    # By the database too: the program of the version before, which does not know it, goes on making accounts.
    created_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, help_text="fermé pour toujours : plus de nom, plus d’adresse")

    objects = UserManager()
    USERNAME_FIELD = "email"

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_caseless"),
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(is_active=False, full_name=""),
                name="user_closed_is_nobody",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.role_title or self.email
