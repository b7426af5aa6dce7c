"""Where code and organisation disagree, with the evidence.

In:  one measurement of one organisation (`conway.gaps.measured.Measured`).
Out: findings (`conway.gaps.gap.Gap`), strongest first.
"""
