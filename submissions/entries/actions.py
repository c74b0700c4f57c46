"""What people do with a submission: the room's verbs, each kept by its topic."""

from submissions.entries.authors import set_authors as set_authors
from submissions.entries.deadline import reopen as reopen
from submissions.entries.drafting import autosave as autosave
from submissions.entries.drafting import create_draft as create_draft
from submissions.entries.drafting import discard_changes as discard_changes
from submissions.entries.drafting import save_draft as save_draft
from submissions.entries.files import attach as attach
from submissions.entries.files import detach as detach
from submissions.entries.handing_in import content_hash as content_hash
from submissions.entries.handing_in import missing_parts as missing_parts
from submissions.entries.handing_in import restore as restore
from submissions.entries.handing_in import submit as submit
from submissions.entries.handing_in import withdraw as withdraw
from submissions.entries.opening import conceal as conceal
from submissions.entries.opening import give_many_to_read as give_many_to_read
from submissions.entries.opening import give_to_read as give_to_read
from submissions.entries.opening import reveal as reveal
from submissions.entries.opening import take_from_reader as take_from_reader
