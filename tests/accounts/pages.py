import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts import actions
from tests.pages import EVERYBODY, SIGNED_IN, get, post

PAGES = {
    "accounts:profile": get(SIGNED_IN),
    "accounts:change_picture": post(SIGNED_IN),
    "accounts:picture": get(SIGNED_IN, "portrait"),
    "accounts:data": get(SIGNED_IN),
    "accounts:download": get(SIGNED_IN),
    "accounts:erase": post(SIGNED_IN),
    "accounts:deactivate": post(SIGNED_IN),
    "accounts:reactivate": get(EVERYBODY, "way_back"),  # it says nothing; the text in it decides
    "accounts:tokens": get(SIGNED_IN),
    "accounts:revoke_token": post("author", "own_token"),
}


def furnish(world) -> None:
    world.way_back = "unsigned"
    author = world.people["author"]
    actions.change_picture(author, author, upload=picture())
    world.portrait = author.picture
    tokens = world.people["author"].tokens
    world.own_token = tokens.create(name="Script", digest="0" * 64, expires_at=timezone.now()).pk


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return SimpleUploadedFile("me.png", out.getvalue())
