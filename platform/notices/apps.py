from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"

    def ready(self) -> None:
        from accounts import personal_data
        from notices import personal_data as own

        personal_data.register("notices", collect=own.collect, erase=own.erase)
