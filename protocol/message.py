"""The common shape of everything that crosses the wire."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Names = dict[str, str]
"""One text in several languages: language code (`ja`, `en`, …) to text."""

Instant = AwareDatetime


class Message(BaseModel):
    """A frozen value of the wire. Unknown fields of a newer peer are ignored."""

    model_config = ConfigDict(frozen=True)
