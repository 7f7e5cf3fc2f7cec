"""From a claim and records to a verdict; pure."""
