"""Translation catalogues, wording and line breaking, for the kiosk and the server.

Law of this room: it turns facts into words and imports neither kiosk nor server. Every
text a person can see comes from `assets/translations/<language>/<room>.toml`.
"""
