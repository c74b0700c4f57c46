from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "judging.ballots"

    def ready(self) -> None:
        from anomaly.datasets.models import kept_back
        from judging.ballots import figures
        from judging.ballots.rules import without_first_score

        kept_back.append(without_first_score)
        figures.register()

        from accounts import personal_data
        from judging.ballots import personal_data as own

        personal_data.register("ballots", collect=own.collect, erase=own.erase)
