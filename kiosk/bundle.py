"""What support needs of a kiosk in one file, without a secret or a visitor in it.

Nothing is copied that could hold one: neither ledger nor number book nor identity, only
counts. What is text (settings, log, sentences) goes through the redaction.
"""

import json
import os
import platform
import re
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import psutil

from kiosk import identity, look, provision, settings
from kiosk.database import LedgerBroken, LedgerTooNew
from kiosk.redaction import REMOVED, Redaction
from kiosk.settings import Settings
from kiosk.state import Vitals
from protocol.messages import KioskState

LOG_LINES: Final = 500
UNIT: Final = "seiriken-kiosk"
_NO_SECRETS: Final = {"kiosk_id", "office", "key_id"}
"""What of the identity may be told."""
_LIBRARIES: Final = (
    *("seiriken", "pydantic", "pygame-ce", "python-escpos", "pyserial", "gpiozero"),
    *("lgpio", "requests", "waitress", "psutil", "budoux", "qrcode"),
)
_README: Final = """A kiosk's bundle for support, made by `seiriken-kiosk bundle`.

doctor.json     what the self-test says
state.json      what the running kiosk says of itself
settings.toml   the settings file
settings.json   the settings in force
ledger.json     tickets and events, counted
files.json      the data directory, by name
machine.json    memory, disk, heat
versions.json   programs and system
log.txt         the last lines of its log

Secrets, tokens and addresses are replaced by [removed]. Neither the ledger nor the
identity is in here.
"""


@dataclass(frozen=True, slots=True)
class Sources:
    """What the bundle is made of. `chosen` is None if there are no usable settings.

    `state` is the kiosk's own word, or the sentence that says why there is none.
    """

    settings_path: Path
    chosen: Settings | None
    doctor: dict[str, Any]
    state: KioskState | str
    vitals: Vitals | None
    log: str
    environ: Mapping[str, str]


def contents(sources: Sources) -> dict[str, str]:
    """The files of the bundle, name and text, redacted."""
    clean = Redaction(secrets(sources.settings_path, sources.chosen, sources.environ))
    state = sources.state
    documents: dict[str, Any] = {
        "doctor.json": sources.doctor,
        "state.json": {"none": state} if isinstance(state, str) else _plain(state),
        "settings.json": _settings(sources.chosen, sources.environ),
        "machine.json": _machine(sources.vitals),
        "versions.json": _versions(),
    }
    if sources.chosen is not None:
        data = sources.chosen.data_dir
        documents["ledger.json"] = _ledger(data)
        documents["files.json"] = _files(data)
    texts = {
        "README.txt": _README,
        "settings.toml": clean(_text(sources.settings_path)),
        "log.txt": clean(sources.log),
    }
    told = {name: _json(_cleaned(what, clean)) for name, what in documents.items()}
    return dict(sorted({**texts, **told}.items()))


def pack(files: Mapping[str, str], at: datetime) -> bytes:
    """The files as a .zip, all written at `at`."""
    whole = BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = ZipInfo(name, at.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, text)
    return whole.getvalue()


def name_for(kiosk_id: str, at: datetime) -> str:
    """`seiriken-kiosk-chuo-1-20261124T010203Z.zip`."""
    kiosk = re.sub(r"[^\w-]", "_", kiosk_id) or "not-enrolled"
    return f"seiriken-kiosk-{kiosk}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.zip"


def secrets(
    path: Path, chosen: Settings | None, environ: Mapping[str, str]
) -> frozenset[str]:
    """Every secret this machine knows, to be looked for in all texts."""
    found = {environ.get("SEIRIKEN_STAFF_PIN", "")}
    kept = [path]
    if chosen is not None:
        data = chosen.data_dir
        found.add(chosen.staff.pin)
        kept.append(data / settings.LAST_GOOD)
        for name in (identity.NAME, identity.LAST_GOOD, provision.ATTEMPT):
            found |= set(_values(data / name))
    for file in kept:
        found.add(_pin(file))
    return frozenset(found)


def tail_of_log(lines: int) -> str:
    """The kiosk's last log lines, or the sentence that says why there are none."""
    wanted = [
        "journalctl",
        "-u",
        UNIT,
        "-n",
        str(lines),
        "--no-pager",
        "-o",
        "short-iso",
    ]
    try:
        done = subprocess.run(
            wanted, capture_output=True, text=True, timeout=20, errors="replace"
        )
    except FileNotFoundError:
        return "none: this machine has no journald\n"
    except subprocess.TimeoutExpired:
        return "none: journalctl did not answer within 20 s\n"
    return done.stdout or f"none: {done.stderr.strip() or 'journalctl gave no line'}\n"


def _pin(path: Path) -> str:
    """The PIN as it stands in a settings file, be it well or ill."""
    try:
        staff = tomllib.loads(_text(path)).get("staff")
    except tomllib.TOMLDecodeError:
        return ""  # then it goes by its shape
    return str(staff.get("pin", "")) if isinstance(staff, dict) else ""


def _values(path: Path) -> Iterator[str]:
    try:
        kept = json.loads(_text(path))
    except ValueError:
        return  # gone or damaged: nothing can be told from it
    if isinstance(kept, dict):
        for name, value in kept.items():
            if name not in _NO_SECRETS and isinstance(value, str):
                yield value


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError as exc:
        return f"# {path}: {exc.strerror}\n"


def _settings(chosen: Settings | None, environ: Mapping[str, str]) -> dict[str, Any]:
    """What is in force, and which variables of the environment had a part in it."""
    names = sorted(name for name in environ if name.startswith("SEIRIKEN_"))
    if chosen is None:
        return {"settings": None, "environment": names}
    told = asdict(chosen)
    told["staff"]["pin"] = REMOVED if chosen.staff.pin else ""
    return {"settings": told, "environment": names}


def _ledger(data: Path) -> dict[str, Any]:
    if not look.is_there(data):
        return {"none": "no ledger yet"}
    try:
        return asdict(look.counts(data))
    except (LedgerBroken, LedgerTooNew, ValueError) as exc:
        return {"none": str(exc)}


def _files(data: Path) -> list[dict[str, Any]]:
    """Names, sizes, owners; never what is in them."""
    found = []
    for path in sorted(data.iterdir()) if data.is_dir() else ():
        about = path.lstat()
        changed = datetime.fromtimestamp(about.st_mtime, UTC)
        found.append(
            {
                "name": path.name,
                "bytes": about.st_size,
                "mode": f"{about.st_mode & 0o7777:04o}",
                "owner": about.st_uid,
                "changed": changed,
            }
        )
    return found


def _machine(vitals: Vitals | None) -> dict[str, Any]:
    memory = psutil.virtual_memory()
    return {
        "memory_mb": memory.total >> 20,
        "memory_available_mb": memory.available >> 20,
        "swap_used_mb": psutil.swap_memory().used >> 20,
        "load": os.getloadavg(),
        "booted": datetime.fromtimestamp(psutil.boot_time(), UTC),
        "vitals": vitals and asdict(vitals),
    }


def _versions() -> dict[str, Any]:
    told: dict[str, Any] = {name: _version(name) for name in _LIBRARIES}
    model = Path("/proc/device-tree/model")
    return {
        **told,
        "python": platform.python_version(),
        "kernel": platform.release(),
        "machine": platform.machine(),
        "system": _system(),
        "model": model.read_text().strip("\0\n") if model.exists() else None,
    }


def _system() -> str | None:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return None


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def _plain(state: KioskState) -> dict[str, Any]:
    return state.model_dump(mode="json")


def _cleaned(value: Any, clean: Redaction) -> Any:
    """The same document with every text in it redacted."""
    match value:
        case str():
            return clean(value)
        case dict():
            return {_key(k, clean): _cleaned(v, clean) for k, v in value.items()}
        case list() | tuple():
            return [_cleaned(item, clean) for item in value]
        case date():
            return value.isoformat()
        case Path():
            return clean(str(value))
        case _:
            return value


def _key(key: object, clean: Redaction) -> str:
    return clean(str(key))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
