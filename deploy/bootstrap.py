"""From a fresh clone to a running site or test suite: needs Python and nothing else.

    python3 deploy/bootstrap.py run | test [pytest's arguments] | prepare

Standard library only, and written so that an old Python can at least say that it is too old.
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "podium-installed")
NEEDED = (3, 11)
ROOM_FOR_PACKAGES = 4 * 2**30
ROOM_TO_RUN = 200 * 2**20


def stop(sentence):
    sys.exit("\n" + sentence)


def use_new_enough_python():
    """Goes on under a newer Python of this machine if this one is too old."""
    if sys.version_info >= NEEDED:
        return
    for minor in range(20, NEEDED[1] - 1, -1):
        newer = shutil.which("python3.%d" % minor)
        if newer:
            os.execv(newer, [newer] + sys.argv)
    stop(
        "Podium needs Python %d.%d or later; this is %s (%s). Install a newer Python, then run "
        "`make run PYTHON=python3.11`." % (NEEDED + (sys.version.split()[0], sys.executable))
    )


def refuse_full_disk(needed, purpose):
    free = shutil.disk_usage(ROOT).free
    if free < needed:
        stop(
            "The disk is nearly full: %.1f GB are free and %s takes %.1f GB. Make room, then run "
            "the same command again." % (free / 2.0**30, purpose, needed / 2.0**30)
        )


def wanted(lock):
    """What the installation is made from: the lock, the project's own metadata, this Python."""
    digest = hashlib.sha256(sys.version.encode())
    for name in (lock, "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as source:
            digest.update(source.read())
    return digest.hexdigest()


def installed():
    try:
        with open(STAMP) as stamp:
            return stamp.read().split()
    except OSError:
        return []


def pip(*arguments):
    command = [PYTHON, "-m", "pip", "--disable-pip-version-check", "-q"]
    result = subprocess.run(command + list(arguments), cwd=ROOT, stderr=subprocess.PIPE)
    if result.returncode:
        said = result.stderr.decode(errors="replace")
        sys.stderr.write(said)
        if "No space left on device" in said:
            stop("The disk is full. Make room, then run the same command again.")
        stop(
            "Installing the packages did not work; pip's own words are above. If the network was "
            "away, run the same command again: it goes on where it stopped."
        )


def prepare(lock):
    """Makes .venv from the lock, unless that is done already."""
    stamp = wanted(lock)
    if stamp in installed():
        return
    refuse_full_disk(ROOM_FOR_PACKAGES, "installing")
    if os.path.isdir(VENV) and not installed():
        print("The folder .venv is half made (an installation was interrupted); making it again.")
    if not installed():
        make_venv()
    print("Installing the packages of %s into .venv; the first time takes a few minutes." % lock)
    sys.stdout.flush()
    pip("install", "-r", lock)
    pip("install", "--no-deps", "-e", ".")
    with open(STAMP, "w") as kept:
        kept.write("\n".join([stamp, *also_satisfied(lock)]))


def also_satisfied(lock):
    """The development lock holds everything that the product's lock does."""
    return [wanted("requirements.lock")] if lock == "requirements-dev.lock" else []


def make_venv():
    if subprocess.call([sys.executable, "-m", "venv", "--clear", VENV]):
        stop(
            "Python could not make a virtual environment. On Debian and Ubuntu install it with "
            "`apt install python3-venv`; then delete the folder .venv and run this again."
        )


def main(arguments):
    task = arguments[0] if arguments else "run"
    use_new_enough_python()
    refuse_full_disk(ROOM_TO_RUN, "running")
    prepare("requirements.lock" if task == "run" else "requirements-dev.lock")
    if task == "run":
        os.execv(PYTHON, [PYTHON, "manage.py", "run"] + arguments[1:])
    if task == "test":
        # The whole suite, with a process more than there are cores, because many tests wait for
        # workers; a part that someone names, in one process, as it is written.
        whole = ["-n", str((os.cpu_count() or 1) + 1), "--dist", "worksteal"]
        os.execv(PYTHON, [PYTHON, "-m", "pytest"] + (arguments[1:] or whole))


if __name__ == "__main__":
    os.chdir(ROOT)
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        stop("Stopped. Run the same command again to go on.")
