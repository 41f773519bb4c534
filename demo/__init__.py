"""The whole system on one machine: server, kiosk, simulated hardware.

Law of this room: it sits on top and nobody imports it. What stands in for the outside
world shares no code with what it judges.
"""
