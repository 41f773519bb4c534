"""The central queue server: rules (pure), store, API and pages.

Law of this house: the rules of waiting and calling live in `rules`, without a database;
a route is a line of meaning; every change is an event in an append-only log.
"""
