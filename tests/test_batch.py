"""`diagnoser batch`: which logs, in which order, what is said of those that cannot be read, and the sum of all."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from diagnoser.batch import pool
from diagnoser.batch.inputs import Job, find_jobs
from diagnoser.batch.pool import results
from diagnoser.batch.summary import Summary
from diagnoser.batch.worker import Result, Setup, Worker

from .conftest import ROOT
from .test_cli import COMMAND, ENVIRONMENT
from .test_run import GO_SUM, TIMEOUT, on_terminal

SETUP = Setup(None, 1 << 28)
FINE = "#5 [1/2] RUN x\n#5 DONE 3.0s\n#6 exporting to image\n#6 DONE 0.1s\n"
FAILED = (
    f"#5 [1/2] RUN go build\n#5 60.0 {GO_SUM}\n"
    '#5 ERROR: process "/bin/sh -c go build" did not complete successfully: exit code: 1\n'
)


def batch(*arguments: str | Path) -> tuple[list[dict[str, object]], str, int]:
    done = subprocess.run(
        [*COMMAND, "batch", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=120,
        check=False,
    )
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr, done.returncode


def logs(folder: Path, *texts: str) -> Path:
    for number, text in enumerate(texts):
        (folder / f"{number:04}.log").write_text(text)
    return folder


def archive(path: Path, **members: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "/"), content)
    return path


def test_each_log_gives_a_line_in_the_order_of_the_inputs(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(GO_SUM)
    (tmp_path / "b.log").write_text(TIMEOUT)
    found, told, code = batch(tmp_path / "b.log", tmp_path / "a.log")
    assert [r["diagnoses"][0]["id"] for r in found] == ["modules/proxy-timeout", "modules/missing-go-sum"]  # type: ignore[index]
    assert code == 1 and "2 logs: 2 failed" in told


def test_a_line_is_what_the_diagnosis_of_that_log_alone_gives(tmp_path: Path) -> None:
    log = ROOT / "sample_logs" / "modules" / "dns-failure" / "docker26.1-plain-in-image.log"
    (line,), _, _ = batch(log)
    alone = subprocess.run(
        [*COMMAND, "-f", "json", str(log)], capture_output=True, env=ENVIRONMENT, cwd=tmp_path, check=False
    )
    assert line == json.loads(alone.stdout)


def test_what_folders_patterns_and_archives_hold(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("z.log", "sub/b.txt", "sub/a.log.gz", ".hidden", ".git/config"):
        (tmp_path / name).write_text("x")
    os.mkfifo(tmp_path / "fifo")
    archive(tmp_path / "run.zip", **{"build__1_Set up job.txt": "x", "0_build.txt": "y"})
    root = str(tmp_path)
    below = [j.source.removeprefix(root + "/") for j in find_jobs([root])]
    assert below == ["run.zip:build/1_Set up job.txt", "run.zip:0_build.txt", "z.log", "sub/a.log.gz", "sub/b.txt"]
    assert [j.path for j in find_jobs([f"{root}/**/*.txt"])] == [f"{root}/sub/b.txt"]
    assert [bool(j.flaw) for j in find_jobs([f"{root}/*.nothing"])] == [True]


def test_a_name_with_the_signs_of_a_pattern_is_first_a_name(tmp_path: Path) -> None:
    (tmp_path / "build [1].log").write_text("x")
    assert [j.flaw for j in find_jobs([str(tmp_path / "build [1].log")])] == [None]


def test_compressed_logs_are_read_wherever_they_are(tmp_path: Path) -> None:
    packed = gzip.compress(GO_SUM.encode())
    (tmp_path / "a.gz").write_bytes(packed)
    archive(tmp_path / "b.zip", **{"c.log.gz": packed, "d.txt": GO_SUM})
    found, _, _ = batch(tmp_path)
    assert len(found) == 3 and all(r["diagnoses"][0]["id"] == "modules/missing-go-sum" for r in found)  # type: ignore[index]


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(os.urandom(4000))[:2000])
    damaged = bytearray(gzip.compress(FAILED.encode() * 50))
    damaged[30:60] = bytes(30)
    (tmp_path / "b.gz").write_bytes(damaged)
    (tmp_path / "c.zip").write_bytes(b"PK no archive")
    (tmp_path / "d.log").write_text(GO_SUM)
    found, told, code = batch(tmp_path, "nowhere.log", "no*match")
    assert ["error" in r for r in found] == [True, True, True, False, True, True]
    assert all(str(r["error"]).startswith(str(r["source"])) for r in found if "error" in r)
    assert code == 1 and "1 failed, 5 unreadable" in told and "Traceback" not in told


@pytest.mark.parametrize(("texts", "code"), [((FINE,), 0), ((FINE, FAILED), 1), ((), 2)])
def test_exit_codes(texts: tuple[str, ...], code: int, tmp_path: Path) -> None:
    assert batch(logs(tmp_path, *texts))[2] == code


def test_nothing_readable_is_2() -> None:
    assert batch("nowhere.log")[2] == 2


def test_a_bomb_is_cut_and_said(tmp_path: Path) -> None:
    archive(tmp_path / "a.zip", **{"bomb.txt": bytes(50_000_000), "fine.txt": GO_SUM})
    start = time.monotonic()
    found, told, _ = batch("--spool-max", "100000", tmp_path)
    assert int(str(found[0]["dropped_bytes"])) > 1_000_000 and found[1]["dropped_bytes"] == 0
    assert "of 1 logs the middle was dropped" in told and time.monotonic() - start < 60


def test_the_end_of_a_long_log_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"x\n" * 100_000 + GO_SUM.encode()))
    (line,), _, _ = batch("--spool-max", "100000", tmp_path)
    assert line["diagnoses"][0]["id"] == "modules/missing-go-sum"  # type: ignore[index]


def test_several_processes_give_the_same_in_the_same_order(tmp_path: Path) -> None:
    jobs = list(find_jobs([str(logs(tmp_path, *[FINE, FAILED, TIMEOUT] * 25))]))
    alone, many = list(results(jobs, 1, SETUP)), list(results(jobs, 2, SETUP))
    assert alone == many and len(many) == 75


def test_few_results_wait_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that stops takes the work to a halt: jobs are asked for as results are taken."""
    asked = 0

    def chunks() -> object:
        nonlocal asked
        for number in range(1000):
            asked += 1
            yield (Job(f"{tmp_path}/{number}"),)

    running = pool._Pool(1, SETUP).run(chunks())  # type: ignore[arg-type]
    next(running)
    assert asked <= pool._AHEAD + 1
    running.close()  # type: ignore[attr-defined]


def test_a_worker_that_is_killed_costs_its_own_log_alone(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "from diagnoser.batch import pool, worker\nfrom diagnoser.batch.inputs import find_jobs\n"
        "def killed(self, job, read=worker.Worker.result):\n"
        "    return os.kill(os.getpid(), signal.SIGKILL) if 'killer' in job.path else read(self, job)\n"
        "worker.Worker.result = killed\n"
        "if __name__ == '__main__':\n"
        "    for r in pool.results(list(find_jobs([sys.argv[1]])), 2, worker.Setup(None, 1 << 28)): print(r.outcome)\n"
    )
    (tmp_path / "main.py").write_text(code)
    folder = tmp_path / "logs"
    folder.mkdir()
    logs(folder, *[FAILED] * 40)
    (folder / "0020-killer.log").write_text("x")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "main.py"), str(folder)],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=120,
        check=False,
    )
    assert done.stdout.split() == ["failed"] * 20 + ["unreadable"] + ["failed"] * 20


def test_a_flaw_of_ours_costs_one_log_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("diagnoser.batch.worker.diagnose", lambda *a, **k: 1 / 0)
    (result,) = Worker(SETUP).results([Job(str(logs(tmp_path, "x") / "0000.log"))])
    assert result.outcome == "unreadable" and "ZeroDivisionError" in result.line


def test_the_summary_counts_causes_and_the_time_they_cost() -> None:
    summary = Summary()
    for _ in range(3):
        summary.count(Result("", "failed", "modules/proxy-timeout", "The proxy", 600.0))
    summary.count(Result("", "failed", None, "", None))
    summary.count(Result("", "succeeded", None, "", 5000.0))
    assert summary.text().splitlines() == [
        "5 logs: 4 failed, 1 succeeded",
        "   logs  minutes  cause",
        "      3     30.0  modules/proxy-timeout  The proxy",
        "      1        -  (no known cause)",
    ]


def test_minutes_are_those_of_the_log(tmp_path: Path) -> None:
    text = FAILED.replace("#5 60.0", "#5 300.0")
    assert "5.0  modules/missing-go-sum" in batch(logs(tmp_path, text))[1]


def test_progress_is_drawn_on_a_terminal_alone(tmp_path: Path) -> None:
    logs(tmp_path, FINE, FAILED)
    out, code = on_terminal([*COMMAND, "batch", str(tmp_path)])
    assert code == 1 and b"2/2" in out
    assert "2/2" not in batch(tmp_path)[1] and batch("--quiet", tmp_path)[1] == ""


def test_ctrl_c_ends_it_without_a_trace(tmp_path: Path) -> None:
    logs(tmp_path, *[FAILED * 200] * 300)
    process = subprocess.Popen(
        [*COMMAND, "batch", "-j", "2", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        start_new_session=True,
    )
    assert process.stdout and process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode not in (0, 2) and b"Traceback" not in told


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    logs(tmp_path, *[FAILED] * 300)
    process = subprocess.Popen(
        [*COMMAND, "batch", "-j", "2", str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT
    )
    assert process.stdout and process.stderr and process.stdout.readline()
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.wait(60)
