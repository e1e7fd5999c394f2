"""What PostgreSQL needs beside SQLite, and facts about the workspace itself."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables."""
