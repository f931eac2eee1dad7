"""Time per step, by every clock that a log may carry, and the silence before the end."""

from __future__ import annotations

import pytest

from diagnoser.catalogue import Catalogue
from diagnoser.diagnosis import diagnose
from diagnoser.timeline import MOST, Silence, Timeline

from .conftest import ROOT

BUILDKIT = """\
#1 [internal] load build definition from Dockerfile
#1 DONE 0.5s
#2 [builder 1/3] FROM docker.io/library/golang:1.22
#2 DONE 4.0s
#3 [stage-1 1/2] FROM docker.io/library/alpine:3.20
#3 CACHED
#4 [builder 2/3] COPY . .
#4 DONE 1.0s
#5 [builder 3/3] RUN go build -o /app .
#5 0.900 go: downloading example.com/dep v1.0.0
#5 61.30 main.go:4:2: undefined: frob
#5 ERROR: process "/bin/sh -c go build -o /app ." did not complete successfully: exit code: 1
"""


def timeline(log: str, catalogue: Catalogue) -> Timeline:
    found = diagnose(log, catalogue=catalogue).timeline
    assert found
    return found


def test_buildkit_without_stamps_puts_each_stages_steps_one_after_the_other(catalogue: Catalogue) -> None:
    found = timeline(BUILDKIT, catalogue)
    assert found.clock == "cumulated" and found.seconds == 66.8
    assert [(s.name.split("] ")[0], s.start, s.seconds) for s in found.steps] == [
        ("[internal", 0.0, 0.5),
        ("[builder 1/3", 0.5, 4.0),
        ("[stage-1 1/2", 0.5, 0.0),
        ("[builder 2/3", 4.5, 1.0),
        ("[builder 3/3", 5.5, 61.3),
    ]


def test_the_silence_before_the_error_is_told(catalogue: Catalogue) -> None:
    found = timeline(BUILDKIT, catalogue).silence
    name = "[builder 3/3] RUN go build -o /app ."
    assert found == Silence(60.4, 10, 11, "go: downloading example.com/dep v1.0.0", name)


def test_a_short_pause_is_no_silence(catalogue: Catalogue) -> None:
    assert timeline(BUILDKIT.replace("61.30", "4.30"), catalogue).silence is None


def test_a_silence_is_measured_within_the_step_however_others_interleave(catalogue: Catalogue) -> None:
    other = "#6 [other 1/2] RUN make\n" + "".join(f"#6 {n}.000 still at it\n" for n in range(1, 50))
    header = "#5 [builder 3/3] RUN go build -o /app .\n"
    log = BUILDKIT.replace("#5 61.30", f"#5 ...\n{other}{header}#5 61.30")
    found = timeline(log, catalogue).silence
    assert found and (found.seconds, found.text) == (60.4, "go: downloading example.com/dep v1.0.0")


def test_copying_from_a_stage_waits_for_it(catalogue: Catalogue) -> None:
    log = (
        BUILDKIT.split("#5 61.30")[0] + "#5 DONE 10.0s\n#6 [stage-1 2/2] COPY --from=builder /app /app\n#6 DONE 0.1s\n"
    )
    assert timeline(log, catalogue).steps[-1].start == 15.5


def test_stamps_give_the_starts_and_a_step_lasts_until_its_silence_is_over(catalogue: Catalogue) -> None:
    found = timeline((ROOT / "tests/shapes/stall-stamps.log").read_text(), catalogue)
    assert found.clock == "stamps" and found.seconds == 842.0
    assert found.silence and found.silence.seconds == 840.0 and found.silence.end_line is None


def test_kaniko_counts_the_seconds_itself(catalogue: Catalogue) -> None:
    found = timeline((ROOT / "tests/shapes/kaniko.log").read_text(), catalogue)
    assert found.clock == "builder" and [(s.start, s.seconds) for s in found.steps] == [(10.0, 1.0), (11.0, None)]


def test_kaniko_may_fail_before_its_first_step(catalogue: Catalogue) -> None:
    log = "INFO[0002] Unpacking rootfs as cmd COPY a b requires it.\nerror building image: error building stage: unexpected EOF\n"
    assert diagnose(log, catalogue=catalogue).builder == "kaniko"


@pytest.mark.parametrize("log", ["", "main.go:4:2: undefined: frob\n", "Step 1/2 : FROM x\nStep 2/2 : RUN false\n"])
def test_a_log_without_times_has_none(log: str, catalogue: Catalogue) -> None:
    assert diagnose(log, catalogue=catalogue).timeline is None


def test_stamps_that_are_no_times_and_midnight_are_survived(catalogue: Catalogue) -> None:
    lines = [
        "[23:59:58] Step 1/2 : FROM x",
        "[23:59:59]  ---> 1234567890ab",
        "[00:00:01] Step 2/2 : RUN false",
        "[00:00:02] x",
    ]
    found = diagnose("\n".join(lines), catalogue=catalogue).timeline
    assert found is None or all(s.start is None or s.start >= 0 for s in found.steps)


def test_secrets_stay_out_and_the_number_of_steps_is_bounded(catalogue: Catalogue) -> None:
    token = "ghp_" + "a1B2" * 9
    log = "".join(f"#{n} [s {n}/900] RUN curl -H {token}\n#{n} DONE 0.1s\n" for n in range(1, 900))
    found = timeline(log, catalogue)
    assert len(found.steps) == MOST and token not in repr(found)


def test_rawjson_tells_when_each_step_began(catalogue: Catalogue) -> None:
    path = ROOT / "sample_logs/modules/download-stall/docker28.5-rawjson-mod-stall-killed.log"
    found = diagnose(path.read_bytes(), catalogue=catalogue).timeline
    assert found and found.clock == "stamps" and all(step.start is not None for step in found.steps)
    last = found.steps[-1]
    assert last.seconds == 12.7 and last.start and found.seconds == pytest.approx(last.start + 12.7)
    assert found.silence and found.silence.seconds == 12.7
