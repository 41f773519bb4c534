"""Bring a database up to what this version expects."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine


class WrongSchema(Exception):
    """The database was made by another version; `seiriken-server init` brings it up."""


def upgrade(engine: Engine) -> None:
    """Run every step the database has not seen, each in one transaction."""
    config = _config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def check(engine: Engine) -> None:
    """Raise WrongSchema unless the database is exactly at this version's last step."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != head:
        raise WrongSchema(
            f"the database is at step {found or 'none'}, this version needs {head}; "
            "run: seiriken-server init"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "server:migrations")
    return config
