"""The long proofs: kill -9, a day offline, two kiosks on one series, a soak.

Each judges from what a visitor and a clerk would see: the paper that came out of the
virtual printer and the server's list of tickets, both held by processes that are never
killed. The kiosk's own ledger is read to count, never to judge.
"""
