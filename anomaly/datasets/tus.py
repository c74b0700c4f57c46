"""Uploads that can be resumed, for programs: tus 1.0.0 with creation, checksum, termination and
expiration (https://tus.io/protocols/resumable-upload). The site's own script speaks it, and any tus
client does. A last request, `finish`, answers with what became of the file.
"""

import base64
import binascii
from collections.abc import Callable, Iterator
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseBase, JsonResponse, UnreadablePostError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import Visit
from anomaly.datasets import uploading
from anomaly.datasets.models import DataLimits, Dataset, Upload
from anomaly.datasets.sweeping import KEPT
from submissions.entries.models import Submission
from theme.refusal import Refused

PIECE = 2**18  # bytes read from the network at a time
CHUNK_TYPE = "application/offset+octet-stream"
GONE = {"upload.gone": 410}
View = Callable[..., HttpResponseBase]


def speaking_tus(view: View) -> View:
    """Versions in the headers, refusals as JSON with the status that tus gives them."""

    @wraps(view)
    def answer(request: Visit, *arguments: object, **named: object) -> HttpResponseBase:
        try:
            response = view(request, *arguments, **named)
        except Refused as refused:
            told = {"error": str(refused), "code": refused.code}
            response = JsonResponse(told, status=GONE.get(refused.code, refused.status))
        response["Tus-Resumable"] = "1.0.0"
        response["Cache-Control"] = "no-store"
        return response

    return answer


def told_of_abilities(largest: int) -> HttpResponse:
    response = HttpResponse(status=204)
    response["Tus-Version"] = "1.0.0"
    response["Tus-Extension"] = "creation,checksum,termination,expiration"
    response["Tus-Checksum-Algorithm"] = "sha256"
    response["Tus-Max-Size"] = str(largest)
    return response


@login_required
@require_http_methods(["POST", "OPTIONS"])
@speaking_tus
def begin(request: Visit, event: str, pk: object) -> HttpResponse:
    own = Submission.objects.own(request.user).select_related("event", "team")
    submission = get_object_or_404(own, event__slug=event, pk=pk)
    if request.method == "OPTIONS":
        return told_of_abilities(DataLimits.of(submission.event).file_bytes)
    about = metadata(request.headers.get("Upload-Metadata", ""))
    upload = uploading.begin(
        request.user,
        submission,
        name=about.get("filename", ""),
        size=number(request, "Upload-Length"),
        sha256=about.get("sha256", ""),
    )
    response = HttpResponse(status=201)
    response["Location"] = reverse("datasets:chunks", args=[event, upload.pk])
    return standing(response, upload)


@login_required
@require_http_methods(["HEAD", "PATCH", "DELETE", "OPTIONS"])
@speaking_tus
def upload(request: Visit, event: str, pk: object) -> HttpResponse:
    found = fetch(request, event, pk)
    if request.method == "OPTIONS":
        return told_of_abilities(DataLimits.of(found.submission.event).file_bytes)
    if request.method == "HEAD":
        return standing(HttpResponse(status=200), found)
    if request.method == "DELETE":
        uploading.give_up(request.user, found)
        return HttpResponse(status=204)
    return standing(HttpResponse(status=204), take_chunk(request, found))


def take_chunk(request: Visit, found: Upload) -> Upload:
    if request.content_type != CHUNK_TYPE:
        raise BadRequest(f"a chunk is {CHUNK_TYPE}")
    return uploading.append(
        request.user,
        found,
        offset=number(request, "Upload-Offset"),
        chunks=pieces(request),
        sha256=checksum(request.headers.get("Upload-Checksum", "")),
    )


@login_required
@require_POST
@speaking_tus
def finish(request: Visit, event: str, pk: object) -> JsonResponse:
    """What became of a file that has come whole: its page, or the sentence why it is not used."""
    found = fetch(request, event, pk)
    dataset = uploading.finish(request.user, found, tree=request.POST.get("tree", ""))
    rejected = dataset.state == Dataset.State.REJECTED
    told = {"url": dataset.get_absolute_url(), "error": dataset.problem, "code": dataset.code}
    return JsonResponse(told, status=422 if rejected else 200)


def fetch(request: Visit, event: str, pk: object) -> Upload:
    own = Upload.objects.own(request.user).select_related("submission__event", "submission__team")
    return get_object_or_404(own, submission__event__slug=event, pk=pk)


def standing(response: HttpResponse, upload: Upload) -> HttpResponse:
    response["Upload-Offset"] = str(upload.offset)
    response["Upload-Length"] = str(upload.size)
    response["Upload-Expires"] = http_date((upload.touched_at + KEPT).timestamp())
    return response


def pieces(request: Visit) -> Iterator[bytes]:
    """The body as it comes; of a connection that was cut nothing counts."""
    while True:
        try:
            piece = request.read(PIECE)
        except UnreadablePostError as error:
            raise BadRequest("the connection was cut") from error
        if not piece:
            return
        yield piece


def number(request: Visit, header: str) -> int:
    value = request.headers.get(header, "")
    if not value.isdecimal() or len(value) > 18:
        raise BadRequest(f"{header} is a number of bytes")
    return int(value)


def metadata(header: str) -> dict[str, str]:
    """`filename d29ybGQ=,sha256 …`: keys, each with its value in base64."""
    found = {}
    for pair in filter(None, header.split(",")):
        key, _space, value = pair.strip().partition(" ")
        found[key] = decoded(value).decode("utf-8", "replace")
    return found


def checksum(header: str) -> str:
    """`sha256 <base64>` as hexadecimal; an empty string if there is none."""
    if not header:
        return ""
    algorithm, _space, value = header.partition(" ")
    if algorithm != "sha256":
        raise BadRequest("checksums are sha256")
    return decoded(value).hex()


def decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadRequest("a value is not base64") from error
