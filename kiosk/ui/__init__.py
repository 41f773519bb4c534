"""The kiosk's face: layout in millimetres, drawing with pygame, the window.

Law of this room: it draws a screen value and says where its targets are. It decides
nothing; pygame is imported here and nowhere else.
"""

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # before pygame is imported
