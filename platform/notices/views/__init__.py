"""Mail and audit trail of one event, for those who run it; everybody else gets 404."""
