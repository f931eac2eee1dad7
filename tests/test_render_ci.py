"""What CI systems read: SARIF by its schema, JUnit XML by its library, GitLab's code quality report by its fields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from junitparser import JUnitXml

from diagnoser.catalogue import Catalogue
from diagnoser.diagnosis import Diagnosis, diagnose
from diagnoser.render import codequality, github, junit, sarif
from diagnoser.render.places import fingerprint, place

from .conftest import ROOT

SCHEMA = Draft4Validator(json.loads((ROOT / "tests/data/sarif/sarif-schema-2.1.0.json").read_text()))
TIMEOUT = "modules/proxy-timeout/docker28.5-plain-mod-dial-timeout.log"
NASTY = 'x`]<b>[a](0) {0} %0A"&\x00\ufffe\ud800\u202e]]>'
LOGS = [
    "",
    "all is well\n",
    "./cmd/x/main.go:12:7: undefined: frob\n",
    "#5 [1/2] RUN x\n#5 ERROR: exit code: 3\n",
    f"#5 [1/2] RUN {NASTY}\n#5 0.1 main.go:4:2: missing go.sum entry for module providing package {NASTY}; to add:\n",
    "#5 [1/2] RUN x\n#5 DONE 1.0s\n#6 [2/2] RUN y\n#6 CANCELED\n",
]


def diagnosed(log: str, catalogue: Catalogue) -> Diagnosis:
    return diagnose(log.encode("utf-8", "surrogatepass"), catalogue=catalogue)


@pytest.fixture(scope="module")
def recorded(catalogue: Catalogue) -> Diagnosis:
    return diagnose((ROOT / "sample_logs" / TIMEOUT).read_bytes(), source="logs/a b.log", catalogue=catalogue)


def run(diagnosis: Diagnosis, catalogue: Catalogue) -> dict[str, Any]:
    found = json.loads(sarif.render(diagnosis, catalogue.signatures))
    SCHEMA.validate(found)
    return dict(found["runs"][0])


@pytest.mark.parametrize("log", LOGS)
def test_sarif_keeps_to_the_schema(log: str, catalogue: Catalogue) -> None:
    found = diagnosed(log, catalogue)
    results = run(found, catalogue)["results"]
    assert len(results) == max(len(found.diagnoses) + len(found.advice), found.outcome == "failed")
    assert all(r["locations"] or r["ruleId"] == "other/unclear" for r in results)


def test_sarif_keeps_to_the_schema_for_a_recording_of_each_cause(catalogue: Catalogue) -> None:
    for folder in sorted((ROOT / "sample_logs").glob("*/*")):
        first = next(iter(sorted(folder.glob("*.log"))))
        run(diagnose(first.read_bytes(), source=str(first), catalogue=catalogue), catalogue)


def test_sarif_names_rule_log_and_fix(recorded: Diagnosis, catalogue: Catalogue) -> None:
    found = run(recorded, catalogue)
    rule, result = found["tool"]["driver"]["rules"][0], found["results"][0]
    assert rule["id"] == result["ruleId"] == "modules/proxy-timeout" and "transient" in rule["properties"]["tags"]
    assert rule["help"]["text"].startswith("# modules/proxy-timeout")
    region = result["relatedLocations"][0]["physicalLocation"]
    assert region["region"]["startLine"] == 34 and "i/o timeout" in region["region"]["snippet"]["text"]
    assert found["artifacts"][0]["location"]["uri"] == "logs/a%20b.log"
    assert "Fix:\n1. " in result["message"]["text"]


def test_sarif_reads_no_placeholder_and_no_link_into_a_log(recorded: Diagnosis, catalogue: Catalogue) -> None:
    first = recorded.diagnoses[0]._replace(cause="see [a](0), {0} and { x }")
    found = run(recorded._replace(diagnoses=(first,)), catalogue)
    assert "see \\[a](0), {{0}} and { x }" in found["results"][0]["message"]["text"]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("-", "standard-input.log"),
        ("./build.log", "build.log"),
        ("/tmp/é.log", "file:///tmp/%C3%A9.log"),
        ("C:\\logs\\a b.log", "file:///C:/logs/a%20b.log"),
        ("logs\\build.log", "logs/build.log"),
    ],
)
def test_the_logs_address(path: str, uri: str, catalogue: Catalogue) -> None:
    found = run(diagnose("x\n", catalogue=catalogue)._replace(source=path), catalogue)
    assert found["artifacts"][0]["location"]["uri"] == uri


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("./cmd/x/main.go:12:7: undefined: frob", ("cmd/x/main.go", 12, 7)),
        (".\\cmd\\x\\main.go:12:7: undefined: frob", ("cmd/x/main.go", 12, 7)),
        ("main.go:12: undefined: frob", ("main.go", 12, None)),
        ("../x/main.go:12:7: undefined: frob", None),
        ("/go/pkg/mod/example.com/dep@v1.0.0/x.go:12:7: undefined: frob", None),
        ("C:\\src\\main.go:12:7: undefined: frob", None),
        ("/Users/me/src/main.go:12:7: undefined: frob", None),
    ],
)
def test_annotations_point_into_the_repository_or_nowhere(line: str, where: Any, catalogue: Catalogue) -> None:
    found = diagnose(line + "\n", catalogue=catalogue)
    assert found.diagnoses and found.diagnoses[0].evidence[0].text.startswith(line[:12])
    assert place(found.diagnoses[0], None) == where
    assert ("file=" in github.render(found)) == (where is not None)


def test_every_line_that_the_cause_names_is_annotated_and_the_step(catalogue: Catalogue) -> None:
    lines = "#5 0.1 ./main.go:4:2: undefined: a\n#5 0.1 ./cmd/x.go:9:1: undefined: b\n"
    mark = "------\nDockerfile:2\n------\n   1 | FROM x\n   2 | >>> RUN go build .\n------\n"
    found = diagnose(f"#5 [2/2] RUN go build .\n{lines}#5 ERROR: exit code: 1\n{mark}", catalogue=catalogue)
    shown = [line.split(",title=")[0] for line in github.render(found).splitlines()]
    assert shown == [
        "::error file=main.go,line=4,col=2",
        "::error file=cmd/x.go,line=9,col=1",
        "::notice file=Dockerfile,line=2",
    ]
    related = run(found, catalogue)["results"][0]["relatedLocations"]
    uris = [place["physicalLocation"]["artifactLocation"]["uri"] for place in related]
    assert uris[:2] == ["cmd/x.go", "Dockerfile"] and set(uris[2:]) == {"standard-input.log"}


@pytest.mark.parametrize("log", LOGS)
def test_junit_is_read_by_its_library(log: str, catalogue: Catalogue) -> None:
    found = diagnosed(log, catalogue)
    report = JUnitXml.fromstring(junit.render(found).encode())
    assert report.tests >= 1 and report.failures == (found.outcome == "failed")


def test_junit_has_the_steps_their_times_and_the_cause(recorded: Diagnosis) -> None:
    suite = next(iter(JUnitXml.fromstring(junit.render(recorded).encode())))
    cases: list[Any] = list(suite)
    failed = [case for case in cases if case.result]
    assert len(cases) == 10 and [(case.name, case.time) for case in failed] == [
        ("[builder 4/6] RUN go mod download", 30.2)
    ]
    assert failed[0].result[0].type == "modules/proxy-timeout" and "i/o timeout" in failed[0].result[0].text


def test_junit_says_what_to_install(recorded: Diagnosis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "junitparser", None)
    with pytest.raises(Exception, match=r"diagnoser\[ci\]"):
        junit.render(recorded)


@pytest.mark.parametrize("log", LOGS)
def test_code_quality_has_gitlabs_obligatory_fields(log: str, catalogue: Catalogue) -> None:
    found = diagnosed(log, catalogue)
    issues = json.loads(codequality.render(found))
    assert bool(issues) == bool(found.outcome == "failed" or found.advice)
    for issue in issues:
        assert {"description", "check_name", "fingerprint", "severity", "location"} <= issue.keys()
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["path"] and issue["location"]["lines"]["begin"] >= 1


def _runs() -> Iterator[str]:
    log = (ROOT / "sample_logs" / TIMEOUT).read_text()
    yield log
    yield "a line more\n" + log.replace("30.19", "31.4").replace("127.0.0.2:443", "127.0.0.9:8443")


def test_a_fingerprint_is_the_same_in_another_run(catalogue: Catalogue) -> None:
    found = [diagnose(log, catalogue=catalogue) for log in _runs()]
    assert len({fingerprint(f.diagnoses[0], f.failing_step) for f in found}) == 1
    other = diagnose("main.go:4:2: undefined: frob\n", catalogue=catalogue)
    assert fingerprint(other.diagnoses[0], None) != fingerprint(found[0].diagnoses[0], found[0].failing_step)


def test_the_schema_tells_wrong_from_right() -> None:
    assert not SCHEMA.is_valid({"version": "2.1.0"}) and not SCHEMA.is_valid({"version": "2.0.0", "runs": []})
    assert Path(ROOT / "tests/data/sarif/NOTICE.md").exists()
