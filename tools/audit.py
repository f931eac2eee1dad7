"""Ask pip-audit whether a pinned package has a known vulnerability: `python tools/audit.py [LOCK]`.

Exit codes: 0 none has, or nobody could be asked (then one line says "skipped: …"); 1 one has; 2 pip-audit failed otherwise.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parent.parent / "requirements-dev.txt"
_SERVICES = ("pypi", "osv")
_UNREACHABLE = ("connection", "timed out", "timeout", "max retries", "proxy", "resolve", "unreachable", "service")


def main(lock: Path) -> int:
    reason = "no advisory service was asked"
    for service in _SERVICES:
        done = _asked(service, lock)
        try:
            packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError):
            reason = (done.stderr.strip().splitlines() or ["pip-audit says nothing"])[-1]
            if not any(word in reason.lower() for word in _UNREACHABLE):
                print(f"pip-audit failed: {reason}")
                return 2
            continue
        known = [package for package in packages if "skip_reason" not in package]
        if known:
            return _told(known, len(packages))
        reason = f"the advisory service {service} answers for none of {len(packages)} packages"
    print(f"skipped: no advisory service can be asked: {reason[:160]}")
    return 0


def _asked(service: str, lock: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--no-deps", "--disable-pip"]
    command += ["--vulnerability-service", service, "--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    return subprocess.run(command, capture_output=True, text=True, timeout=600)


def _told(known: list[dict[str, Any]], total: int) -> int:
    found = [(package, flaw) for package in known for flaw in package["vulns"]]
    for package, flaw in found:
        mended = ", ".join(flaw["fix_versions"]) or "no release yet"
        print(f"{package['name']} {package['version']}: {flaw['id']} (mended in {mended})")
    print(f"audited {len(known)} of {total} pinned packages: {len(found)} known vulnerabilities")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else LOCK))
