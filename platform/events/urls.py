from django.urls import path

from events.views import coming, console, door, editing, inviting, making, people, public, teams

app_name = "events"
urlpatterns = [
    path("", public.event_list, name="list"),
    path("events/new/", making.create, name="create"),
    path("events/<slug:event>/", public.detail, name="detail"),
    path("events/<slug:event>/about/<slug:page>/", public.page, name="page"),
    path("events/<slug:event>/conduct/", public.conduct, name="conduct"),
    path("events/<slug:event>/logo.png", public.logo, name="logo"),
    path("events/<slug:event>/look.css", public.look, name="look"),
    # coming in
    path("events/<slug:event>/registration/", coming.registration, name="registration"),
    path("events/<slug:event>/register/", coming.register, name="register"),
    path("events/<slug:event>/cancel/", coming.cancel, name="cancel"),
    path("events/<slug:event>/code/", coming.enter_code, name="code"),
    path("events/<slug:event>/invited/<str:code>/", coming.invitation, name="invitation"),
    path("events/<slug:event>/ticket/", coming.ticket, name="ticket"),
    path("events/<slug:event>/certificate/", coming.certificate, name="certificate"),
    path("events/<slug:event>/answers/<int:answer>/", coming.answer_file, name="answer_file"),
    # teams
    path("events/<slug:event>/team/", teams.team, name="team"),
    path("events/<slug:event>/team/leave/", teams.leave, name="leave"),
    path("events/<slug:event>/team/invite/", teams.invite, name="team_invite"),
    path("events/<slug:event>/team/renew/", teams.renew, name="team_renew"),
    path("events/<slug:event>/team/join/<str:code>/", teams.join, name="join"),
    path(
        "events/<slug:event>/team/members/<int:member>/<slug:what>/",
        teams.member,
        name="team_member",
    ),
    path("events/<slug:event>/team/requests/<int:asked>/", teams.answer, name="team_answer"),
    path("events/<slug:event>/board/", teams.board, name="board"),
    path("events/<slug:event>/board/stop/", teams.stop_seeking, name="stop_seeking"),
    path("events/<slug:event>/board/<uuid:team>/ask/", teams.ask, name="ask"),
    # running it
    path("events/<slug:event>/console/", console.console, name="console"),
    path("events/<slug:event>/state/", making.state, name="state"),
    path("events/<slug:event>/clone/", making.clone, name="clone"),
    path("events/<slug:event>/event.yaml", making.written, name="written"),
    path("events/<slug:event>/settings/<slug:section>/", editing.settings, name="settings"),
    path("events/<slug:event>/edit/<slug:kind>/", editing.parts, name="parts"),
    path("events/<slug:event>/edit/<slug:kind>/<int:part>/", editing.part, name="part"),
    path(
        "events/<slug:event>/edit/<slug:kind>/<int:part>/remove/",
        editing.remove_part,
        name="remove_part",
    ),
    path(
        "events/<slug:event>/edit/<slug:kind>/<int:part>/up/", editing.move_part, name="move_part"
    ),
    path("events/<slug:event>/edit/phases/<int:phase>/extend/", editing.extend, name="extend"),
    path(
        "events/<slug:event>/edit/extensions/<int:extension>/end/",
        editing.end_extension,
        name="end_extension",
    ),
    path("events/<slug:event>/people/", people.people_list, name="people"),
    path(
        "events/<slug:event>/people/<int:registration>/time/",
        people.give_time,
        name="give_time",
    ),
    path("events/<slug:event>/people/decide/", people.decide, name="decide"),
    path("events/<slug:event>/people/tell/", people.tell, name="tell"),
    path("events/<slug:event>/people/<int:registration>/", people.person, name="person"),
    path(
        "events/<slug:event>/people/<int:registration>/cancel/",
        people.take_place,
        name="take_place",
    ),
    path("events/<slug:event>/people.<slug:form>", people.export, name="people_export"),
    path("events/<slug:event>/print/<slug:what>.pdf", people.printed, name="printed"),
    path("events/<slug:event>/statistics/", people.statistics, name="statistics"),
    path("events/<slug:event>/statistics/<slug:by>.json", people.figure, name="figure"),
    path("events/<slug:event>/roles/", people.roles, name="roles"),
    path("events/<slug:event>/roles/<int:role>/take/", people.take_role, name="take_role"),
    path("events/<slug:event>/teams/", people.team_list, name="teams"),
    path("events/<slug:event>/teams.csv", people.team_export, name="team_export"),
    path("events/<slug:event>/invitations/", inviting.invitations, name="invitations"),
    path(
        "events/<slug:event>/invitations/import/",
        inviting.invitation_import,
        name="invitation_import",
    ),
    path(
        "events/<slug:event>/invitations/<int:invitation>/withdraw/",
        inviting.withdraw,
        name="withdraw",
    ),
    path(
        "events/<slug:event>/invitations.csv", inviting.invitation_export, name="invitation_export"
    ),
    # the door
    path("events/<slug:event>/door/", door.door, name="door"),
    path("events/<slug:event>/door/check-in/", door.check_in, name="check_in"),
    path("events/<slug:event>/door/<int:registration>/undo/", door.undo, name="undo_check_in"),
]
