"""Keeps a few processes alive: starts them, restarts one that dies, stops them all."""

import logging
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

STOP_PATIENCE: Final = 8.0
"""Seconds a process has between SIGTERM and SIGKILL."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one process is started; its output goes to `log_file`."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log_file: Path


class Processes:
    """The processes of one demo, each in a group of its own so that Ctrl-C asks us."""

    def __init__(self) -> None:
        self._recipes: dict[str, Recipe] = {}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def pids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self._running.items()}

    def start(self, recipe: Recipe) -> None:
        self._recipes[recipe.name] = recipe
        with recipe.log_file.open("ab") as output:
            self._running[recipe.name] = subprocess.Popen(
                list(recipe.command),
                env=dict(recipe.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def dead(self) -> tuple[str, ...]:
        """The names of those that have ended by themselves."""
        return tuple(
            name
            for name, process in self._running.items()
            if process.poll() is not None
        )

    def last_words(self, name: str) -> str:
        """The last line that process wrote."""
        lines = self._recipes[name].log_file.read_text(errors="replace").splitlines()
        return lines[-1] if lines else "it said nothing"

    def restart_dead(self) -> tuple[str, ...]:
        """Start the dead ones again and say which they were."""
        dead = self.dead()
        for name in dead:
            status = self._running[name].returncode
            log.warning("%s ended with status %s and is started again", name, status)
            self.start(self._recipes[name])
        return dead

    def stop(self) -> None:
        """Ask all of them to end, last started first, and insist if need be."""
        for name in reversed(self._running):
            process = self._running[name]
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(STOP_PATIENCE)
            except subprocess.TimeoutExpired:
                log.warning("%s did not end and is killed", name)
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._running.clear()
