"""Addresses of support.money."""

urlpatterns: list = []
