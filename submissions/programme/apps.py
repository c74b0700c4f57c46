from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "submissions.programme"
    label = "programme"

    def ready(self) -> None:
        from events import exchange as events
        from submissions.programme import exchange, recap

        recap.register_own()
        events.register("programme", dump=exchange.dump, load=exchange.load)
