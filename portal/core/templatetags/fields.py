"""Form fields in the look of the portal: label, hint, error, control, then who sees it and the counter.

The same drawing serves `{% field %}`, `{{ form|crispy }}` and `{% crispy form %}` (`templates/bootstrap5/field.html`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField

from portal.core import typography as ty
from portal.core import ui
from portal.core.words import number_in_words

register = template.Library()


def _control_class(widget: forms.Widget) -> str:
    if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    return "form-control"


def _attributes(bound: BoundField, look: ui.FieldLook) -> dict[str, Any]:
    widget = bound.field.widget
    css = [widget.attrs.get("class", ""), _control_class(widget)]
    if bound.errors:
        css.append("is-invalid")
    attributes: dict[str, Any] = {"class": " ".join(filter(None, css))}
    if look.counter:
        attributes["data-counter"] = str(look.counter)
    # A placeholder is no label and vanishes when one types.
    attributes["placeholder"] = False
    # Prefilled HTML limits would cut a pasted text without a word: the counter and the server say it instead.
    if isinstance(widget, forms.Textarea):
        attributes["maxlength"] = False
    return attributes


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "choices"
    if getattr(widget, "grouped", False):  # several controls under one legend
        return "group"
    return "checkbox" if isinstance(widget, forms.CheckboxInput) else "control"


def draw(bound: BoundField, look: ui.FieldLook) -> dict[str, Any]:
    """Context of `components/field.html`."""
    attributes = _attributes(bound, look)
    kind = _kind(bound.field.widget)
    return {
        "field": bound,
        "look": look,
        "kind": kind,
        "control": "" if kind == "choices" else bound.as_widget(attrs=attributes),
        "choices": _choices(bound, attributes) if kind == "choices" else (),
        "optional": not bound.field.required and not bound.field.disabled and kind != "checkbox",
        "errors": [str(error) for error in bound.errors],
        "counted": _counted(bound, look),
    }


def _choices(bound: BoundField, attributes: dict[str, Any]) -> list[dict[str, Any]]:
    """Each option with its own control; `bound.subwidgets` would lose our classes."""
    widget = bound.field.widget
    shared = {**widget.attrs, **attributes, "id": bound.auto_id}
    options = widget.options(bound.html_name, widget.format_value(bound.value()), shared)
    return [
        {
            "tag": forms.boundfield.BoundWidget(widget, option, bound.form.renderer).tag(),
            "label": option["label"],
            "id": option["attrs"].get("id", ""),
        }
        for option in options
    ]


def _counted(bound: BoundField, look: ui.FieldLook) -> str:
    if not look.counter:
        return ""
    length = len(str(bound.value() or "").replace("\r\n", "\n"))
    word = ty.choose(length, "caractère")
    return f"{ty.format_number(length)}{ty.NBSP}{word} sur {ty.format_number(look.counter)}"


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, **look: Any) -> dict[str, Any]:
    """`{% field form.reason audience="Visible du jury" counter=1500 width="short" suffix="%" %}`."""
    known = ui.look_of(bound.field)
    return draw(bound, ui.FieldLook(**{**_as_dict(known), **look}))


@register.inclusion_tag("components/field.html")
def crispy_portal_field(bound: BoundField) -> dict[str, Any]:
    """The drawing that crispy's own template delegates to."""
    return draw(bound, ui.look_of(bound.field))


def _as_dict(look: ui.FieldLook) -> dict[str, Any]:
    return {name: getattr(look, name) for name in look.__dataclass_fields__}


@register.inclusion_tag("components/form_fields.html")
def form_fields(form: forms.BaseForm) -> dict[str, Any]:
    return {"form": form, "hidden": form.hidden_fields(), "visible": form.visible_fields()}


# --- errors ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FoundError:
    """An error of the page: where its link goes, whose field, what to write."""

    target: str
    label: str
    message: str


def found_errors(form_or_forms: forms.BaseForm | Iterable[forms.BaseForm]) -> list[FoundError]:
    """Errors in the order of the page; those of the form as a whole come first, without a link."""
    several = [form_or_forms] if isinstance(form_or_forms, forms.BaseForm) else list(form_or_forms)
    found = []
    for form in several:
        found += [FoundError("", "", str(message)) for message in form.non_field_errors()]
        for bound in form.visible_fields():
            found += [FoundError(_target(bound), _as_subject(bound), _as_advice(str(e))) for e in bound.errors]
    return found


def _as_subject(bound: BoundField) -> str:
    return str(bound.label).rstrip(f" ?:.{ty.NBSP}{ty.NNBSP}")


def _as_advice(message: str) -> str:
    """« Écrivez un pourcentage. » becomes the second half of a sentence; an acronym keeps its capitals."""
    lowered = message[:1].lower() + message[1:] if message[1:2].islower() else message
    return lowered.rstrip(".")


def _target(bound: BoundField) -> str:
    first = f"{bound.auto_id}_0" if _kind(bound.field.widget) == "choices" else bound.id_for_label
    return f"#{first}"


@register.inclusion_tag("components/error_summary.html")
def error_summary(
    form_or_forms: forms.BaseForm | Iterable[forms.BaseForm], title: str = "", text: str = ""
) -> dict[str, Any]:
    errors = found_errors(form_or_forms)
    count = number_in_words(len(errors), feminine=True).capitalize()
    verb = ty.choose(len(errors), "réponse est", "réponses sont")
    return {"found": errors, "title": title or f"{count} {verb} à reprendre", "text": text}


# --- filters -----------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/filter_bar.html")
def filter_bar(form: forms.BaseForm, verb: str = "Filtrer", search: str = "", primary: bool = False) -> dict[str, Any]:
    """A GET form. On phones: the search field, then « Filtres : n actifs » for the others."""
    visible = form.visible_fields()
    drawn = [
        {"bound": bound, "control": bound.as_widget(attrs=_attributes(bound, ui.FieldLook()))} for bound in visible
    ]
    first = next((item for item in drawn if item["bound"].name == search), drawn[0] if drawn else None)
    others = [item for item in drawn if item is not first]
    active = sum(bool(item["bound"].value()) for item in others)
    return {
        "first": first,
        "others": others,
        "hidden": form.hidden_fields(),
        "verb": verb,
        "primary": primary,
        "active": f"{ty.NBSP}: {ty.format_quantity(active, 'actif')}" if active else "",
        "opened": bool(active),
    }
