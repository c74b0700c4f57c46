from django.apps import AppConfig
from django.db.models.signals import post_delete


class IdeasConfig(AppConfig):
    name = "submissions.ideas"
    label = "ideas"

    def ready(self) -> None:
        from accounts import personal_data
        from events import exchange as events
        from events.models import Role
        from submissions.ideas import exchange, personal
        from submissions.ideas.reading import follow_role

        events.register("ideas", dump=exchange.dump, load=exchange.load)
        personal_data.register("ideas", collect=personal.collect, erase=personal.erase)
        post_delete.connect(follow_role, sender=Role, dispatch_uid="ideas.follow_role")
