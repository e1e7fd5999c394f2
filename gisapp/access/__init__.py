"""Who may do what: actors, roles, one matrix of permissions, users and their sessions."""
