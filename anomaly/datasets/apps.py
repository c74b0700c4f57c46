from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "anomaly.datasets"

    def ready(self) -> None:
        from anomaly.datasets import exchange
        from events.exchange import register

        register("data_limits", dump=exchange.dump, load=exchange.load)
