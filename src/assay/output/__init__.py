"""Views of what was found, in every format."""
