"""How good assay is: every figure with its interval, in one run.

python -m bench.quality            all of it, against the floors
python -m bench.quality --list     what there is to measure
"""
