"""Work in the background, and mappings that an office saved."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables."""
