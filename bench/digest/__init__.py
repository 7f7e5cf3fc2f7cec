"""The digest over simulated years: what was delivered against what was deliverable."""
