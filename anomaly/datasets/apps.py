from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "anomaly.datasets"

    def ready(self) -> None:
        from accounts import personal_data
        from anomaly.datasets import exchange, figures
        from anomaly.datasets import personal_data as own
        from events.exchange import register

        figures.register()
        register("data_limits", dump=exchange.dump, load=exchange.load)
        personal_data.register("datasets", collect=own.collect, erase=own.erase)
