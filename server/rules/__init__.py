"""The rules of waiting and calling.

Law of this room: pure. Values in, values out; no database, no clock, no logging. The
time is an argument; chance is a seeded `random.Random` handed in.
"""
