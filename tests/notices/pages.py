from notices import campaigns, unsubscribing, webhooks, wordings
from notices.letters import Letter
from notices.posting import queue
from tests.pages import EVERYBODY, RUNNING, get, post

ONE = ("slug", "mail")
MANY = ("slug", "campaign")
PAGES = {
    "notices:unsubscribe": get(EVERYBODY, "unsubscribe_token"),
    "notices:outbox": get(RUNNING, "slug"),
    "notices:mail": get(RUNNING, *ONE),
    "notices:stop": post(RUNNING, *ONE),
    "notices:send_again": post(RUNNING, *ONE),
    "notices:write": get(RUNNING, "slug"),
    "notices:campaign": get(RUNNING, *MANY),
    "notices:edit": get(RUNNING, *MANY),
    "notices:post": post(RUNNING, *MANY),
    "notices:stop_campaign": post(RUNNING, *MANY),
    "notices:wordings": get(RUNNING, "slug"),
    "notices:wording": get(RUNNING, "slug", "template"),
    "notices:webhooks": get(RUNNING, "slug"),
    "notices:change_webhook": post(RUNNING, "slug", "webhook", "webhook_word"),
    "notices:deliver_again": post(RUNNING, "slug", "delivery"),
    "notices:audit": get(RUNNING, "slug"),
    "notices:audit_csv": get(RUNNING, "slug"),
    "notices:audit_json": get(RUNNING, "slug"),
}


def furnish(world):
    """The link in a mail is the permission, whoever is signed in."""
    path = unsubscribing.path("author@example.org", world.slug)
    world.unsubscribe_token = path.split("/")[-2]
    letter = Letter("Hello", "Hello", "")
    made = queue("author@example.org", letter, cause="tried", event=world.slug, template="tried")
    world.mail = made.pk
    world.campaign = campaigns.save_draft(
        world.people["organizer"],
        world.event,
        campaign=None,
        subject="News",
        text="Dear {name}",
        groups=["role:judge"],
    ).pk
    owner, address = world.people["organizer"], "https://example.org/hook"
    hook = webhooks.add_webhook(owner, world.event, address=address)
    world.webhook, world.webhook_word = hook.pk, "try"
    world.delivery = hook.deliveries.create(verb="tried", body={}).pk
    world.template = wordings.templates()[0]
