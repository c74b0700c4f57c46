from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "judging.awards"

    def ready(self) -> None:
        from judging.awards import figures

        figures.register()
