"""The feed: what each school should have, in order, for a system that was down and catches up.

``offer`` puts a thing into it when it is first tried, ``read`` gives a page, ``acknowledge`` keeps the school's word
that it has it, ``days`` lets both sides compare.
"""
