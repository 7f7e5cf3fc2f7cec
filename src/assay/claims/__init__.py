"""From an article to its claims, and from a claim to the words to look for."""
