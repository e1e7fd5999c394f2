"""MPM: updates, their steps, verification lists, meetings, attachments."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables."""
