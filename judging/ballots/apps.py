from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "judging.ballots"

    def ready(self) -> None:
        from judging.ballots import figures

        figures.register()

        from accounts import personal_data
        from judging.ballots import personal_data as own

        personal_data.register("ballots", collect=own.collect, erase=own.erase)
