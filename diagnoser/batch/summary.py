"""What many logs come to: how many failed, of what, and the time that went with it."""

from __future__ import annotations

from collections import Counter

from diagnoser.batch.worker import Result

_OUTCOMES = ("failed", "succeeded", "undetermined", "unreadable")
_UNKNOWN = "(no known cause)"
_MOST = 30  # causes that are listed


class Summary:
    """Counts results as they come."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.causes: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()
        self.titles: dict[str, str] = {}
        self.cut = 0  # logs of which a part was dropped

    def count(self, result: Result) -> None:
        self.outcomes[result.outcome] += 1
        self.cut += result.dropped > 0
        if result.outcome == "failed":
            cause = result.cause or _UNKNOWN
            self.causes[cause] += 1
            self.titles[cause] = result.title
            self.seconds[cause] += result.seconds or 0.0  # type: ignore[assignment]

    def text(self) -> str:
        """A line of outcomes and a table of causes, the most frequent first; minutes are those of the failed builds."""
        told = ", ".join(f"{self.outcomes[o]} {o}" for o in _OUTCOMES if self.outcomes[o])
        lines = [f"{self.outcomes.total()} logs: {told or 'none'}"]
        if self.causes:
            width = max(map(len, self.causes))
            lines.append(f"{'logs':>7}  {'minutes':>7}  cause")
            lines += [self._row(cause, width) for cause, _ in self._ordered()[:_MOST]]
        if len(self.causes) > _MOST:
            lines.append(f"         and {len(self.causes) - _MOST} more causes")
        return "\n".join(lines)

    def _ordered(self) -> list[tuple[str, int]]:
        return sorted(self.causes.items(), key=lambda item: (-item[1], -self.seconds[item[0]], item[0]))

    def _row(self, cause: str, width: int) -> str:
        minutes = f"{self.seconds[cause] / 60:.1f}" if self.seconds[cause] else "-"
        return f"{self.causes[cause]:>7}  {minutes:>7}  {cause:{width}}  {self.titles[cause]}".rstrip()
