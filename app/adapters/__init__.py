"""Ports to the outside: guarded HTTP, mail, and the crypto and text formats that others define.

Each is a pure module: settings come in as arguments, nothing here knows a request, a session or a row.
"""
