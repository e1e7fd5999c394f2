"""Identities, provenance of intakes, probable duplicates, decree lists, tombstones."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables."""
