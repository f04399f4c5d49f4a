"""The one template library of the portal, built into every template: no `{% load %}` is needed.

Contract of each tag: `templates/components/README.md`.
"""

from django import template

from . import components, fields, figures, texts

register = template.Library()
for part in (texts, components, fields, figures):
    register.filters.update(part.register.filters)
    register.tags.update(part.register.tags)
