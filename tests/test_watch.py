"""Who is silent, told from lines and times alone: recordings are played again with a clock of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from diagnoser.live.advice import in_words, likely, tell
from diagnoser.live.sentry import Sentry
from diagnoser.live.watch import Silence, Watch

from .conftest import ROOT

STALLS = ROOT / "sample_logs" / "modules" / "download-stall"
PLAIN = b"""#9 [builder 3/6] COPY go.mod go.sum ./
#9 DONE 0.1s

#10 [builder 4/6] RUN go mod download -x
#10 0.210 # get https://proxy.golang.org/github.com/google/uuid/@v/v1.6.0.zip
"""


def silences(chunks: list[tuple[float, bytes]], now: float, after: float = 120.0) -> list[Silence]:
    watch = Watch(0.0)
    for time, chunk in chunks:
        watch.feed(time, 1, chunk)
    return watch.silences(now, after)


def test_a_step_that_prints_nothing_is_told_with_what_it_named_last() -> None:
    (silence,) = silences([(10.0, PLAIN)], now=131.0)
    assert silence == Silence(
        "[builder 4/6] RUN go mod download -x",
        121.0,
        "# get https://proxy.golang.org/github.com/google/uuid/@v/v1.6.0.zip",
        "proxy.golang.org",
    )


def test_below_the_threshold_nothing_is_told() -> None:
    assert silences([(10.0, PLAIN)], now=129.0) == []


def test_a_silence_is_told_once_and_again_only_after_news() -> None:
    watch = Watch(0.0)
    watch.feed(0.0, 1, PLAIN)
    assert watch.silences(130.0, 120.0) and not watch.silences(200.0, 120.0)
    watch.feed(300.0, 1, b"#10 300.1 go: downloading github.com/google/uuid v1.6.0\n")
    assert not watch.silences(419.0, 120.0)
    (silence,) = watch.silences(420.5, 120.0)
    assert silence.named == "github.com/google/uuid v1.6.0"


def test_a_silent_step_is_told_beside_one_that_talks() -> None:
    talk = [
        (float(t), b"#11 [web 2/4] RUN npm ci\n" if t == 20 else b"#11 %d.0 added a package\n" % t)
        for t in range(20, 150, 5)
    ]
    assert [s.step for s in silences([(10.0, PLAIN), *talk], now=150.0)] == ["[builder 4/6] RUN go mod download -x"]


def test_what_ended_is_not_silent() -> None:
    done = b"#10 DONE 3.0s\n\n#11 exporting to image\n#11 DONE 0.1s\n"
    watch = Watch(0.0)
    watch.feed(10.0, 1, PLAIN + done)
    assert [s.step for s in watch.silences(140.0, 120.0)] == [""]  # between two builds: the command as a whole


def test_a_transfer_whose_bytes_grow_is_news_and_one_whose_timer_alone_grows_is_not() -> None:
    start = [(0.0, b"#4 [1/6] FROM docker.io/library/golang:1.22\n")]
    growing = [(float(t), b"#4 sha256:aa %d.00MB / 300MB %d.1s\n" % (t, t)) for t in range(5, 200, 5)]
    stuck = [(float(t), b"#4 sha256:aa 9.00MB / 300MB %d.1s\n" % t) for t in range(5, 200, 5)]
    assert not silences(start + growing, now=200.0)
    assert [s.step for s in silences(start + stuck, now=200.0)] == ["[1/6] FROM docker.io/library/golang:1.22"]


def frames(log: bytes) -> list[bytes]:
    return re.split(rb"(?=\x1b\[\?25l\[\+\] Building)", log)


@pytest.mark.parametrize("name", ["docker26.1-tty-cancelled.log", "docker28.5-tty-mod-hang-killed.log"])
@pytest.mark.parametrize("size", [37, 1 << 16], ids=["torn", "whole"])
def test_on_a_terminal_timers_and_redraws_are_no_news(name: str, size: int) -> None:
    """The recording is played ten times slower than it was: its step then hangs for a minute."""
    watch, now, told = Watch(0.0), 0.0, []
    drawn = frames((STALLS / name).read_bytes())
    for frame in drawn[: len(drawn) * 9 // 10]:
        for start in range(0, len(frame), size):
            watch.feed(now, 1, frame[start : start + size])
        told += [(now, s) for s in watch.silences(now, 40.0)]
        now += 1.0
    assert [s.step.strip() for _, s in told] == ["[builder 4/6] RUN go mod download"]
    assert 40.0 <= told[0][0] <= 50.0


def test_output_below_a_drawn_step_is_news() -> None:
    watch = Watch(0.0)
    for t in range(130):
        line = b" => => # go: downloading example.com/m%d v1.0.0\n" % (t // 40)
        watch.feed(float(t), 1, b"[+] Building %d.0s (3/7)\n => [2/4] RUN go mod download   %d.0s\n" % (t, t) + line)
    assert not watch.silences(130.0, 60.0)
    (silence,) = [s for s in [watch.longest(130.0)] if s]
    assert silence.named == "example.com/m3 v1.0.0" and 5 <= silence.seconds <= 15


def test_the_classic_builders_run_one_step_after_the_other() -> None:
    chunks = [
        (0.0, b"Step 1/4 : FROM golang:1.22\n ---> 12ab\n"),
        (5.0, b"Step 2/4 : RUN go mod download\n ---> Running in 3f\n"),
    ]
    assert [s.step for s in silences(chunks, now=130.0)] == ["Step 2/4 : RUN go mod download"]
    chunks = [(0.0, b"STEP 1/4: FROM golang:1.22\n"), (5.0, b"STEP 2/4: RUN go mod download\n")]
    assert [s.step for s in silences(chunks, now=130.0)] == ["STEP 2/4: RUN go mod download"]


def test_a_bare_command_and_a_prompt_without_an_end_of_line() -> None:
    chunks = [(0.0, b"go: downloading a.b/c v1.0.0\n"), (50.0, b"Username for 'https://git.corp.example': ")]
    assert not silences(chunks, now=130.0)
    (silence,) = silences(chunks, now=175.0)
    assert silence.step == "" and "asks for a name or a password" in likely(silence)


def test_the_driver_line_and_the_internal_steps_do_not_hang() -> None:
    head = (
        b'#0 building with "default" instance using docker driver\n\n#1 [internal] load .dockerignore\n#1 DONE 0.0s\n'
    )
    assert [s.step for s in silences([(0.0, head + PLAIN)], now=121.0)] == ["[builder 4/6] RUN go mod download -x"]


@pytest.mark.parametrize(
    ("silence", "words"),
    [
        (Silence("[b 4/6] RUN go mod download", 130), "the module proxy"),
        (Silence("[internal] load metadata for docker.io/library/golang:1.22", 130), "the registry"),
        (Silence("[2/3] RUN apk add gcc", 130), "the package server"),
        (Silence("[2/3] RUN go build ./...", 130), "a compiler at work"),
        (Silence("[2/3] RUN ./configure.sh", 130), "waits for the network"),
        (Silence("[2/3] RUN git clone https://git.corp.example/a", 130), "a private repository"),
    ],
)
def test_what_a_silence_usually_means(silence: Silence, words: str) -> None:
    assert words in likely(silence)


def test_the_words_are_short_name_what_matters_and_hold_no_secret() -> None:
    silence = Silence(
        "[b 4/6] RUN go mod download",
        125.0,
        "Fetching https://u:ghp_abcdefghijklmnopqrstuvwxyz0123456789@git.corp.example/a?go-get=1",
    )
    words = tell(silence, kill=600.0)
    assert len(words.splitlines()) == 3 and "2 min 5 s" in words and "10 min" in words and "[b 4/6]" in words
    assert "ghp_abc" not in words


def test_seconds_in_words() -> None:
    assert [in_words(s) for s in (90, 120, 125, 600)] == ["90 s", "2 min", "2 min 5 s", "10 min"]


def sentry(**more: float) -> tuple[Sentry, list[str]]:
    said: list[str] = []
    return Sentry(0.0, 10.0, more.get("kill"), said.append), said


def test_a_sentry_tells_and_then_gives_up() -> None:
    guard, said = sentry(kill=30.0)
    guard.hear(0.0, 1, PLAIN)
    for t in range(29):
        guard.look(float(t))
    assert len(said) == 1 and not guard.lost
    guard.look(30.0)
    assert guard.lost and guard.silence and guard.silence.seconds == 30.0


def test_what_is_printed_while_the_build_is_being_ended_is_no_answer() -> None:
    guard, _ = sentry()
    guard.hear(0.0, 1, PLAIN)
    guard.close(15.0)
    guard.hear(16.0, 1, b"#10 CANCELED\nERROR: failed to solve: Canceled: context canceled\n")
    assert guard.silence and guard.silence.seconds == 15.0


def test_a_build_that_talks_to_its_end_was_not_silent() -> None:
    guard, said = sentry()
    guard.hear(0.0, 1, PLAIN)
    guard.hear(5.0, 1, b"#10 DONE 5.0s\n")
    guard.close(6.0)
    assert guard.silence is None and not said


def test_a_flood_is_thinned_and_tells_the_same() -> None:
    flood = b"".join(b"#10 %d.5 line %d\n" % (n // 10, n) for n in range(500))
    other = b"".join(b"plain line %d\n" % n for n in range(500))
    (silence,) = silences([(5.0, PLAIN + flood)], now=130.0)
    assert silence.text == "line 499" and silence.named == "proxy.golang.org"
    last = b"#10 60.0 go: downloading a.b/c v1.0.0\n#10 DONE 60.0s\n#11 [builder 5/6] COPY . .\n"
    assert [s.step for s in silences([(5.0, PLAIN + flood + last)], now=130.0)] == ["[builder 5/6] COPY . ."]
    assert [s.text for s in silences([(5.0, other)], now=130.0)] == ["plain line 499"]


def test_every_recording_is_followed_without_a_flaw(tmp_path: Path) -> None:
    for log in sorted((ROOT / "sample_logs").rglob("*.log"))[::7]:
        watch = Watch(0.0)
        watch.feed(0.0, 1, log.read_bytes())
        assert watch.longest(1.0) is not None
