"""The firmware of the ticket machine.

Law of this house: it works alone. The network is never on the visitor's path, hardware
threads only post events, and one pure function, `core.flow.step`, decides what happens.
Only `__main__`, `machine` and `runtime` make clocks, threads and devices; everything
else is handed them.
"""
