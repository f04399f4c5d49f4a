"""manage.py institution: create an institution, by options or by answering the questions of the five-step page."""

from argparse import ArgumentParser
from typing import Any

from django import forms
from django.core.management.base import BaseCommand, CommandError

from portal.core.clock import portal_now

from ...forms.institution import STEPS
from ...models import User
from ...services import person_at
from ...services.institution import Manager, create_institution

RENAMED = {"email": "manager-email", "full_name": "manager-name", "role_title": "manager-title"}


class Command(BaseCommand):
    help = "Crée une institution et invite son premier responsable. Ce qui manque est demandé, sauf avec --no-input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--administrator", default="", help="adresse de l’administration de la plateforme")
        parser.add_argument("--no-input", action="store_true", help="ne rien demander")
        for _, form in STEPS.values():
            for name, field in form().fields.items():
                if name != "logo":
                    parser.add_argument(f"--{option_of(name)}", dest=name, help=str(field.label))

    def handle(self, *args: Any, **options: Any) -> None:
        known = self.known_administrator(options["administrator"])
        facts: dict[str, Any] = {}
        for title, form_class in STEPS.values():
            self.stdout.write(title)
            facts.update(self.answers(form_class, options))
        manager = Manager(facts.pop("email").lower(), facts.pop("full_name"), facts.pop("role_title"))
        facts.pop("logo", None)
        administrator = known or named_administrator(options["administrator"])
        made = create_institution(facts=facts, logo=None, manager=manager, by=administrator, at=portal_now())
        self.stdout.write(self.style.SUCCESS(f"« {made} » est créée. L’invitation part vers {manager.email}."))

    def known_administrator(self, email: str) -> User | None:
        """The only administrator there is, when none is named."""
        if email:
            return None
        found = list(User.objects.filter(is_platform_admin=True, is_active=True)[:2])
        if len(found) != 1:
            raise CommandError("Donnez l’adresse de l’administration de la plateforme : --administrator ADRESSE")
        return found[0]

    def answers(self, form_class: type[forms.Form], options: dict[str, Any]) -> dict[str, Any]:
        """Options, then questions for what is missing or wrong."""
        typed = {name: options[name] for name in form_class().fields if options.get(name) is not None}
        while True:
            form = form_class({**self.defaults(form_class), **typed})
            if form.is_valid():
                return form.cleaned_data
            if options["no_input"]:
                raise CommandError("\n".join(sentences(form)))
            for name in form.errors:
                typed[name] = self.question(form, name)

    def defaults(self, form_class: type[forms.Form]) -> dict[str, Any]:
        return {name: field.initial for name, field in form_class().fields.items() if field.initial}

    def question(self, form: forms.Form, name: str) -> str:
        field = form.fields[name]
        choices = f" ({', '.join(key for key, _ in field.choices)})" if isinstance(field, forms.ChoiceField) else ""
        self.stdout.write(f"  {form.errors[name][0]}")
        return input(f"  {field.label}{choices} : ")


def named_administrator(email: str) -> User:
    """The administrator named by the option, made one if needed: whoever runs commands holds the platform."""
    user = person_at(email)
    User.objects.filter(pk=user.pk).update(is_platform_admin=True)
    return user


def option_of(name: str) -> str:
    return RENAMED.get(name, name.replace("_", "-"))


def sentences(form: forms.Form) -> list[str]:
    return [f"--{option_of(name)} : {errors[0]}" for name, errors in form.errors.items()]
