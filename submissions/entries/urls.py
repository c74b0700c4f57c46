from django.urls import path

from submissions.entries.views import organizing, reading, writing

app_name = "entries"

ALL = "events/<slug:event>/submissions/"
ONE = "events/<slug:event>/submissions/<uuid:pk>/"

urlpatterns = [
    path(ALL, organizing.organizer_list, name="list"),
    path(f"{ALL}mine/", writing.mine, name="mine"),
    path(f"{ALL}new/", writing.create, name="create"),
    path(f"{ALL}new/<slug:entry_type>/", writing.create, name="write"),
    path(ONE, reading.detail, name="detail"),
    path(f"{ONE}edit/", writing.edit, name="edit"),
    path(f"{ONE}autosave/", writing.autosave, name="autosave"),
    path(f"{ONE}authors/", writing.authors, name="authors"),
    path(f"{ONE}submit/", writing.submit, name="submit"),
    path(f"{ONE}withdraw/", writing.withdraw, name="withdraw"),
    path(f"{ONE}restore/", writing.restore, name="restore"),
    path(f"{ONE}answer/", organizing.answer, name="answer"),
    path(f"{ONE}discard/", writing.discard, name="discard"),
    path(f"{ONE}preview/<slug:reader>/", reading.preview_as, name="preview_as"),
    path(f"{ONE}versions/<int:number>/", reading.version, name="version"),
    path("submissions/preview/", writing.preview, name="preview"),
]
