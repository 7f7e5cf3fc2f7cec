"""Queries: how they are read, changed and checked before they are sent."""
