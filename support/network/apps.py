from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "support.network"
    label = "network"
    verbose_name = "Réseau"
