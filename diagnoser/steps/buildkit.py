"""BuildKit: plain progress, a terminal's list of steps, and the epilogue alone. Source: moby/buildkit progressui."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from itertools import islice, takewhile
from typing import Any

from diagnoser.lines import Line, Wrapper, read_line, read_lines
from diagnoser.steps import Log, State, unnumbered
from diagnoser.steps.draft import Draft, exit_code, name_parts, ran
from diagnoser.text import Text, line_start

_STATE = re.compile(r"(DONE|CACHED|CANCELED|ERROR:)(?: (\d{1,9}(?:\.\d{1,9})?)s$| |$)")
_STATUS = re.compile(
    r"\.\.\.$|WARN: |sha256:|transferring |extracting |resolve |exporting |naming |writing |pushing |preparing |"
    r"copying |merging |unpacking |sending |reading |inferred |fetching |load |no specific|importing |creating |loading |waiting "
)
_FRAME = re.compile(r"\s*=> (?:(ERROR|CACHED|CANCELED) )?(.*)")
_SECONDS = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)s")
_BLOCK = re.compile(r" ?> (\S.*?):?$")
_RULE = re.compile(r"-{6,}\s*$")
_MARKED = re.compile(r"\s*(\d+) \| >>> (.*)$")
_WANTS = re.compile(r"\s*(?:FROM|COPY|ADD) ", re.IGNORECASE)  # what a step was for that is named by its image or URL
_PLACE = re.compile(r"(\S.*):([1-9]\d{0,6})\s*$")
_FATAL = re.compile(
    r"failed to solve|^failed to (?:compute|load|calculate) |executor failed running|^ERROR: (?:failed|process|Service|docker)|failed to build"
)
_STATES: dict[str, State] = {
    "DONE": "done",
    "CACHED": "cached",
    "CANCELED": "cancelled",
    "ERROR:": "failed",
    "ERROR": "failed",
}
_OPTIONAL = ("importing cache", "[auth]", "exporting cache")  # whose failure does not fail the build
_LONGEST_BLOCK = 1 << 20  # bytes
_LONGEST_EXCERPT = 1 << 15  # bytes
_SHORTENED = 64  # steps that a block with a longer name is looked for in


def recognise(line: Line) -> bool:
    if line.vertex is not None and line.time is None:
        return bool(
            line.text.startswith("[") or _STATE.match(line.text) or line.text.startswith(("building with", "resolve"))
        )
    return bool(
        re.match(r"\s*=> (?:(?:ERROR|CACHED|CANCELED) )?\[", line.text)
        or re.match(r" ?> \[.*\d+/\d+\]", line.text)
        or "failed to solve" in line.text
        or "executor failed running" in line.text
        or _MARKED.match(line.text)
    )


def read(text: Text, wrapper: Wrapper, lines: Sequence[Line]) -> Log:
    reader = _Reader(Draft(text, wrapper))
    for line in lines:
        reader.read(line)
    return reader.finish()


class _Reader:
    """Each landmark is read in a time that does not grow with the steps before it: a log may have a million."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.vertexes: dict[int, int] = {}  # of the current build: BuildKit's number -> step
        self.named: dict[str, int] = {}  # the latest step of a name
        self.shortened: deque[int] = deque(maxlen=_SHORTENED)  # those whose name a terminal has cut
        self.latest: int | None = None  # the step of the latest line with a number of its own
        self.failed: dict[int, None] = {}  # in the order in which they failed
        self.uncoded: set[int] = set()  # of these, those whose exit code is not known
        self.rule = (0, -1)  # from the first offset on, the next rule is at the second
        self.after = 0  # landmarks before this offset were read with an earlier one

    def read(self, line: Line) -> None:
        if line.start < self.after:
            return
        if line.vertex is not None:
            self._vertex(line)
        elif _BLOCK.match(line.text) and self._below_rule(line):
            self._block(line)
        elif _MARKED.match(line.text):
            self._excerpt(line)
        elif re.match(r"\s*=> ", line.text):
            self._frame(line)
        else:
            self._outside(line)

    def finish(self) -> Log:
        draft = self.draft
        draft.failed = draft.failed or bool(self.failed)
        if not draft.failed:
            draft.succeeded = draft.succeeded or any(
                s.name.startswith("exporting to") and s.state == "done" for s in draft.steps[-8:]
            )
        return draft.log("buildkit")

    def _vertex(self, line: Line) -> None:
        assert line.vertex is not None
        if self.latest is not None and unnumbered(line) and self.draft.steps[self.latest].state == "open":
            self.draft.enter(line.start, self.latest, "output")
            return
        step = self.vertexes.get(line.vertex)
        if step is not None and self._again(step, line):
            self._output(line, step)
            return
        header = line.time is None and not _STATE.match(line.text) and not _STATUS.match(line.text)
        if step is not None and header and self._other_build(step, line):
            self.vertexes, step = {}, None
        if step is None:
            named = header or line.text.startswith(("exporting ", "importing ", "resolve "))
            step = self._add(line, line.text if named and line.time is None else "", vertex=line.vertex)
            self.vertexes[line.vertex] = step
        elif header and not self.draft.steps[step].name:
            self._rename(step, line.text)
        self._output(line, step)
        if line.time is None:
            self._state(step, line.text)

    def _output(self, line: Line, step: int) -> None:
        self.draft.enter(line.start, step, "output")
        if line.vertex:
            self.latest = step

    def _again(self, step: int, line: Line) -> bool:
        """Whether the log only comes back to a step that is running: so does nearly every landmark of a large one."""
        known = self.draft.steps[step]
        running = known.state == "open" and bool(known.name)
        return running and line.text == known.name and not line.text.startswith("building with")

    def _add(self, line: Line, name: str, **facts: Any) -> int:
        step = self.draft.add(line.start, name, **{k: v for k, v in facts.items() if k != "state"})
        self._call(step, name)
        if "state" in facts:
            self._end(step, facts["state"])
        return step

    def _rename(self, step: int, name: str) -> None:
        self.draft.learn(step, name=name, **name_parts(name))
        self._call(step, name)

    def _call(self, step: int, name: str) -> None:
        self.named[name] = step
        if len(name) > 1 and name.endswith("…"):
            self.shortened.append(step)

    def _end(self, step: int, state: State, **facts: Any) -> None:
        self.draft.learn(step, state=state, **facts)
        if state != "failed":
            self.failed.pop(step, None)
        else:
            self.failed.setdefault(step)
            if self.draft.steps[step].exit_code is None:
                self.uncoded.add(step)

    def _other_build(self, step: int, line: Line) -> bool:
        known = self.draft.steps[step]
        if line.text.startswith("building with"):
            return True
        if line.text.startswith("[") and known.name.startswith("[") and line.text != known.name:
            return True
        return (
            line.text == known.name
            and known.state in ("done", "failed")
            and line.vertex == 1
            and len(self.vertexes) > 2
        )

    def _state(self, step: int, body: str) -> None:
        match = _STATE.match(body)
        if not match:
            return
        state = _STATES[match[1]]
        if state == "failed" and body.rstrip().endswith(("context canceled", "context canceled: context canceled")):
            state = "cancelled"
        if state == "failed" and self.draft.steps[step].name.startswith(_OPTIONAL):
            state = "done"
        facts: dict[str, Any] = {"seconds": float(match[2])} if match[2] else {}
        if state == "failed":
            facts["exit_code"] = exit_code(body)
            if not self.draft.steps[step].name and self.draft.steps[step].state == "open":
                facts["instruction"] = ran(body)
                self.draft.claim(step, "output")
        self._end(step, state, **facts)

    def _below_rule(self, line: Line) -> bool:
        if re.match(r" > \[.*\d+/\d+\]|> \[.*\d+/\d+\]| > \[internal\]", line.text):
            return True
        above = line_start(self.draft.text, max(0, line.start - 1))
        return above < line.start and bool(_RULE.match(read_line(self.draft.text, above, self.draft.wrapper).text))

    def _block(self, line: Line) -> None:
        match = _BLOCK.match(line.text)
        assert match
        step = self._named(match[1], line)
        end = self._block_end(line)
        self.draft.enter(line.start, None, "frame")
        self.draft.enter(line.end + 1, step, "block")
        self.after = end
        self.draft.enter(end + 1, None, "outside")

    def _block_end(self, line: Line) -> int:
        """Up to the closing rule, or in a paste without it up to what cannot be a step's output."""
        text, wrapper = self.draft.text, self.draft.wrapper
        rule = self._next_rule(line.end)
        if rule < len(text.data):
            return max(line.end, rule - 1)
        end = line.end
        for inner in read_lines(text, line.end + 1, min(len(text.data), line.end + _LONGEST_BLOCK), wrapper):
            if (inner.vertex is not None and inner.time is None) or _FATAL.match(inner.text):
                break
            end = inner.end
        return end

    def _next_rule(self, offset: int) -> int:
        """Where the next rule begins, or where the text ends."""
        known, rule = self.rule
        if not known <= offset <= rule:
            self.rule = (offset, self._find_rule(offset))
        return self.rule[1]

    def _find_rule(self, offset: int) -> int:
        text = self.draft.text
        at = text.data.find(b"------", offset)
        while at >= 0:
            line = read_line(text, at, self.draft.wrapper)
            if _RULE.match(line.text):
                return line.start
            at = text.data.find(b"------", line.end)
        return len(text.data)

    def _named(self, name: str, line: Line) -> int:
        steps = self.draft.steps
        cut = (n for n in reversed(self.shortened) if name.startswith(steps[n].name[:-1]))
        found = max(self.named.get(name, -1), next(cut, -1))
        if found < 0:
            return self._add(line, name, state="failed")
        if steps[found].state == "open":
            self._end(found, "failed")
        return found

    def _excerpt(self, line: Line) -> None:
        draft = self.draft
        above = _lines_above(draft, line.start, 60)
        place = next((m for m in map(_PLACE.match, (a.text for a in above)) if m), None)
        start = line.start
        for one in above:
            start = one.start
            if _PLACE.match(one.text):
                break
        below = self._below(line)
        marked = [m[2] for m in (_MARKED.match(one.text) for one in below) if m]
        if len(draft.excerpt) < _LONGEST_EXCERPT:
            draft.excerpt += tuple(one.text for one in [*reversed(above), *below] if " | " in one.text)
        failing = next(reversed(self.failed), None)
        number = self._add(line, "", state="failed", instruction=marked[0].strip()) if failing is None else failing
        if marked and draft.steps[number].instruction is None and _WANTS.match(marked[0]):
            draft.learn(number, instruction=marked[0].strip())
        if place and draft.steps[number].line is None:
            draft.learn(number, dockerfile=place[1], line=int(place[2]))
        draft.enter(start, None, "frame")
        self.after = below[-1].end
        draft.enter(self.after + 1, None, "outside")

    def _below(self, line: Line) -> list[Line]:
        """The rest of an excerpt: with the closing rule, or in a paste without it as far as it is marked."""
        text, rule = self.draft.text, self._next_rule(line.start)
        closed = rule < min(len(text.data), line.start + _LONGEST_EXCERPT)
        lines = read_lines(text, line.start, rule + 1 if closed else len(text.data), self.draft.wrapper)
        return list(lines if closed else takewhile(lambda one: " | " in one.text, islice(lines, 21)))

    def _frame(self, line: Line) -> None:
        match = _FRAME.match(line.text)
        assert match
        self.draft.enter(line.start, None, "frame")
        self.draft.enter(line.end + 1, None, "outside")
        name, _, time = match[2].rstrip().rpartition("  ")
        took = _SECONDS.fullmatch(time)
        name = (name if took else match[2]).strip()
        if name.startswith("=> "):
            return
        known = self.named.get(name)
        step = self._add(line, name) if known is None else known
        self._end(step, _STATES.get(match[1] or "", "done"), seconds=float(took[1]) if took else None)

    def _outside(self, line: Line) -> None:
        self.draft.enter(line.start, None, "outside")
        if _FATAL.search(line.text):
            self._verdict(line)
        elif re.match(r"\s*(?:Successfully (?:built|tagged) |naming to )", line.text):
            self.draft.succeeded = True

    def _verdict(self, line: Line) -> None:
        self.draft.failed = True
        code = exit_code(line.text)
        alone = None if self.draft.steps else ran(line.text)
        if alone:
            self.failed[self.draft.add(0, state="failed", instruction=alone, exit_code=code)] = None
            self.draft.claim(0, "block")
        if code is not None:
            for number in self.uncoded & self.failed.keys():
                self.draft.learn(number, exit_code=code)
            self.uncoded.clear()
        self.draft.enter(line.start, next(iter(self.failed), None), "error")
        self.draft.enter(line.end + 1, None, "outside")


def _lines_above(draft: Draft, start: int, most: int) -> list[Line]:
    """The excerpt's lines above `start`, last first: up to its place, or in a paste without it as far as they are marked."""
    found: list[Line] = []
    while start > 0 and len(found) < most:
        line = read_line(draft.text, start - 1, draft.wrapper)
        found.append(line)
        start = line.start
        if _PLACE.match(line.text) and " | " not in line.text:
            return found
    return list(takewhile(lambda line: " | " in line.text, found))
