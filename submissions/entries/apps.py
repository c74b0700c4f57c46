from django.apps import AppConfig


class EntriesConfig(AppConfig):
    name = "submissions.entries"

    def ready(self) -> None:
        from accounts import personal_data
        from submissions.entries import personal_data as own

        personal_data.register("entries", collect=own.collect, erase=own.erase)
