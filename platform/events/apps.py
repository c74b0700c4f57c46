from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from accounts import personal_data
        from events import personal

        personal_data.register("events", collect=personal.collect, erase=personal.erase)
