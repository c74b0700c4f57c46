from django.urls import path

from submissions.entries.views import files, gallery, importing, organizing, reading, types, writing

app_name = "entries"

ALL = "events/<slug:event>/submissions/"
ONE = "events/<slug:event>/submissions/<uuid:pk>/"

urlpatterns = [
    path(ALL, organizing.organizer_list, name="list"),
    path("events/<slug:event>/gallery/", gallery.show, name="gallery"),
    path("events/<slug:event>/gallery/settings/", gallery.settings, name="gallery_settings"),
    path(f"{ALL}bulk/", organizing.bulk, name="bulk"),
    path(f"{ALL}release/", organizing.release, name="release"),
    path(f"{ALL}filters/", organizing.filters, name="filters"),
    path(f"{ALL}alike/", organizing.alike, name="alike"),
    path(f"{ALL}import/", importing.take_in, name="import"),
    path(f"{ALL}export/csv/", organizing.export, {"kind": "csv"}, name="export_csv"),
    path(f"{ALL}export/json/", organizing.export, {"kind": "json"}, name="export_json"),
    path(f"{ALL}types/", types.every, name="types"),
    path(f"{ALL}types/card/", types.card, name="card"),
    path(f"{ALL}types/<slug:entry_type>/edit/", types.one, name="type"),
    path(f"{ALL}types/<slug:entry_type>/questions/<int:pk>/", types.question, name="question"),
    path(
        f"{ALL}types/<slug:entry_type>/questions/<int:pk>/remove/",
        types.remove_question,
        name="question_remove",
    ),
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
    path(f"{ONE}note/", organizing.note, name="note"),
    path(f"{ONE}reopen/", organizing.reopen, name="reopen"),
    path(f"{ONE}picture.png", gallery.picture, name="picture"),
    path(f"{ONE}vote/", gallery.vote, name="vote"),
    path(f"{ONE}files/", files.manage, name="files"),
    path(f"{ONE}files/<uuid:file>/", files.file, name="file"),
    path(f"{ONE}files/<uuid:file>/read/", files.notebook, name="notebook"),
    path(f"{ONE}files/<uuid:file>/remove/", files.remove, name="file_remove"),
    path(f"{ONE}video/", reading.watch, name="watch"),
    path(f"{ONE}discard/", writing.discard, name="discard"),
    path(f"{ONE}preview/<slug:reader>/", reading.preview_as, name="preview_as"),
    path(f"{ONE}versions/<int:number>/", reading.version, name="version"),
    path("submissions/preview/", writing.preview, name="preview"),
    path("leave/", reading.leave, name="leave"),
]
