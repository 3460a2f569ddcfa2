"""The script of the GitHub Action: inputs from the environment, outputs to the runner's files, an exit code.

It imports nothing but the standard library, and runs isolated (`python -I`), so that no file of the checkout is
imported by it or by psfpolicy.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
import venv
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any, Literal

HERE = Path(__file__).resolve().parent.parent
SUMMARY_BYTES = 900 * 1024
COMMENT_CHARACTERS = 65_000
"""GitHub takes 65,536."""
PAGES = 10
"""Pages of a hundred comments each that are looked through for ours."""
TIMEOUT_SECONDS = 30
SUFFIXES = {"comment": "comment.md", "gitlab": "gitlab.json", "junit": "xml", "markdown": "md", "text": "txt"}
KEPT = ("PSFPOLICY_CACHE_DIR", "PSFPOLICY_DEBUG", "PSFPOLICY_JOBS")
"""Variables of psfpolicy that decide nothing; the inputs of the action are the only way to say the rest."""


class WrongUseError(Exception):
    """An input or an event that the action cannot work with."""


@dataclass(frozen=True)
class Event:
    """What the runner says of the event."""

    name: str
    body: dict[str, Any]

    @classmethod
    def read(cls) -> Event:
        """Read the file that the runner names."""
        path = os.environ.get("GITHUB_EVENT_PATH", "")
        body = json.loads(Path(path).read_text(encoding="utf-8")) if path and Path(path).is_file() else {}
        return cls(os.environ.get("GITHUB_EVENT_NAME", ""), body)

    @property
    def base(self) -> str:
        """The commit that the change is made to; empty where the event is no change."""
        if self.name == "pull_request":
            return str(self.body["pull_request"]["base"]["sha"])
        if self.name == "merge_group":
            return str(self.body["merge_group"]["base_sha"])
        return ""

    @property
    def link(self) -> str:
        """Where the files of the change can be read; empty where the runner does not say."""
        server, repository = (os.environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY"))
        commit = os.environ.get("GITHUB_SHA", "")
        if self.number is not None:
            commit = str(self.body["pull_request"]["head"].get("sha", ""))
        return f"{server}/{repository}/blob/{commit}" if server and repository and commit else ""

    @property
    def number(self) -> int | None:
        """The pull request's; None for another event."""
        return int(self.body["pull_request"]["number"]) if self.name == "pull_request" else None

    @property
    def from_fork(self) -> bool:
        """The head lies in another repository, or in one that is gone."""
        head = self.body.get("pull_request", {}).get("head", {}).get("repo") or {}
        return self.number is not None and head.get("full_name") != self.body.get("repository", {}).get("full_name")


def said(name: str) -> str:
    """Give an input."""
    return os.environ.get(f"INPUT_{name}", "").strip()


def choice(name: str, allowed: tuple[str, ...]) -> str:
    """Give an input that is one of some words."""
    if said(name) not in allowed:
        words = ", ".join(word for word in allowed if word)
        raise WrongUseError(f"the input {name.lower().replace('_', '-')} is one of {words}")
    return said(name)


def identifier() -> str:
    """Give what tells this use apart: a name that can be a file, a category and a marker."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", said("ID")):
        raise WrongUseError("the input id has 1 to 64 letters, digits, dots, hyphens and underscores")
    return said("ID")


def folder(*, fresh: bool = False) -> Path:
    """Give the folder of this use; a fresh one has no report of an earlier use under the same id."""
    found = Path(os.environ["RUNNER_TEMP"]) / "psfpolicy" / identifier()
    found.mkdir(parents=True, exist_ok=True)
    for old in found.glob("report.*") if fresh else ():
        old.unlink()
    return found


def python() -> Path:
    """Give the Python of the environment that `install` made."""
    environment = folder() / "environment"
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install() -> int:
    """Install psfpolicy: the version asked for, or the one that this action comes with."""
    version = said("VERSION")
    if version and not re.fullmatch(r"[0-9][0-9A-Za-z.+!-]*", version):
        raise WrongUseError("the input version is a version, such as 1.2.3")
    # The pins are those that this version was tested with; another has its own.
    words = [f"psfpolicy=={version}"] if version else ["--constraint", str(HERE / "constraints.txt"), str(HERE)]
    venv.create(folder() / "environment", with_pip=True, clear=True)
    pip = [str(python()), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return subprocess.run([*pip, *words], check=False).returncode


def check() -> int:
    """Run psfpolicy, show its reports, and give its exit code."""
    event = Event.read()
    if event.name == "pull_request_target":
        raise WrongUseError("use the event pull_request: pull_request_target assesses the base, not the change")
    here = folder(fresh=True)
    formats = wanted_formats()
    commenting = choice("COMMENT", ("", "false", "true")) == "true" and event.number is not None
    wanted = {*formats, "json", "text", *(["comment"] if commenting else [])} - {"github"}
    files = {name: here / f"report.{SUFFIXES.get(name, name)}" for name in wanted}
    words = [*arguments(event), *(word for name in sorted(files) for word in ("-o", f"{name}={files[name]}"))]
    words += ["-o", "github=-"] if "github" in formats else []
    words += ["--id", identifier(), *(["--link", event.link] if event.link else [])]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PSFPOLICY_") or key in KEPT}
    paths = [line.strip() for line in said("PATHS").splitlines() if line.strip()]
    command = [str(python()), "-I", "-m", "psfpolicy", "check", *words, "--", *paths]
    shown = None if "github" in formats else subprocess.DEVNULL  # the text is shown below
    done = subprocess.run(
        command, env=environment, stdout=shown, stderr=subprocess.PIPE, encoding="utf-8", errors="replace", check=False
    )
    code = done.returncode
    show(files["text"], done.stderr)
    if "markdown" in formats and files["markdown"].is_file():
        summarise(cut(files["markdown"].read_text(encoding="utf-8"), SUMMARY_BYTES, of="bytes"))
    elif code in {2, 3}:
        summarise(f"psfpolicy assessed nothing (exit code {code}); the log of the step says why.\n")
        print(f"::error title=psfpolicy::{escaped(done.stderr.strip())}")
    write_outputs(code, files, commenting=commenting, sarif="sarif" in formats)
    return code


def wanted_formats() -> tuple[str, ...]:
    """Give the names of the reports, each once."""
    names = dict.fromkeys(re.split(r"[\s,]+", said("FORMATS")))
    names.pop("", None)
    for name in names:
        if not re.fullmatch(r"[a-z]+", name):
            raise WrongUseError("the input formats names formats, with blanks or commas between them")
    return tuple(names)


def arguments(event: Event) -> list[str]:
    """Give the options of `psfpolicy check` that the inputs and the event ask for."""
    words = []
    if gate := said("GATE"):
        # Which profiles there are, the bundle that the settings pin says.
        if not re.fullmatch(r"[a-z][a-z0-9-]*", gate):
            raise WrongUseError(
                "the input gate is advisory, baseline, standard, strict or a gate profile of the bundle"
            )
        words += ["--gate", gate]
    base = "" if said("BASE") == "none" else said("BASE") or event.base
    only_new = choice("FAIL_ON_NEW", ("", "false", "true")) == "true"
    policy_from = choice("POLICY_FROM", ("", "base", "head"))
    if base:
        words += [f"--base={base}", "--policy-from", policy_from or ("base" if event.base else "head")]
        words += ["--fail-on-new"] if only_new else []
    elif policy_from == "base":
        raise WrongUseError(f"there is no base on the event {event.name}; name one with the input base")
    elif only_new:
        print(
            "::notice title=psfpolicy::fail-on-new needs a base, and this event has none: every finding counts. "
            "`psfpolicy accepted write` lets those that are known pass."
        )
    return words


def show(report: Path, said: str) -> None:
    """Print the text report, and what was said beside it, where no line of them is a command to the runner."""
    text = report.read_text(encoding="utf-8") if report.is_file() else ""
    stop = secrets.token_hex(16)
    print("::group::psfpolicy: the whole report", f"::stop-commands::{stop}", text + said, f"::{stop}::", sep="\n")
    print("::endgroup::", flush=True)


def escaped(text: str) -> str:
    """Give text as the message of a command to the runner."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def cut(text: str, most: int, *, of: Literal["bytes", "characters"]) -> str:
    """Give text that fits, cut before a heading or, without one, before a line."""
    whole = text.encode() if of == "bytes" else text
    if len(whole) <= most:
        return text
    says = "\n\nThis report is cut here; the whole of it is in the log of the step.\n"
    room = most - len(says)
    start = text.encode()[:room].decode(errors="ignore") if of == "bytes" else text[:room]
    end = max(start.rfind("\n## "), start.rfind("\n### "))
    return start[: end if end > 0 else max(start.rfind("\n"), 0)] + says


def summarise(text: str) -> None:
    """Add to the summary of the job."""
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as file:
        file.write(text if text.endswith("\n") else f"{text}\n")


def write_outputs(code: int, files: dict[str, Path], *, commenting: bool, sarif: bool) -> None:
    """Write the outputs of the action; those that are not known are empty."""
    report = json.loads(files["json"].read_text(encoding="utf-8")) if files["json"].is_file() else None
    compared = None if report is None else report.get("comparison")
    scores = [item["overall"]["score"] for item in (report or {}).get("assessments", ()) if item["overall"]]
    found = {
        "verdict": verdict(code, report),
        "score": min(scores, default=""),
        "sarif-file": files["sarif"] if sarif and files["sarif"].is_file() else "",
        "report-file": files["json"] if report else "",
        "new-findings": compared["changes"]["new"] + compared["changes"]["worsened"] if compared else "",
        "comment-file": files["comment"] if commenting and files["comment"].is_file() else "",
    }
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in found.items())


def verdict(code: int, report: dict[str, Any] | None) -> str:
    """Give the verdict of a run in a word."""
    if report is None or code in {2, 3}:
        return "error"
    if code == 0:
        return "advisory" if report["summary"]["verdicts"]["advisory"] else "pass"
    return "fail" if code == 1 else "undecided"


def refused() -> int:
    """Say that the upload was refused."""
    why = (
        "the token of a pull request from a fork may not upload"
        if Event.read().from_fork
        else "it needs the permission security-events write, and code scanning in this repository"
    )
    print(f"::warning title=psfpolicy::The SARIF report was not uploaded: {why}. The verdict stands without it.")
    return 0


def comment() -> int:
    """Write the report into the one comment of this use, made where there is none; a refusal is a warning."""
    event = Event.read()
    marker = f"<!-- psfpolicy {identifier()} -->\n"
    report = Path(os.environ["COMMENT_FILE"]).read_text(encoding="utf-8")
    # The format writes the mark itself.
    body = cut(marker + report.removeprefix(marker), COMMENT_CHARACTERS, of="characters")
    comments = f"repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    try:
        known = ours(f"{comments}/{event.number}/comments", marker)
        if known is None:
            api("POST", f"{comments}/{event.number}/comments", {"body": body})
        else:
            api("PATCH", f"{comments}/comments/{known}", {"body": body})
    except (OSError, HTTPException, ValueError) as error:
        print(f"::warning title=psfpolicy::The comment was not written: {because(error, event)}. The verdict stands.")
    return 0


def because(error: Exception, event: Event) -> str:
    """Say why the comment was refused."""
    if isinstance(error, urllib.error.HTTPError) and error.code in {401, 403, 404}:
        if event.from_fork:
            return "the token of a pull request from a fork cannot write; the report is in the summary of the job"
        return "the job needs the permission pull-requests write; the report is in the summary of the job"
    return f"GitHub answered {error.code}" if isinstance(error, urllib.error.HTTPError) else "GitHub did not answer"


def ours(comments: str, marker: str) -> int | None:
    """Give the comment that an earlier run wrote; one of a person that begins alike is theirs."""
    for page in range(1, PAGES + 1):
        found = api("GET", f"{comments}?per_page=100&page={page}")
        for item in found:
            by_bot = (item.get("user") or {}).get("type") == "Bot"
            if by_bot and (item.get("body") or "").startswith(marker):
                return int(item["id"])
        if len(found) < 100:
            break
    return None


def api(method: str, path: str, body: dict[str, str] | None = None) -> Any:
    """Ask GitHub."""
    request = urllib.request.Request(  # noqa: S310  # the runner names the address
        f"{os.environ['GITHUB_API_URL']}/{path}",
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {os.environ['TOKEN']}",
            "Content-Type": "application/json",
            "X-GitHub-Api-Version": "2022-11-28",
        },
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  # likewise
        return json.load(answer)


def main(words: list[str]) -> int:
    """Run a step of the action."""
    steps = {"install": install, "check": check, "refused": refused, "comment": comment}
    # What the runner shows is UTF-8, whatever the machine's own encoding.
    if callable(reconfigure := getattr(sys.stdout, "reconfigure", None)):
        reconfigure(encoding="utf-8")
    try:
        return steps[words[0]]()
    except WrongUseError as error:
        print(f"::error title=psfpolicy::{escaped(str(error))}")
        if words == ["check"]:
            with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
                file.write("verdict=error\n")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
