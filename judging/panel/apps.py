from django.apps import AppConfig


class PanelConfig(AppConfig):
    name = "judging.panel"

    def ready(self) -> None:
        from judging.panel import exchange

        exchange.register()
