from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "anomaly.datasets"

    def ready(self) -> None:
        from anomaly.datasets import figures

        figures.register()

        from accounts import personal_data
        from anomaly.datasets import personal_data as own

        personal_data.register("datasets", collect=own.collect, erase=own.erase)
