from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "submissions.programme"
    label = "programme"

    def ready(self) -> None:
        from accounts import personal_data
        from events import exchange as events
        from submissions.programme import exchange, personal, recap

        recap.register_own()
        events.register("programme", dump=exchange.dump, load=exchange.load)
        personal_data.register("programme", collect=personal.collect, erase=personal.erase)
