"""What of a pack is there already, so that one that was interrupted at any moment can be continued.

While a pack is made its folder holds a folder `.progress`: the plan (which pack this is, and each file that it will
have), and a record for each student, written after the student's files. Files are written in there before they take
their names, so what is left of a file after a power cut lies there too; it goes when the pack is finished.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from handcalc.errors import HandcalcError
from handcalc.quiz.jobs import Job, Made
from handcalc.write import save

MANIFEST, ZIP = "manifest.json", "pack.zip"
FORMAT = "handcalc pack, version 1"
"""What a plan and a manifest begin with."""
_PROGRESS, _PLAN = ".progress", "plan.json"
Record = Mapping[str, Any]


class Found(NamedTuple):
    """By key the records of the students that are done. `ended` if a manifest of this pack lies here, `whole` if
    nothing is left to do. `stale`: files of a former pack that this one doesn't have."""

    records: dict[str, Record]
    ended: bool
    whole: bool
    stale: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of a pack; `scratch` is the one in which its files are begun."""

    folder: Path

    @property
    def scratch(self) -> Path:
        return self.folder / _PROGRESS

    def at(self, name: str) -> Path:
        """Where the file `name` of a pack lies, which is nowhere else than in its folder.

        **Raises:** HandcalcError for a name, or a link in the folder, that leads out of it.
        """
        path = self.folder / name
        if not path.resolve().is_relative_to(self.folder.resolve()) or path == self.folder:
            raise HandcalcError(f"{path}: this leads out of the pack; move it away, or name another folder with -o")
        return path

    def look(self, fingerprint: str, files: Sequence[str], *, force: bool) -> Found:
        """What there is of the pack `fingerprint` of these `files`.

        **Raises:** HandcalcError where something else lies in the place of these files, unless forced.
        """
        if self.folder.exists() and not self.folder.is_dir():
            raise HandcalcError(f"{self.folder}: a file has this name; name another folder with -o")
        plan, manifest = _ours(self.scratch / _PLAN), _ours(self.folder / MANIFEST)
        begun, ended = (one.get("fingerprint") == fingerprint for one in (plan, manifest))
        if not (begun or ended or force):
            self._refuse_other(plan or manifest, files)
        former = [*plan.get("stale", ()), *plan.get("files", ()), *([] if ended else files_of(manifest))]
        records: list[Record] = [_read(one) for one in sorted(self.scratch.glob("*.json"))] if begun else []
        records += students_of(manifest) if ended else []
        done: dict[str, Record] = {one["key"]: one for one in records if "key" in one and self.is_whole(one["files"])}
        whole = ended and not begun and len(done) == len(manifest["students"]) and self.is_whole(manifest["files"])
        return Found(done, ended, whole, tuple(sorted({*former} - {*files})))

    def _refuse_other(self, other: Mapping[str, Any], files: Iterable[str]) -> None:
        again = "name another folder with -o, or add --force to make this one in its place"
        if other:
            raise HandcalcError(f"{self.folder}: another pack lies here; {again}")
        if met := next((name for name in files if (self.folder / name).exists()), None):
            raise HandcalcError(f"{self.folder / met} is there already; {again}")

    def begin(self, fingerprint: str, files: Sequence[str], found: Found) -> None:
        """Write the plan, and take away what is left of a former pack."""
        if not self.folder.parent.is_dir():
            raise HandcalcError(f"{self.folder}: there is no folder {self.folder.parent}")
        self.folder.mkdir(exist_ok=True)
        self.scratch.mkdir(exist_ok=True)
        if _ours(self.scratch / _PLAN).get("fingerprint") != fingerprint:
            for one in self.scratch.glob("*.json"):
                if one.name != _PLAN:
                    one.unlink()  # what a former pack's records say isn't about this one
        plan = {"format": FORMAT, "fingerprint": fingerprint, "files": [*files], "stale": found.stale}
        save(self.scratch / _PLAN, json.dumps(plan), scratch=self.scratch)
        for name in found.stale if found.ended else (*found.stale, MANIFEST):
            self.at(name).unlink(missing_ok=True)

    def save(self, name: str, made: str | bytes) -> None:
        path = self.at(name)
        path.parent.mkdir(exist_ok=True)
        save(path, made, scratch=self.scratch)

    def keep(self, job: Job, made: Made) -> None:
        """Save the files of a student, and then that they are saved."""
        for kind, data in made.files.items():
            self.save(job.files[kind], data)
        save(self.scratch / f"{job.stem}.json", json.dumps(made.record), scratch=self.scratch)

    def is_whole(self, files: Mapping[str, Mapping[str, str]]) -> bool:
        """Whether each file is there as it was written."""
        return all(fingerprint_of(self.at(one["file"])) == one["sha256"] for one in files.values())

    def finish(self, manifest: str) -> None:
        """The manifest is the last file of a pack: with it, the pack is whole."""
        self.save(MANIFEST, manifest)
        with suppress(FileNotFoundError):
            shutil.rmtree(self.scratch)


def students_of(manifest: Mapping[str, Any]) -> list[Record]:
    """Their records as they were made: where all have the same boxes, the manifest says these once."""
    common = {"boxes": manifest["boxes"]} if "boxes" in manifest else {}
    return [{**one, **common} for one in manifest["students"]]


def files_of(manifest: Mapping[str, Any]) -> list[str]:
    """Every file that a manifest names, and those that it can't."""
    if not manifest:
        return []
    named = [manifest["files"], *(one["files"] for one in manifest["students"])]
    return [*(one["file"] for files in named for one in files.values()), MANIFEST, ZIP]


def fingerprint_of(path: Path) -> str:
    """SHA-256 of a file; "" where there is none."""
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _ours(path: Path) -> dict[str, Any]:
    """A plan or a manifest; {} where there is none that this version reads."""
    found = _read(path)
    return found if found.get("format") == FORMAT else {}


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
