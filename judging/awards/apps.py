from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "judging.awards"
