"""Waits: how long finished work waits to be merged and released, and what crossing costs.

In:  a history and the labelled work of its window.
Out: ``Waits``: delays of change sets against independent waits, effects of crossing a boundary
     within author, repository and quarter, and waits until release.
"""
