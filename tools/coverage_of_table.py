"""How many of Go's own error texts the catalogue knows: `python tools/coverage_of_table.py [-v] TABLE.tsv`.

TABLE has the columns package, file, format, first, last, cause, likelihood: a format string of Go's source, the
releases that hold it, and the root cause that it names (`-` for none). Each format is filled with sample values and
printed as its program prints it; the row is covered where one of these forms is diagnosed as the cause that it names.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from diagnoser.catalogue import Catalogue, load_catalogue
from diagnoser.diagnosis import diagnose

LIKELIHOODS = ("common", "seen", "rare")
_VERB = re.compile(r"%[-+#0 ]*\d*(?:\.\d+)?(?:\[\d+\])?[a-zA-Z%]")
_VERSION = "1.24.0"

# What a value is, by the text before it.
_VALUES = (
    (
        r"(?:go[ ]?(?:>=|version)?|requires|lang was set to|Go|version '|language version string|go\.work:?) ?$",
        _VERSION,
    ),
    (r"(?:switching to|download) $", f"go{_VERSION}"),
    (r"@$", "v1.2.3"),
    (r"(?:revision|version) $", "v1.2.3"),
    (r"-mod=$", "readonly"),
    (r"errors parsing $", "go.mod"),
    (r"errors parsing \S+:?\n$", "/src/go.mod:5: unknown directive: foo"),
    (r"reading $", "https://proxy.golang.org/example.com/dep/@v/v1.2.3.mod"),
    (r"reading \S+: $", "500 Internal Server Error"),
    (r"build cache at \S+: $", "mkdir /src/lib: permission denied"),
    (r"found$", ""),
    (r"(?:download \S+|GOOS/GOARCH pair|requires|for) $", "linux"),
    (r"linux/$", "amd64"),
    (r"go: missing $", "Git"),
    (r"protocol|no $", "secure "),
    (r"verifying $", "example.com/dep@v1.2.3"),
    (r"directory prefix $", "."),
    (r"directory prefix \. does not contain $", "main module or its selected dependencies"),
    (r"pattern $", "dist/*"),
    (r"pattern \S+: $", "no matching files found"),
    (r"lookup $", "proxy.golang.org"),
    (r"lookup \S+ on $", "127.0.0.11:53"),
    (r"(?:tcp|->) ?$", "142.250.1.17:443"),
    (r"udp $", "172.17.0.2:41810"),
    (r"(?:open|stat|mkdir|directory|dir|in|file|initialize build cache at|parsing) $", "/src/lib"),
    (r"(?:module|package|packages|import|path|imports|path as:|required as:|embed|find) \"?$", "example.com/dep"),
)
_LETTERS = {"d": "3", "x": "1f", "c": "c", "U": "U+0023", "t": "true", "T": "int", "g": "1", "%": "%", "p": "0xc000"}

# How the programs print a message, by the package that it stands in; the longest prefix counts.
_LANGUAGE = ("cmd/compile", "go/", "cmd/cgo", "cmd/link", "cmd/asm", "golang.org/x/tools")
_COMPILER = ("# example.com/app\n./main.go:5:2: {}",)
_MODULE = "go: example.com/dep@v1.2.3: {}"
_FETCH = 'go: example.com/dep@v1.2.3: Get "https://proxy.golang.org/example.com/dep/@v/v1.2.3.mod": {}'
_GO = ("go: {}", "{}", _MODULE, "main.go:5:2: {}", "package example.com/app\n\timports example.com/dep: {}")
_GO_MOD = ("go: errors parsing go.mod:\n/src/go.mod:5: {}", "go: errors parsing go.mod:\ngo.mod:5: {}")
_FORMS = {
    "cmd/compile": _COMPILER,
    "cmd/compile/internal/syntax": ("# example.com/app\n./main.go:5:2: syntax error: {}", *_COMPILER),
    "go/types": _COMPILER,
    "go/parser": ("main.go:5:2: {}", "package example.com/app\n\tmain.go:5:2: {}"),
    "go/scanner": ("main.go:5:2: {}",),
    "go/build": ("{}", "main.go:5:2: {}", "package example.com/app: {}", "go: {}"),
    "go/build/constraint": ("main.go:1:1: {}", "# example.com/app\n./main.go:1:1: {}"),
    "golang.org/x/tools/go/analysis": ("# example.com/app\n./main.go:5:2: {}",),
    "golang.org/x/mod/modfile": (*_GO_MOD, "go: errors parsing go.work:\n/src/go.work:5: {}"),
    "golang.org/x/mod/module": (
        'go: malformed module path "example.com/dep": {}',
        'main.go:5:2: malformed import path "example.com/dep": {}',
        _MODULE,
        "/src/go.mod:5:2: {}",
    ),
    "golang.org/x/mod/sumdb": ("go: example.com/dep@v1.2.3: verifying module: {}",),
    "golang.org/x/mod/zip": (_MODULE,),
    "archive/zip": (_MODULE,),
    "cmd/cgo": ("# example.com/app\ncgo: {}", "# example.com/app\n./main.go:5:2: {}", "# example.com/app\n{}"),
    "cmd/link": ("# example.com/app\nmain.main: {}", "# example.com/app\n/usr/local/go/pkg/tool/linux_amd64/link: {}"),
    "cmd/asm": ("# example.com/app\n./add_amd64.s:3: {}\nasm: assembly of ./add_amd64.s failed",),
    "cmd/go": _GO,
    "cmd/go/internal/load": (
        *_GO,
        "main.go:5:12: pattern dist/*: {}",
        "package example.com/x\n\timports example.com/app: {}",
    ),
    "cmd/go/internal/modload": (
        *_GO,
        "main.go:5:2: cannot find module providing package example.com/dep: {}",
        "pattern ./...: {}",
    ),
    "cmd/go/internal/generate": ("main.go:3: {}", "{}"),
    "cmd/go/internal/vcs": (*_GO, 'go: example.com/dep@v1.2.3: unrecognized import path "example.com/dep": {}'),
    "cmd/go/internal/web": (_MODULE, 'go: example.com/dep@v1.2.3: unrecognized import path "example.com/dep": {}'),
    "cmd/go/internal/workcmd": (*_GO, "go: errors parsing go.work:\n/src/go.work:5: {}"),
    "cmd/go/internal/toolchain": (*_GO, "go: download go1.24.0: {}"),
    "internal/buildcfg": ("go: {}", "{}"),
    "net": (_FETCH, _FETCH.replace("{}", "dial tcp: lookup proxy.golang.org on 127.0.0.11:53: {}")),
    "net/http": (_FETCH,),
    "crypto": (_FETCH, "go: example.com/dep@v1.2.3: Get \"https://proxy.golang.org/x\": tls: {}"),
    "io": (_FETCH,),
    "syscall": ("go: writing go.mod: write /src/go.mod: {}", "open /src/app: {}", "go: mkdir /go/pkg/mod/cache: {}"),
    "os": ("# example.com/app\n/usr/local/go/pkg/tool/linux_amd64/compile: {}",),
}  # fmt: skip

# Second causes that are as right as the one that the table names.
_ALSO = (
    ("function body", "compile/link-error"),  # a body that an assembly file or a linkname was to bring
    ("redeclared", "compile/redeclared-main"),
    ("must match format 1.23.0", "modules/invalid-go-mod"),
)


class Row(NamedTuple):
    package: str
    format: str
    cause: str
    likelihood: str


def rows(table: Path) -> Iterator[Row]:
    """The rows that name a cause."""
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["cause"] != "-" and row["likelihood"] in LIKELIHOODS:
                yield Row(row["package"], row["format"], row["cause"], row["likelihood"])


def filled(form: str, first: str) -> str:
    """The format string with sample values; `first` is what a message begins with."""
    text = form.replace(r"\n", "\n").replace(r"\t", "\t")
    done = ""
    while verb := _VERB.search(text):
        done += text[: verb.start()]
        done, text = done + _value(verb[0], done, first, text[verb.end() :]), text[verb.end() :]
    return (done + text).strip("\n")


def _value(verb: str, before: str, first: str, after: str) -> str:
    if verb[-1] in _LETTERS:
        return _LETTERS[verb[-1]]
    if after.startswith("@"):
        return "example.com/dep"
    other = "x" if before else first
    word = next((value for words, value in _VALUES if re.search(words, before)), other)
    return f'"{word}"' if verb[-1] == "q" else word


def forms(row: Row) -> Iterator[str]:
    """The row's message as its program may print it."""
    text = filled(row.format, "value" if row.package.startswith(_LANGUAGE) else "example.com/dep")
    prefix = max((p for p in _FORMS if f"{row.package}/".startswith(f"{p}/")), key=len, default="")
    for form in _FORMS.get(prefix, ("{}",)):
        yield (text if text.startswith("go: ") and form == "go: {}" else form.replace("{}", text)) + "\n"


def found(row: Row, catalogue: Catalogue) -> list[str]:
    """The first cause that each form is diagnosed as."""
    diagnoses = (diagnose(form, catalogue=catalogue).diagnoses for form in forms(row))
    return [d[0].id for d in diagnoses if d]


def covered(row: Row, ids: list[str]) -> bool:
    return row.cause in ids or any(words in row.format and other in ids for words, other in _ALSO)


def main(arguments: list[str]) -> None:
    catalogue = load_catalogue()
    total, hit = Counter[str](), Counter[str]()
    for row in rows(Path(arguments[-1])):
        ids = found(row, catalogue)
        total[row.likelihood] += 1
        if covered(row, ids):
            hit[row.likelihood] += 1
        elif "-v" in arguments:
            print(row.likelihood, row.cause, row.package, repr(row.format), sorted(set(ids)), sep="\t")
    for likelihood in LIKELIHOODS:
        share = hit[likelihood] / max(1, total[likelihood])
        print(f"{likelihood:7} {share:.3f}  {hit[likelihood]} of {total[likelihood]}")


if __name__ == "__main__":
    main(sys.argv[1:])
