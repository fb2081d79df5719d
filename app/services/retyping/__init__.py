"""Another type for a field that has values: what it does to them (report), asking for it, and the steps.

Nothing is changed before every value was looked at. Then the definition has its new type at once, so that
what is written from then on is checked by it, and the values follow page by page; one that is not rewritten
yet reads as what it will become (app/fields/stored.py). Where nothing can be made of a value, nothing is
changed at all; or it is written down as a failure of the job and emptied, where a person said so.
"""
