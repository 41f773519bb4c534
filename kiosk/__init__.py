"""The firmware of the ticket machine.

Law of this house: it works alone. The network is never on the visitor's path, hardware
threads only post events, and one pure function (`core.flow.step`) decides what happens.
Only `__main__` and `runtime` create clocks, threads and devices; all else is handed them.
"""
