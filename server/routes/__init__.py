"""Every address of the server.

Law of this room: FastAPI stays here and in `server.app`. A route reads the request,
asks the store or the press for one thing, and answers; it decides nothing itself.
"""
