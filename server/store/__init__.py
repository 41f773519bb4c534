"""What is kept, and every change of it.

Law of this room: one door to SQLAlchemy (with `server.tables` and the migrations). A
change is a function over one `Transaction`; it writes the event and the projection
together or not at all. Rules are asked, never decided here; the time is handed in.
"""
