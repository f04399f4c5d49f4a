"""Addresses of support.plan."""

urlpatterns: list = []
