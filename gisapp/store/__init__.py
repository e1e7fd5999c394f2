"""Where a workspace keeps what it must not lose: files, database, keys, audit trail."""
