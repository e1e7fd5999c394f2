"""MPM: proposed changes to the registry, from registration to the next snapshot."""
