"""What the room holds is handed out whole, and gone afterwards, down to the database."""

from django.core.files.base import ContentFile

from events import actions, personal_data
from events.models import Answer, Invitation, Registration


def test_person_gets_all_and_is_forgotten(
    event, author, rival, organizer, team, django_capture_on_commit_callbacks
):
    registration = Registration.objects.get(user=author)
    question = event.questions.create(slug="cv", label="CV", kind="file")
    file = ContentFile(b"%PDF-1.7 mine", "cv.pdf")
    answer = Answer.objects.create(
        registration=registration, question=question, value="cv.pdf", file=file
    )
    actions.invite(organizer, event, email=author.email, name="Author")
    held = personal_data.collect(author)
    assert held.data["registrations"][0]["answers"] == {"CV": "cv.pdf"}
    assert held.data["teams"] == [{"event": "summer", "team": "Authors", "leads": True}]
    (path,) = held.files.values()
    assert path.read_bytes() == b"%PDF-1.7 mine"
    ticket = registration.ticket
    with django_capture_on_commit_callbacks(execute=True):
        personal_data.erase(author)
    assert not Answer.objects.filter(pk=answer.pk).exists()
    assert not path.exists()
    assert not Invitation.objects.filter(email=author.email).exists()
    registration.refresh_from_db()
    assert registration.ticket != ticket
    assert Registration.objects.filter(user=rival).exists()
