"""The directory in memory, for searches over many campuses: the same answers as the database gives, at every size.

Rows are arrays of numbers. What a rule reads of an offering takes few values, so each rule is asked once for each of
them rather than once for each offering: by the very functions of `leadgen.matching.rules`, which nothing here repeats.
A rule that this package does not know is asked for every kind of offering, which is slower and as right.
"""
