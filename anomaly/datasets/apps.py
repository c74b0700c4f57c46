from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "anomaly.datasets"

    def ready(self) -> None:
        from anomaly.datasets import figures

        figures.register()
