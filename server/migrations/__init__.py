"""How the database came to be, one step after another; run by `server.store.schema`.

Law of this room: a released step is never changed; a new one is added behind it.
"""
