"""The texts of one language: a key and its values in, a sentence out.

`assets/translations/<language>/<room>.toml` holds a room's texts in tables; the text
`title` of the table `[home]` in `kiosk.toml` has the key `kiosk.home.title`. Texts name
their values in braces: `{waiting}`. Nothing is guessed: a key or a value that is not
there is an error, in tests and on the kiosk alike, and every language says the same
things (`differences`).
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, Final

import assets

FOLDER: Final = assets.ROOT / "translations"
FIRST: Final = "ja"
"""The language every text is written in first, and shown in when in doubt."""


class MissingText(LookupError):
    """A text, or a value in it, that the translations do not have; names the key."""


class BadTranslation(ValueError):
    """A translation file that cannot be used; names file and key."""


@dataclass(frozen=True, slots=True)
class Template:
    """One text as written, and the names of the values it wants."""

    text: str
    wants: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Every text of one language. There is one per language (`load`)."""

    language: str
    templates: Mapping[str, Template]

    def text(self, key: str, **values: object) -> str:
        """The text of that key with its values filled in.

        Raises `MissingText` for a key the language does not have, for a value the text
        wants and did not get, and for a value it got and has no place for.
        """
        template = self.templates.get(key)
        if template is None:
            raise MissingText(f"{self.language} has no text {key}")
        if template.wants != values.keys():
            odd = ", ".join(sorted(template.wants ^ values.keys()))
            raise MissingText(
                f"{self.language} {key}: the text and the call differ: {odd}"
            )
        return template.text.format_map(values)


@cache
def load(language: str) -> Words:
    """The texts of that language, read once; `MissingText` if there are none."""
    if language not in available():
        raise MissingText(f"no translations for {language} in {FOLDER}")
    return Words(language, read(FOLDER / language))


@cache
def available() -> tuple[str, ...]:
    """The languages there are texts for: Japanese, then the others by their code."""
    found = {path.parent.name for path in FOLDER.glob("*/common.toml")}
    return tuple(sorted(found, key=lambda language: (language != FIRST, language)))


def own_name(language: str) -> str:
    """What speakers of a language call it: 日本語, English."""
    return load(language).text("common.own_name")


def read(folder: Path) -> Mapping[str, Template]:
    """The templates of all rooms in a language's folder, by key."""
    found: dict[str, Template] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            room = tomllib.loads(path.read_text(encoding="utf-8"))
        except ValueError as exc:
            raise BadTranslation(f"{path}: {exc}") from exc
        for key, value in _flat(path.stem, room):
            found[key] = _template(path, key, value)
    return MappingProxyType(found)


def differences(one: Words, other: Words) -> tuple[str, ...]:
    """What one of two languages says and the other does not, each a sentence."""
    here, there = one.templates, other.templates
    faults = [f"{other.language} has no text {key}" for key in here if key not in there]
    faults += [f"{one.language} has no text {key}" for key in there if key not in here]
    faults += [
        f"{key}: {one.language} wants {sorted(here[key].wants)}, "
        f"{other.language} wants {sorted(there[key].wants)}"
        for key in here
        if key in there and here[key].wants != there[key].wants
    ]
    return tuple(sorted(faults))


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        key = f"{prefix}.{name}"
        if isinstance(value, dict):
            yield from _flat(key, value)
        else:
            yield key, value


def _template(path: Path, key: str, value: object) -> Template:
    if not isinstance(value, str):
        raise BadTranslation(f"{path}: {key} is {value!r}, not a text")
    try:
        fields = [(name, spec, as_) for _, name, spec, as_ in Formatter().parse(value)]
    except ValueError as exc:
        raise BadTranslation(f"{path}: {key}: {exc}; write a brace as {{{{") from exc
    wants = set()
    for name, spec, as_ in fields:
        if name is None:
            continue
        if not name.isidentifier() or spec or as_:
            raise BadTranslation(f"{path}: {key}: {{{name}}} must be a plain name")
        wants.add(name)
    return Template(value, frozenset(wants))
