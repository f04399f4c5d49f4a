"""Addresses of juries."""

urlpatterns: list = []
