"""Addresses of calls."""

urlpatterns: list = []
