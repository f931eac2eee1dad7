"""Whether a log may have been cut where a pattern matched: the rest of that message could tell another cause."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diagnoser.lines import Line

# How builders and programs begin a message. A first line that begins otherwise may be the end of one.
_BEGINS = re.compile(
    r"#|\[|\{|=>| {2}|\t| [=>-]|>|-{3}|\$|\+|go: |time=|(?:Step|STEP) \d|INFO|WARN|ERR|[EW]: |(?:(?:[Dd]ocker|[Ee]rror|[Ff]atal|[Ff]ailed|panic|"
    r"package|pattern|verifying|warning|Warning|open|stat|exec|cannot|unable|npm|pip|curl|wget|make|git|bash|sh|"
    r"build|runtime|no|The|Error response|could)\b)|/(?:bin|usr)/[\w./-]+[: ]|(?:\S*/)?[\w.-]+\.(?:go|mod|sum|work|c|h|s|cc|cpp|py|js|sh):\d|"
    r"[\w.-]+\.[a-z]+(?:/[\w./-]+)?: (?!\S*@)|\d{4}[-/]\d\d|\d\d:\d\d:"
)
# What stands within a message alone: the rest of a module's path, of quoted words.
_GOES_ON = re.compile(r"(?![./])\S*(?:@v\d|-[0-9a-f]{12}/)|[a-f]*\d[0-9a-f]*/|[\"':,;)]")


def may_be_cut(lines: Sequence[Line], first: int, last: int, inside: bool, size: int) -> bool:
    """For a match on lines `first` to `last` of a text of `size` bytes that begins at the first one's start or `inside`."""
    if lines[last].end >= size:
        return True  # nothing ends the line
    after = lines[last + 1] if last + 1 < len(lines) else None
    if after and after.end >= size and after.text[:1] in ("\t", " "):
        return True  # nor the one that goes on with the message
    text = lines[first].text
    return lines[first].start == 0 and bool(_GOES_ON.match(text) or (inside and not _BEGINS.match(text)))
