from django.apps import AppConfig


class PanelConfig(AppConfig):
    name = "judging.panel"

    def ready(self) -> None:
        from accounts import personal_data
        from judging.panel import exchange
        from judging.panel import personal_data as own

        exchange.register()
        personal_data.register("panel", collect=own.collect, erase=own.erase)
