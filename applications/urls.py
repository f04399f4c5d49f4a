"""Addresses of applications."""

urlpatterns: list = []
