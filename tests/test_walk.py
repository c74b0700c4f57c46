"""The walk of issue 2 in a real browser: a participant, a judge and an organizer, on the embedded
pair as `make run` starts it. Pictures of every page are left in var/screenshots/."""

import quopri
import re
import shutil
from pathlib import Path

import pytest

from config.demonstration.people import SIGN_INS
from config.demonstration.tables import breast_cancer
from tests.embedded import ROOT, Site, eventually

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]
EVENT = "/events/summer-hackathon-2020"
PICTURES = ROOT / "var" / "screenshots"
TWO_FRAMES = "new Promise(d => requestAnimationFrame(() => requestAnimationFrame(d)))"
TAB_IN_SIGHT = """[...document.querySelectorAll(".tabs--event [aria-current]")].every((tab) => {
    const { left, right } = tab.getBoundingClientRect();
    return left >= 0 && right <= innerWidth;
})"""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    running = Site(tmp_path_factory.mktemp("walk") / "var")
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Person:
    """Somebody with a browser of their own, whose console must stay free of errors."""

    def __init__(self, chromium, site: Site, name: str) -> None:
        self.name, self.site, self.troubles = name, site, []
        self.context = chromium.new_context(
            base_url=site.address, viewport=dict(width=1280, height=900)
        )
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._hear)

    def _hear(self, message) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.troubles.append(f"{self.page.url}: {message.text} {message.location}")

    def open(self, path: str):
        answer = self.page.goto(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return self.page

    def sign_in(self, email: str, password: str) -> "Person":
        self.open("/accounts/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", password)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url("**/")
        return self

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def sees(self, text: str | re.Pattern, seconds: float = 20) -> None:
        self.page.get_by_text(text).first.wait_for(timeout=seconds * 1000)

    def picture(self, name: str) -> None:
        """At both widths, light and dark; the page must never scroll sideways."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.locator(".htmx-request").first.wait_for(state="detached")
        for width, scheme in ((1280, "light"), (390, "dark")):
            self.page.set_viewport_size({"width": width, "height": 900})
            # Without motion: a picture must not show a colour on its way to the other scheme.
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            # Chromium lays out the first frame after a resize with the old width's vw.
            self.page.evaluate(TWO_FRAMES)
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} is {wide} px wide at {width}"
            assert self.page.evaluate(TAB_IN_SIGHT), f"{name} hides its tab at {width}"
            path = PICTURES / f"{self.name}-{name}-{width}-{scheme}.png"
            self.page.screenshot(path=path, full_page=True)
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.emulate_media(color_scheme="light")


@pytest.fixture
def person(chromium, site):
    people = []

    def somebody(name: str) -> Person:
        people.append(Person(chromium, site, name))
        return people[-1]

    yield somebody
    for one in people:
        one.context.close()
        assert one.troubles == []


def latest_mail(site: Site, to: str) -> str:
    """Mail is sent by a process of its own, so it may take a moment."""
    eventually(lambda: letters(site, to))
    return letters(site, to)[0]


def letters(site: Site, to: str) -> list[str]:
    """Those to this address, the newest first."""
    kept = sorted((Path(site.folder) / "mail").glob("*"), key=lambda path: -path.stat().st_mtime)
    texts = [quopri.decodestring(one.read_bytes()).decode(errors="replace") for one in kept]
    return [text for text in texts if f"To: {to}" in text]


def test_walk_from_sign_up_to_the_winners(site, person, tmp_path):
    newcomer = person("participant")
    sign_up(site, newcomer, "kestrel@example.org")
    submission = hand_in(newcomer)
    report = score_a_table(newcomer, submission, tmp_path)
    read_the_report(newcomer, report)
    organizer = person("organizer").sign_in(*SIGN_INS["organizer"])
    assign(organizer)
    judge_by_keyboard(person("judge").sign_in(*SIGN_INS["judge"]))
    visitor = person("visitor")
    assert visitor.page.goto(f"{EVENT}/results/").status == 404  # before anybody may know
    publish(organizer)
    read_the_winners(visitor)


def sign_up(site: Site, one: Person, email: str) -> None:
    one.open("/")
    one.picture("events")
    one.open(f"{EVENT}/")
    one.picture("event-as-stranger")
    one.open("/accounts/signup/")
    one.picture("sign-up")
    one.page.fill("[name=name]", "Kestrel")
    one.page.fill("[name=email]", email)
    one.page.fill("[name=password1]", "a long and unusual one 7")
    one.page.press("[name=password1]", "Enter")
    one.page.wait_for_url("**/confirm-email/")
    one.picture("confirm-your-address")
    link = re.search(r"http://\S+/confirm-email/\S+", latest_mail(site, email))[0]
    one.open(link)
    one.press("Confirm")
    one.page.wait_for_url(lambda url: "confirm-email" not in url)


def hand_in(one: Person) -> str:
    one.open(f"{EVENT}/")
    one.press("Register")
    one.sees("You are registered")
    one.open(f"{EVENT}/team/")
    one.page.fill("[name=name]", "Kestrels")
    one.press("Make the team")
    one.sees("Invite somebody")
    one.picture("team")
    one.open(f"{EVENT}/submissions/new/")
    one.page.fill("[name=title]", "Kestrel")
    one.page.select_option("[name=track]", label="PyTorch Developer Tools")
    one.press("Begin")
    one.page.wait_for_url("**/edit/")
    one.page.fill("[name=summary]", "Finds broken sensors in tables.")
    one.page.fill("[name=description]", "It *reads* tables.\n\n<script>alert(1)</script>")
    one.page.fill("[name=repository_url]", "javascript:alert(1)")
    one.sees("It reads tables.")  # the preview, rendered by the server
    one.press("Save draft")
    one.sees("Write a full web address")  # and nothing typed is lost:
    assert one.page.input_value("[name=title]") == "Kestrel"
    one.picture("submission-with-an-error")
    one.page.fill("[name=repository_url]", "https://example.org/kestrel")
    one.press("Save draft")
    one.sees("Your draft is saved")
    one.picture("submission-draft")
    one.press("Hand in")
    one.sees("Receipt:")
    one.picture("submission-handed-in")
    return one.page.url


def score_a_table(one: Person, submission: str, folder: Path) -> str:
    table = folder / "patients.csv"
    table.write_bytes(breast_cancer())
    one.open(f"{submission}data/")
    one.picture("upload")
    one.page.set_input_files("[type=file]", table)
    one.press("Upload")
    one.page.wait_for_url("**/data/*/")
    one.sees("377")
    one.sees("mean radius")
    one.page.get_by_label("Role of diagnosis").select_option("label")
    one.picture("data-set")
    one.press("Score this data set")
    one.page.wait_for_url("**/jobs/*/")
    one.picture("job")
    job = one.page.url
    one.open("/")  # leaving and coming back loses nothing
    one.open(job)
    one.page.get_by_role("link", name="Read the report").click(timeout=240_000)
    one.page.wait_for_url("**/reports/*/")
    return one.page.url


def read_the_report(one: Person, report: str) -> None:
    one.open(report)
    one.sees("AUROC")
    one.sees("false discovery rate")
    one.page.locator("canvas").first.wait_for()  # the interactive scatter, drawn by BokehJS
    one.picture("report")
    for kind in ("as CSV", "as Parquet"):
        with one.page.expect_download() as download:
            one.page.get_by_role("link", name=kind).first.click()
        kept = Path(download.value.path()).read_bytes()
        assert kept.startswith(b"row,score,log_probability" if kind == "as CSV" else b"PAR1")


def assign(one: Person) -> None:
    one.open(f"{EVENT}/console/")
    one.picture("console")
    one.open(f"{EVENT}/submissions/")
    one.sees("Kestrel")
    one.picture("submissions")
    one.open(f"{EVENT}/panel/")
    one.page.get_by_text("Assign one by hand").click()
    form = one.page.locator("form[action$='/panel/assign/']")
    form.locator("[name=submission]").select_option(label="Kestrel")
    form.locator("[name=judge]").select_option(label="Judge")
    form.get_by_role("button", name="Assign").click()
    one.page.wait_for_load_state()
    one.picture("panel")


def judge_by_keyboard(one: Person) -> None:
    one.open("/judging/")
    one.picture("dashboard")
    one.open(f"{EVENT}/judging/")
    one.sees("0 of 10")
    one.picture("queue")
    one.page.get_by_role("link", name="Kestrel").click()
    one.sees("AUROC")  # the evidence stands beside the score sheet
    one.picture("desk")
    one.page.locator("body").press("1")  # the first criterion, and on to the next by itself
    one.page.keyboard.press("k")  # back
    for digit in "5454":
        one.page.keyboard.press(digit)
    one.sees(re.compile(r"saved \d\d:\d\d"))
    one.page.reload()  # a draft survives
    assert one.page.locator("input[type=radio]:checked").count() == 4
    one.page.keyboard.press("c")
    one.page.keyboard.type("Clear, and well made.")
    one.page.keyboard.press("Control+Enter")
    one.sees("1 of 10")
    one.picture("after-submitting")


def publish(one: Person) -> None:
    one.open(f"{EVENT}/ranking/")
    one.sees("Kestrel")
    one.picture("ranking")
    one.press("Fill places from the ranking")
    one.page.wait_for_load_state()
    one.page.check("[name=confirmed]")
    one.press("Publish the winners")
    one.page.wait_for_load_state()
    eventually(lambda: one.page.goto(f"{EVENT}/results/").status == 200)


def read_the_winners(one: Person) -> None:
    one.open(f"{EVENT}/results/")
    one.sees("DeMask")
    one.picture("results")
    assert one.page.locator(".podium").count() == 3
    one.page.get_by_role("link", name="DeMask").first.click()
    one.sees("Asteroid")
    one.picture("winner")
