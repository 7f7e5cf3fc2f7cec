"""Records at hand: read, merged, ranked; pure."""
