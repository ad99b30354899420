"""Everything Qt. Knows the engine only through its client."""
