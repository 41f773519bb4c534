"""The server's HTML: page models, rendering, templates, style sheets and scripts.

Law of this room: a page is a frozen model and a pure function of it (`render`); only
`source` reads the store. The pages work without JavaScript where the public reads them,
take nothing from another host and need no build step.
"""
