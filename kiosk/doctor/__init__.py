"""`seiriken-kiosk doctor`: what a technician would look at, each in one line.

Law of this room: looking changes nothing and takes nothing away from a running kiosk.
Each check is a small function from what it is shown to a verdict; the world (paths,
clock, network, devices) is handed in. A verdict that is not OK says what to do.
"""
