"""Invented inquiries in every state that there is, so that a first look at the desk shows work to do.

They are told by the product's own functions, one story a transaction, and made older step by step. `clear` takes away
what hangs on an inquiry that is marked as demo, and nothing else.
"""
