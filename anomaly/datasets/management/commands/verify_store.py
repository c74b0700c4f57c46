from typing import Any

from django.core.management.base import BaseCommand, CommandError

from anomaly.datasets.invariants import every_dataset_has_its_file, every_upload_has_its_bytes


class Command(BaseCommand):
    help = "Reads every stored file and says which are missing or not what was uploaded (I2)."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = [*every_dataset_has_its_file(), *every_upload_has_its_bytes()]
        for line in broken:
            self.stderr.write(line)
        if broken:
            raise CommandError(f"{len(broken)} files are not what they should be.")
        self.stdout.write("Every file is what was uploaded.")
