"""Puts the claims of health articles to the test against peer-reviewed research."""

__version__ = "0.1.0"
