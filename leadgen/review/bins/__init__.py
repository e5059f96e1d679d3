"""The queries behind the worklist: one for each kind of thing that needs a person. No personal data is read.

Each gives a line of the same columns: ``key`` (unique in its bin, like ``delivery:12``), ``subject_id`` (the row that
an action is about), ``since`` (when the waiting began), and what `leadgen.review.worklist.Item` names, with ``slug``
and ``us_state`` to narrow by. States are written out in the statements, so that partial indexes answer them.
"""

from leadgen.review.bins.held import is_held

__all__ = ["is_held"]
