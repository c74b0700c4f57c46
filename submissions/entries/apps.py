from django.apps import AppConfig


class EntriesConfig(AppConfig):
    name = "submissions.entries"

    def ready(self) -> None:
        from accounts import personal_data
        from events import exchange
        from submissions.entries import personal_data as own
        from submissions.entries import written

        exchange.register("entry_types", dump=written.dump, load=written.load)
        personal_data.register("entries", collect=own.collect, erase=own.erase)
