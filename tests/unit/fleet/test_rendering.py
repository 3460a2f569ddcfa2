from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from psfpolicy.fleet import html, text
from psfpolicy.fleet import json as json_format
from psfpolicy.fleet.held import Entry
from psfpolicy.fleet.view import of_report, viewed
from psfpolicy.formats.base import Style
from psfpolicy.model.record import jsonable
from psfpolicy.model.report import Unassessed
from tests.unit.fleet.made import ENGINE, FLOW, LIMIT, SERVED, deployment, source
from tests.unit.formats.reports import GONE, HOSTILE, PROBLEM, full, hostile

if TYPE_CHECKING:
    from psfpolicy.model.fleet import Fleet

FAILED = Unassessed(file="broken.yaml", problems=(PROBLEM, PROBLEM))
PROVIDED = replace(
    SERVED,
    engine=replace(ENGINE, name=None, title=None, version=None, standing="provider", advisories=()),
    licences=(replace(LIMIT, licence=None, title=None, limit=None, users=None, percent=None, standing="open"),),
)
NEW = source(
    deployment("a", "undecided", flows=(FLOW, replace(FLOW, border=None, country=None))),
    deployment("b", served=None),
    deployment("c", "pass", served=PROVIDED, flows=()),
    unassessed=(FAILED,),
    name="new.json",
)
OLD = source(deployment("a"), deployment("d", "advisory"), name="old.json", as_of="2026-11-20", policy=full().policy)
FLEET = viewed([NEW, replace(OLD, only_new=True, policy="sha256:other")], 20)


def shown(fleet: Fleet, style: Style | None = None) -> str:
    return "".join(text.render(fleet, style or Style()))


def page(fleet: Fleet) -> str:
    return "".join(html.render(fleet, Style()))


def test_the_text_shows_counts_notes_and_every_list() -> None:
    assert (
        shown(FLEET)
        == """\
Fleet of 4 deployments: 1 undecided, 1 fail, 1 advisory, 1 pass; 1 file not assessed
  as of 2026-11-20 to 2026-11-21: not all answers are of one day
  gates: 4 at standard
  decided by 2 policies: what is counted together was not asked alike
  1 older answer left out: a newer answer about the same deployment counts instead
  1 deployment without engine, licences and country: an older psfpolicy wrote the report
  findings that were there before let the gate pass in old.json

Not assessed
  file         report    problem
  broken.yaml  new.json  unknown-key: `spec` has no key `modle`; 1 more

Deployments, worst first
  verdict    overall  deployment    error  fail  partial  waived  worst domains  as of       file    report
  undecided       50  production/a      0     1        0       0  PSF-1          2026-11-21  a.yaml  new.json
  fail            50  production/b      0     1        0       0  PSF-1          2026-11-21  b.yaml  new.json
  advisory        50  production/d      0     1        0       0  PSF-1          2026-11-20  d.yaml  old.json
  pass            50  production/c      0     1        0       0  PSF-1          2026-11-21  c.yaml  new.json

Domains, worst first
  domain  title             Gap  Partial  Strong  none  capped  lowest  of
  OPS     Operations          0        0       0     4       0       -  -
  PSF-1   Input Governance    0        0       4     0       0      72  production/a

Controls that fail most often
  control                  severity  error  fail  partial  pass  waived  asks
  input-injection-defence  critical      0     4        0     0       0  input-injection-defence

Residency borders
  from       to         crosses    deployments  flows  to third parties  prompts or responses
  DE         not known  not known            1      1                 1                     1
  DE         US         yes                  2      2                 2                     2
  not known  US         yes                  1      1                 1                     1

Engines and versions
  engine        version  image  advisories        deployments  affected  may be  which
  vLLM          0.11.0   -      compared                    2         2       0  CVE-1, CVE-3
  not declared  -        -      a provider's own            1         0       0  -

Advisories
  advisory  engine  severity  affected  may be  noted
  CVE-1     vLLM    high             2       0      0
  CVE-3     vLLM    critical         0       0      2

Licences at their limits
  limit is   deployment    under it    licence           users      limit   %
  not known  production/c  acme/large  not known     not known  not known   -
  near       production/a  acme/large  Acme Licence    900,000  1,000,000  90
  near       production/d  acme/large  Acme Licence    900,000  1,000,000  90

Older answers, left out
  deployment    report    as of       newer
  production/a  old.json  2026-11-20  new.json

Where the answers come from
  report    kind          as of       psfpolicy  policy               deployments  left out
  new.json  assessed now  2026-11-21  1.2.3      sha256:abababababab            3         0
  old.json  assessed now  2026-11-20  1.2.3      sha256:other                   2         1
"""
    )


def test_what_is_the_same_of_every_row_is_no_column() -> None:
    rows = shown(viewed([source(deployment("a"), unassessed=(FAILED,))], 20)).splitlines()
    assert "  file         problem" in rows
    assert "  verdict  overall  deployment    error  fail  partial  waived  worst domains  file" in rows
    assert shown(viewed([source(deployment("a", "pass"))], 20)).splitlines()[0] == "Fleet of 1 deployment: 1 pass"


def test_quiet_shows_the_counts_and_what_was_not_assessed() -> None:
    said = shown(FLEET, Style(quiet=True))
    assert [line for line in said.splitlines() if line and not line.startswith(" ")] == [
        "Fleet of 4 deployments: 1 undecided, 1 fail, 1 advisory, 1 pass; 1 file not assessed",
        "Not assessed",
    ]
    assert "broken.yaml" in said


def test_colour_adds_nothing_but_colour() -> None:
    coloured = shown(FLEET, Style(color=True))
    assert "\x1b[31m" in coloured
    plain = re.sub(r"\x1b\[\d+m", "", coloured)
    assert "".join(line.rstrip() + "\n" for line in plain.splitlines()) == shown(FLEET)


def test_what_is_cut_says_how_much_there_is() -> None:
    cut = viewed([source(*(deployment(str(number)) for number in range(5)))], 2)
    assert "  3 more rows; --top 5 shows all\n" in shown(cut)
    assert '<p class="more">3 more rows; --top 5 shows all</p>' in page(cut)


def test_many_advisories_are_named_in_part() -> None:
    many = tuple(replace(ENGINE.advisories[0], id=f"CVE-{number}") for number in range(1, 8))
    served = replace(SERVED, engine=replace(ENGINE, advisories=many))
    assert "CVE-1, CVE-2, CVE-3 and 4 more" in shown(viewed([source(deployment("a", served=served))], 20))


def test_limits_that_are_not_listed_are_counted() -> None:
    limits = (replace(LIMIT, standing="below"), replace(LIMIT, name="b", standing="replaced"))
    fleet = viewed([source(deployment("a", served=replace(SERVED, licences=limits)))], 20)
    assert "licences with a limit of users that are not listed: 1 below, 1 replaced by an agreement" in shown(fleet)


def test_a_version_that_nobody_declared_is_said_to_be_that() -> None:
    open_ = replace(SERVED, engine=replace(ENGINE, version=None, standing="open", advisories=()))
    assert re.search(r"vLLM +not declared +- +not compared", shown(viewed([source(deployment("a", served=open_))], 20)))


def test_a_deployment_that_is_gone_is_shown_as_that() -> None:
    value = jsonable(GONE)
    assert isinstance(value, dict)
    fleet = viewed([replace(source(), entries=lambda: iter([Entry("gone", dict(value))]))], 20)
    assert "fail, gone     none  staging/gone" in shown(fleet)


def test_the_json_is_ascii_on_lines() -> None:
    written = "".join(json_format.render(FLEET, Style()))
    assert written.isascii()
    assert json.loads(written)["summary"]["verdicts"]["undecided"] == 1
    assert written.endswith("}\n")


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in {"meta", "rect"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(markup: str) -> Page:
    found = Page()
    found.feed(markup)
    found.close()
    assert found.open == []
    return found


ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "ul", "li", "dl", "div", "dt", "dd",
    "section", "p", "table", "thead", "tbody", "tr", "th", "td", "svg", "rect", "footer",
}  # fmt: skip


def test_the_page_asks_nobody_for_anything_and_runs_nothing() -> None:
    found = parsed(page(FLEET))
    assert set(found.tags) <= ALLOWED
    assert {name for name, _ in found.attributes} & {"href", "src", "style", "onclick", "onload"} == set()
    assert "url(" not in page(FLEET)
    assert "@import" not in page(FLEET)
    (policy,) = [value for _, value in found.attributes if value and value.startswith("default-src")]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_the_page_says_what_the_text_says() -> None:
    found = parsed(page(FLEET))
    for word in ("1 undecided", "broken.yaml", "production/d", "CVE-3", "900,000", "a provider's own", "old.json"):
        assert word in found.text
    assert found.tags.count("table") == 10


def test_the_tables_of_the_page_have_names_and_heads() -> None:
    markup = page(FLEET)
    names = re.findall(r'<table aria-labelledby="([^"]+)">', markup)
    assert sorted(re.findall(r'<h2 id="([^"]+)">', markup)) == sorted(names)
    bodies = re.findall(r"<tbody>\n(.*?)</tbody>", markup, re.DOTALL)
    assert all(row.count('scope="row"') == 1 for body in bodies for row in body.strip().splitlines())


@pytest.mark.parametrize(
    "words", [*HOSTILE, "</script><script>alert(1)</script>", "</style><img src=x onerror=y>", '" onload="x']
)
def test_what_a_report_says_acts_on_nothing(words: str) -> None:
    made = hostile(words)
    served = replace(
        SERVED,
        home=words,
        engine=replace(
            ENGINE,
            name=words,
            title=words,
            version=words,
            tag=words,
            advisories=(replace(ENGINE.advisories[0], id=words),),
        ),
        licences=(replace(LIMIT, name=words, licence=words, title=words),),
    )
    flow = replace(FLOW, country=words)
    item = replace(made.assessments[0], served=served, flows=(flow,))
    opened = of_report(replace(made, assessments=(item,)))
    fleet = viewed([replace(opened, name=words, version=words, policy=words, only_new=True)], 20)
    found = parsed(page(fleet))
    assert set(found.tags) <= ALLOWED
    assert {name for name, _ in found.attributes} & {"href", "src", "style", "onclick", "onload", "onerror"} == set()
    for written in (shown(fleet), page(fleet), "".join(json_format.render(fleet, Style()))):
        assert not set(written) & set("\x00\x1b\x9b\u202e\u2028\ud800\r")
        assert "##vso[" not in written
        assert not re.search(r"^\s*::(error|set-env) ", written, re.MULTILINE)
