from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "judging.ballots"

    def ready(self) -> None:
        from judging.ballots import figures

        figures.register()
