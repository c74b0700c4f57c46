from django.apps import AppConfig


class PanelConfig(AppConfig):
    name = "judging.panel"

    def ready(self) -> None:
        from accounts import personal_data
        from judging.panel import exchange
        from judging.panel import personal_data as own
        from judging.panel.models import Panel
        from submissions.entries import blindness

        exchange.register()
        blindness.register(lambda event: Panel.objects.filter(event=event, blind=True).exists())
        personal_data.register("panel", collect=own.collect, erase=own.erase)
