"""How much an event takes: the nouns of its limits."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anomaly.detector.reading.limits import Limits
from events.models import Event

MIB = 2**20


class DataLimits(models.Model):
    """How much an event takes. An event without a row of its own has the defaults."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="data_limits")
    file_mib = models.PositiveIntegerField(_("largest file, in MiB"), default=2048)
    unpacked_mib = models.PositiveIntegerField(_("largest when unpacked, in MiB"), default=8192)
    ratio = models.PositiveIntegerField(_("largest ratio of unpacked to packed"), default=200)
    rows = models.PositiveBigIntegerField(_("most rows"), default=50_000_000)
    columns = models.PositiveIntegerField(_("most columns"), default=2_000)
    cell_length = models.PositiveIntegerField(_("longest cell, in characters"), default=100_000)
    datasets = models.PositiveIntegerField(
        _("most data sets of a submission, all versions counted"), default=50
    )

    class Meta:
        verbose_name = _("limits of data sets")
        constraints = [
            models.CheckConstraint(
                condition=Q(file_mib__gte=1, unpacked_mib__gte=1, ratio__gte=2)
                & Q(rows__gte=1, columns__gte=1, cell_length__gte=1, datasets__gte=1),
                name="data_limits_leave_room",
            ),
        ]

    def __str__(self) -> str:
        return f"limits of {self.event}"

    @classmethod
    def of(cls, event: Event) -> "DataLimits":
        return cls.objects.filter(event=event).first() or cls(event=event)

    @property
    def file_bytes(self) -> int:
        """Never more than the server itself takes."""
        return min(self.file_mib * MIB, settings.PODIUM_UPLOAD_BYTES)

    @property
    def reading(self) -> Limits:
        """As the readers know them."""
        return Limits(
            unpacked_bytes=self.unpacked_mib * MIB,
            ratio=self.ratio,
            rows=self.rows,
            columns=self.columns,
            cell_length=self.cell_length,
        )
