"""The permission matrix as people say it: which resource an address is about, and which verb it is.

Who may is declared beside each address, in the `pages.py` of its room. All addresses of one
resource and verb answer the same roles, so that a cell of the matrix is one cell; a test holds it.
"""

MATRIX: dict[str, dict[str, str]] = {
    # --- the site ------------------------------------------------------------------------------
    "Site: health": {"read": "healthz metrics"},
    "Own account": {
        "read": "accounts:profile accounts:data accounts:tokens ballots:dashboard",
        "update": "accounts:change_picture entries:preview",
        "export": "accounts:download",
        "deactivate": "accounts:deactivate",
        "open again by the link in a mail": "accounts:reactivate",
        "erase": "accounts:erase",
    },
    "Own API token": {"end": "accounts:revoke_token"},
    "Picture of a person": {"read": "accounts:picture"},
    "Mail received, own": {"unsubscribe": "notices:unsubscribe"},
    # --- the event -----------------------------------------------------------------------------
    "Event": {
        "create": "events:create",
        "read": "events:list events:detail events:page events:conduct events:logo events:look",
        "update": "events:settings events:parts events:part events:remove_part events:move_part "
        "entries:types entries:type entries:question entries:question_remove "
        "entries:gallery_settings datasets:limits programme:settings",
        "copy": "events:clone",
        "export": "events:written",
        "publish, archive": "events:state",
    },
    "Console": {"read": "events:console entries:card jobs:card"},
    "Extension of a person": {"create, end": "events:extend events:give_time events:end_extension"},
    "Roles": {"read, give, take": "events:roles events:take_role"},
    "Invitation": {
        "create, withdraw": "events:invitations events:invitation_import events:withdraw",
        "export": "events:invitation_export",
        "use": "events:code",
        "read by its code": "events:invitation",
    },
    "Registration, own": {
        "create, read, update": "events:registration events:register events:cancel",
        "read ticket": "events:ticket",
        "read certificate": "events:certificate",
    },
    "Registration, others": {
        "read": "events:people events:person events:statistics events:figure",
        "decide": "events:decide events:tell events:take_place",
        "export": "events:people_export events:printed",
    },
    "File of an answer": {"read": "events:answer_file"},
    "Check-in": {"read, check in": "events:door events:check_in events:undo_check_in"},
    "Team, own": {
        "create, read": "events:team",
        "invite": "events:team_invite",
        "renew link": "events:team_renew",
        "leave": "events:leave",
        "lead": "events:team_member events:team_answer",
    },
    "Team, others": {
        "join by link": "events:join",
        "read, ask": "events:board events:stop_seeking events:ask",
    },
    "Teams of the event": {"read": "events:teams", "export": "events:team_export"},
    "Mail": {
        "read outbox": "notices:outbox notices:mail",
        "send again, stop": "notices:stop notices:send_again",
        "compose": "notices:write notices:campaign notices:edit notices:wordings",
        "send": "notices:post notices:stop_campaign",
        "say in own words": "notices:wording",
    },
    "Webhooks": {
        "read, create, update": "notices:webhooks notices:change_webhook notices:deliver_again"
    },
    "Audit trail": {
        "read": "notices:audit",
        "export": "notices:audit_csv notices:audit_json",
    },
    # --- submissions ---------------------------------------------------------------------------
    "Submission": {
        "create": "entries:mine entries:create entries:write",
        "read": "entries:detail",
        "read version": "entries:version",
        "update": "entries:edit entries:autosave entries:authors entries:restore "
        "entries:answer entries:preview_as entries:files entries:file_remove",
        "submit": "entries:submit",
        "withdraw, delete": "entries:withdraw entries:discard",
    },
    "Page before a link that leads away": {"read": "entries:leave"},
    "File of a submission": {"read": "entries:file entries:notebook"},
    "Submissions of the event": {
        "read": "entries:list entries:alike",
        "update": "entries:bulk entries:release entries:filters entries:note entries:reopen "
        "entries:import",
        "export": "entries:export_csv entries:export_json",
    },
    "Gallery": {
        "read": "entries:gallery",
        "read a project's picture": "entries:picture",
        "watch a project's video": "entries:watch",
        "vote": "entries:vote",
    },
    "Project idea": {
        "read": "ideas:list ideas:idea",
        "ask, propose": "ideas:ask ideas:begin",
        "create, update": "ideas:create ideas:edit",
        "publish": "ideas:publish",
    },
    "Idea of a proposal": {"read": "ideas:of", "choose": "ideas:choose"},
    # --- data sets and what they say -----------------------------------------------------------
    "Data set": {
        "read profile": "datasets:panel datasets:detail",
        "read file": "datasets:download",
        "create": "datasets:upload datasets:begin",
        "go on with own upload": "datasets:chunks datasets:finish datasets:give_up",
        "update": "datasets:reading",
    },
    "Anomaly job": {
        "read": "jobs:detail jobs:progress",
        "start": "jobs:start",
        "cancel": "jobs:cancel",
        "run again": "jobs:rerun jobs:rerun_all",
    },
    "Queue and workers": {"read": "jobs:overview"},
    "Anomaly report": {
        "read": "reports:panel reports:detail reports:scatter",
        "export": "reports:scores",
    },
    # --- judging -------------------------------------------------------------------------------
    "Criteria and panel": {
        "read": "panel:detail panel:judge panel:examples",
        "update": "panel:settings panel:preset panel:criterion_add panel:criterion "
        "panel:criterion_remove panel:spots",
    },
    "Assignments": {
        "create, delete": "panel:add_judge panel:replace panel:plan panel:assign_all panel:assign "
        "panel:unassign",
        "read own": "ballots:event ballots:training panel:expertise",
        "take another": "ballots:another",
    },
    "Conflict of interest": {
        "find, create, lift": "panel:conflict panel:find_conflicts panel:lift_conflict",
        "declare own": "ballots:conflict",
    },
    "Judgement, own": {
        "read, create, update": "ballots:sheet ballots:versions",
        "reopen, skip, abstain, flag": "ballots:reopen ballots:skip ballots:abstain ballots:flag",
        "compare in pairs": "ballots:pair",
    },
    "Judgement, others": {
        "read progress": "ballots:progress",
        "discuss": "ballots:discussion",
        "settle": "ballots:settle",
    },
    "Ranking": {
        "read": "awards:ranking awards:why",
        "freeze": "awards:freeze awards:confirm awards:release awards:ask",
    },
    "Awards": {
        "propose, give": "awards:propose awards:award awards:prize awards:remove_prize "
        "awards:award_votes",
    },
    "Results": {
        "publish": "awards:publish",
        "unpublish": "awards:unpublish",
        "read": "awards:results",
        "export": "awards:results_json",
    },
    "Comments of judges": {"read": "awards:comments"},
    "Certificate of a winner": {"read": "awards:certificate"},
    # --- the programme -------------------------------------------------------------------------
    "Schedule": {
        "read": "programme:agenda programme:now programme:versions programme:version "
        "programme:session programme:questions",
        "export": "programme:embed programme:ics programme:json programme:xml programme:calendar",
        "read draft": "programme:editor programme:people programme:rooms programme:slot",
        "update": "programme:draft programme:new_session programme:edit_session programme:delete "
        "programme:cancel programme:add_speaker programme:hang programme:move programme:remove "
        "programme:drop_speaker programme:take_down programme:edit_room programme:delete_room "
        "programme:save_day programme:delete_day programme:bring_in",
        "publish": "programme:release",
    },
    "Own agenda": {"read, update": "programme:mine programme:renew programme:star"},
    "Slides of a session": {"read": "programme:slides"},
    "Question to a speaker": {
        "create, vote": "programme:ask programme:question_vote",
        "answer, moderate": "programme:stage programme:question_answer programme:question_state",
    },
    "Poster": {
        "read": "programme:hall programme:hall_live programme:walk programme:walk_step "
        "programme:poster programme:watch programme:poster_live programme:page programme:sheet",
        "visit, ask": "programme:here programme:poster_ask programme:say programme:card "
        "programme:poster_star",
        "vote": "programme:vote",
        "present": "programme:present programme:own_poster",
        "moderate": "programme:hide_remark",
    },
    "Votes for posters": {"read": "programme:votes"},
    "Speaking, own": {
        "read, update": "programme:speaking programme:needs programme:times programme:confirm "
        "programme:withdraw programme:upload",
    },
    "Remarks and questions of the event": {"moderate": "programme:moderation"},
    "Feedback on the event": {
        "give": "programme:feedback programme:give_event programme:give_session",
        "read, publish": "programme:feedback_results programme:feedback_release",
    },
    "Recap": {
        "read": "programme:recap programme:recap_figure",
        "export": "programme:recap_pdf programme:recap_json",
        "update, publish": "programme:recap_edit programme:recap_freeze programme:recap_publish",
    },
}
