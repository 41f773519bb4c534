"""What kiosk and server must agree on: messages, catalogue, token, label, business day.

Law of this room: pure values and functions. No I/O, no clock, no randomness; the only
library is pydantic. Released messages are extended, never renamed or narrowed.
"""

from typing import Final

PROTOCOL_VERSION: Final = 1
