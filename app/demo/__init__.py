"""Demo data: the desk of a company that sells coffee machines and the app that runs them.

Everything is made through the services, under a set clock, so that history, audit, decisions and figures
are what they would be after 90 real days. The same seed makes the same desk.
"""
