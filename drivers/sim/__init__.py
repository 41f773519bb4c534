"""An ESC/POS receipt printer on TCP that behaves as real ones do, faults included.

Law of this room: it shares no code with the driver it judges, and knows nothing of
tickets; it is useful to any project that prints.
"""
