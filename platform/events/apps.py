from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from accounts import personal_data
        from events import personal_data as own
        from events.audiences import groups
        from events.models import Event
        from notices import audiences, occasions

        occasions.register(lambda user, slug: Event.objects.run_by(user).filter(slug=slug).first())
        audiences.register(groups)
        personal_data.register("events", collect=own.collect, erase=own.erase)
