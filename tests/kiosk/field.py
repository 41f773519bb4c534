"""A kiosk in the field: settings file, data directory, identity, ledger."""

import base64
import shutil
from pathlib import Path

from kiosk import identity
from kiosk.settings import Settings, load
from protocol.messages import Enrolled
from tests.kiosk.office import issue, stocked

SHIPPED = Path(__file__).parents[2] / "config" / "kiosk.toml"
PIN = "scrypt:c2FsdCBvZiB0aGUgZGF5:bm90IGEgcmVhbCBoYXNoIGF0IGFsbCwgYW55IGJ5dGVz"
ENROLLED = Enrolled(
    kiosk_id="chuo-1",
    office="chuo",
    key_id=7,
    credential="credential-4fY2mQ",
    token_key=base64.b64encode(bytes(range(16))).decode(),
    server_public_key=base64.b64encode(bytes(range(32))).decode(),
    state_token="state-token-9xKw3z",
)


class Field:
    """In `tmp`: `path` is the settings file; `put` changes one of its lines."""

    def __init__(self, tmp: Path) -> None:
        self.path = tmp / "kiosk.toml"
        self.data = tmp / "data"
        self.path.write_text(SHIPPED.read_text("utf-8"), "utf-8")
        self.put("data_dir", f'"{self.data}"')
        self.put("url", '"http://127.0.0.1:1"')
        self.put("video", '"dummy"')
        self.put("fullscreen", "false")
        self.put("factory", '"none"')
        self.put("pin", f'"{PIN}"')
        self.put("host", '"127.0.0.1"')  # of the agent and of the printer
        self.data.mkdir(mode=0o700)

    @property
    def settings(self) -> Settings:
        return load(self.path, {})

    def put(self, key: str, value: str, *, section: str = "") -> None:
        """Another value for the key, in that section or wherever it stands."""
        lines, inside, changed = [], "", False
        for line in self.path.read_text("utf-8").splitlines():
            inside = line.strip("[]") if line.startswith("[") else inside
            if line.startswith(f"{key} =") and section in ("", inside):
                line, changed = f"{key} = {value}", True
            lines.append(line)
        assert changed, key
        self.path.write_text("\n".join(lines) + "\n", "utf-8")

    def enrol(self) -> None:
        identity.keep(self.data, ENROLLED)

    def remember(self, morning: Path) -> None:
        """Take over what a kiosk had after its morning (`after_a_morning`)."""
        shutil.copytree(morning, self.data, dirs_exist_ok=True)


def after_a_morning(directory: Path) -> Path:
    """A data directory: enrolled, and three tickets given out."""
    directory.mkdir(mode=0o700)
    identity.keep(directory, ENROLLED)
    store = stocked(directory)
    for number in (1, 2, 3):
        issue(store, number)
    store.close()
    return directory
