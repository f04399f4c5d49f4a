"""Filled in a moment."""

from django import template

register = template.Library()
