"""The database itself refuses to change the past: triggers on `events`.

An event is never updated, and deleted only for a business day that was closed.
"""

from typing import Final

SQLITE: Final = (
    """
    CREATE TRIGGER events_never_change BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END
    """,
    """
    CREATE TRIGGER events_stay BEFORE DELETE ON events
    WHEN NOT EXISTS (SELECT 1 FROM closed_days
        WHERE office = OLD.office AND day = OLD.business_day)
    BEGIN SELECT RAISE(ABORT, 'events of an open day are never deleted'); END
    """,
)
POSTGRESQL: Final = (
    """
    CREATE FUNCTION events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM closed_days
            WHERE office = OLD.office AND day = OLD.business_day)
        THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'events are never changed, and kept while their day is open';
    END $$
    """,
    """
    CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION events_append_only()
    """,
)
