"""Ticket templates: a ticket becomes lines on paper.

Law of this room: pure. It knows what stands on the paper and how large, and nothing
about printers: the kiosk and the server's preview turn the lines into their bytes.
"""
