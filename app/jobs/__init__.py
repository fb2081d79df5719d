"""Work off the path of requests: effects on the outside, recurring work, and the processes that do both.

The database is the record of truth, the queue only a hint. Whatever the queue loses, the sweep finds.
"""
