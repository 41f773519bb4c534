"""The rules of the kiosk's conversation: screens, events, effects and the flow.

Law of this room: pure. No I/O, no clock, no logging, no randomness; time is asked for
with an effect and comes back as an event.
"""
