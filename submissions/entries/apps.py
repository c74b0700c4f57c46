from django.apps import AppConfig


class EntriesConfig(AppConfig):
    name = "submissions.entries"

    def ready(self) -> None:
        from events import exchange
        from submissions.entries import written

        exchange.register("entry_types", dump=written.dump, load=written.load)
