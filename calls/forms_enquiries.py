"""Forms of the questions: the one that anyone fills in, the answer, the reason of a refusal."""

from typing import Any

from django import forms

from portal.core.ui import FieldLook

LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_REASON = 2000, 5000, 1000


class LongText(forms.CharField):
    """A text of several lines, counted as the person sees it."""

    def __init__(self, *, longest: int, rows: int, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=longest, **kwargs)
        self.error_messages["max_length"] = f"Raccourcissez ce texte : {longest} caractères au plus."
        self.look = FieldLook(counter=longest)

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class QuestionForm(forms.Form):
    """Whoever asks: an address and a question. `site` is a trap for robots, which fill in everything."""

    question = LongText(
        longest=LONGEST_QUESTION,
        rows=6,
        label="Votre question",
        help_text="Elle sera publiée avec sa réponse : n’écrivez ni votre nom, ni rien de confidentiel.",
        error_messages={"required": "Écrivez votre question."},
    )
    email = forms.EmailField(
        label="Votre adresse de courriel",
        help_text="Pour vous envoyer la réponse. Elle n’est jamais publiée, et elle est effacée ensuite.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Écrivez votre adresse.",
            "invalid": "Écrivez une adresse complète, par exemple mairie@exemple.fr.",
        },
    )
    site = forms.CharField(
        label="Laissez ce champ vide",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_site(self) -> str:
        if self.cleaned_data["site"]:
            raise forms.ValidationError("Laissez ce champ vide : il sert à écarter les robots.")
        return ""


class AnswerForm(forms.Form):
    """What everyone will read."""

    question = LongText(
        longest=LONGEST_QUESTION,
        rows=5,
        label="La question, telle qu’elle sera publiée",
        help_text="Reformulez-la si besoin : elle ne doit permettre de reconnaître ni une personne, ni un projet.",
        error_messages={"required": "Écrivez la question."},
    )
    answer = LongText(
        longest=LONGEST_ANSWER,
        rows=8,
        label="Votre réponse",
        help_text="La même pour tous les candidats. Elle ne change pas le règlement : elle l’explique.",
        error_messages={"required": "Écrivez la réponse."},
    )


class AnswerCorrectionForm(AnswerForm):
    """What everyone will read in place of what is published, and why it changes."""

    reason = LongText(
        longest=LONGEST_REASON,
        rows=3,
        label="Pourquoi vous corrigez cette réponse",
        help_text="La personne qui a posé la question reçoit ce motif avec la réponse corrigée.",
        error_messages={"required": "Écrivez pourquoi."},
    )


class DeclineForm(forms.Form):
    """Why a question is not published, told to the person who asked."""

    reason = LongText(
        longest=LONGEST_REASON,
        rows=5,
        label="Pourquoi cette question n’est pas publiée",
        help_text="La personne reçoit ce texte par courriel. Dites-lui où trouver la réponse, si elle existe.",
        error_messages={"required": "Écrivez pourquoi."},
    )
