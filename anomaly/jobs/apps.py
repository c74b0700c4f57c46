from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "anomaly.jobs"

    def ready(self) -> None:
        from anomaly.jobs import (
            checks,  # noqa: F401 - registers itself
            figures,
        )

        figures.register()
