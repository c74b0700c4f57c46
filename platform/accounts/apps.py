from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import actions, personal_data

        personal_data.register(
            "account", collect=actions.collect_account, erase=actions.erase_account
        )
