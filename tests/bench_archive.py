"""What it costs to write everything out, of a portal with as much in it as what was measured before it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench_documents import measured
from tests.served import ROOT


def bench_archive() -> None:
    from portal.archive.everything import rows_in_all

    with TemporaryDirectory() as folder:
        place = Path(folder) / "allt"
        command = [sys.executable, "manage.py", "export_all", str(place)]
        _said, cost = measured(
            lambda: subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
        )
        size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    print(f"\n{'everything out':<24}{'rows':>12}{'MB written':>12}{'seconds':>9}{'of core':>9}{'MB':>8}")
    print(f"{'':<24}{rows_in_all():>12}{size / 1e6:>12.0f}{cost}")
