"""Quality gates: what assay reaches on articles that people have marked by hand."""
