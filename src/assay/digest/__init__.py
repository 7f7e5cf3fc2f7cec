"""What is due, what is new, what has changed: the pure half of `assay digest`."""
