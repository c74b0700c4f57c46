from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"

    def ready(self) -> None:
        from accounts import personal_data
        from accounts.actions import changed
        from notices import personal_data as own
        from notices.actions import record_account

        changed.connect(record_account)
        personal_data.register("notices", collect=own.collect, erase=own.erase)
