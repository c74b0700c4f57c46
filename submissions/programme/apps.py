from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "submissions.programme"
    label = "programme"

    def ready(self) -> None:
        from submissions.programme import recap

        recap.register_own()
