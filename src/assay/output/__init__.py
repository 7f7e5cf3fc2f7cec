"""Views of what was found, in every format.

`formats.FORMATS` holds the views of a report by the ending of the file they go to. To
add one: write `output/NAME.py`, list it there. Records for other tools are in
`assay.exchange`. Nothing is imported here: a view does not pay for the others.
"""
