"""Delivery: footprints, autonomy, handoffs, parallelism, concentration.

In:  ``Work``: labelled change sets.
Out: what a change set needs of teams and release units, and what that costs.
"""
