"""Users, the audit trail and one's own account."""
