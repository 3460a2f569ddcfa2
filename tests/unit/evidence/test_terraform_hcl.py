"""HCL: what is a literal, what is left as it is written, and where a file that is none breaks."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies

from psfpolicy import source
from psfpolicy.errors import DocumentError
from psfpolicy.evidence.files import read
from psfpolicy.evidence.nodes import at
from psfpolicy.evidence.terraform.hcl import parsed

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
# a comment
resource "aws_x" "y" { // another
  plain   = "a\\tb\\u00e9\\U0001F600\\"" /* one
  more */
  filled  = "${var.a}-$${b}-%{ if x }y%{ endif }-$5"
  listed  = ["a", var.b ? 1 : 2, [true, null],
    { k = 1, "z" : false, (var.k) = 3, x.y = 4 }, ]
  called  = jsonencode({ secret = "hf_never", n = [1, 2] })
  made    = { for a in b : a => "}" }
  looped  = [for a in b : a]
  numbers = [-1.5, 2e3, 12, 1e999]
  math    = 1 + 2
  split = (
    var.a # ) not here
  )
  text    = <<EOT
 kept: "${var.q}"
EOT
  inner {}
  inner { z = null }
  dynamic "set" {
    for_each = var.sets
    content { a = set.value }
  }
  set { a = 1 }
  labelled "one" two { b = 2 }
}
top = true
"""


def test_literals_are_values_and_other_expressions_stay_as_they_are_written() -> None:
    file = parsed(source.Text("a.tf", TEXT))
    (block,) = file.blocks
    assert (block.kind, block.labels, source.plain(file.root)) == ("resource", ("aws_x", "y"), {"top": True})
    assert source.plain(block.body) == {
        "plain": 'a\tbé😀"',
        "filled": "${var.a}-$${b}-${if x}y${endif}-$5",
        "listed": ["a", "${var.b ? 1 : 2}", [True, None], {"k": 1, "z": False, "${(var.k)}": 3, "x.y": 4}],
        "called": "${jsonencode(( secret = …, n = [1, 2] ))}",
        "made": "${( for a in b : a => … )}",
        "looped": "${[for a in b : a]}",
        "numbers": [-1.5, 2000.0, 12, "1e999"],
        "math": "${1 + 2}",
        "split": "${( var.a # ) not here )}",
        "text": ' kept: "${var.q}"\n',
        "inner": [{}, {"z": None}],
        "set": "${dynamic}",
        "labelled": [{"b": 2}],
    }


@pytest.mark.parametrize(
    ("path", "written", "line", "column"),
    [
        (("plain",), '"a\\tb\\u00e9\\U0001F600\\""', 3, 13),
        (("listed", 3, "z"), "false", 7, 20),
        (("called",), 'jsonencode({ secret = "hf_never", n = [1, 2] })', 8, 13),
        (("inner", 1, "z"), "null", 20, 15),
        (("text",), ' kept: "${var.q}"\n', 17, 1),
    ],
)
def test_every_value_knows_where_it_is_written(
    path: tuple[str | int, ...], written: str, line: int, column: int
) -> None:
    (block,) = parsed(source.Text("a.tf", TEXT)).blocks
    node = at(block.body, *path)
    assert node is not None
    assert TEXT[node.start : node.end] == written
    assert (node.place.region.start_line, node.place.region.start_column) == (line, column)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a =\n", 1, 4, "a value is wanted, and here is the end of the line"),
        ("a {\n b = 1\n", 1, 3, "the brace is never closed"),
        ('a = "x\n', 1, 5, "the text is never closed"),
        ('a = "${x', 1, 6, "what is filled in is never closed"),
        ('a = "\\q"', 1, 6, '`\\q"` is no escape'),
        ("a b\n", 1, 4, "`{` or `=` is missing before the end of the line"),
        ("a = [1, 2", 1, 5, "the list is never closed"),
        ("a = [1 2]", 1, 8, "a value goes on with `2`"),
        ("a = [x = 1, {]", 1, 14, "a key is wanted, and here is `]`"),
        ("a = {", 1, 5, "the brace is never closed"),
        ("a = { b }", 1, 9, "`=` is missing before `}`"),
        ("a = { b = 1 ] }", 1, 13, "the line goes on after a value: `]`"),
        ("a = (1", 1, 5, "the bracket is never closed"),
        ("a = f(1]", 1, 6, "the bracket is never closed"),
        ("a = <<EOF\nx", 1, 5, "the text up to `EOF` never ends"),
        ("a = 1\na = 2", 2, 1, "the attribute `a` is there twice"),
        ("}", 1, 1, "an attribute or a block is wanted, and here is `}`"),
        ("a {\n b = 1 c = 2\n}", 2, 8, "a value goes on with `c`"),
        ("a {} b {}", 1, 6, "the line goes on after a block: `b`"),
        ("a = 1 )", 1, 7, "the line goes on after an attribute: `)`"),
        ("a = " + "[" * 70, 1, 69, "blocks are nested deeper than 64 levels here"),
        ('a = "' + '${"' * 70, 1, 199, "blocks are nested deeper than 64 levels here"),
        ("a {" * 70, 1, 195, "blocks are nested deeper than 64 levels here"),
    ],
)
def test_what_is_no_hcl_is_an_error_at_its_place(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(DocumentError) as raised:
        parsed(source.Text("a.tf", text))
    (found,) = raised.value.diagnostics
    assert (found.place.region.start_line, found.place.region.start_column, found.message) == (line, column, message)


def test_a_broken_configuration_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "main.tf"
    path.write_text('resource "a" "b" {\n  c = \n}\n')
    with pytest.raises(DocumentError) as raised:
        read(str(path), "main.tf")
    assert [(each.place.file, each.place.region.start_line) for each in raised.value.diagnostics] == [("main.tf", 2)]


def test_a_secret_by_its_name_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "main.tf"
    path.write_text('variable "db_password" {\n  default = "hunter2hunter2"\n}\nlocals {\n  region = "eu"\n}\n')
    shown = read(str(path), "main.tf").text.content
    assert shown.splitlines()[1] == '  default = "…[masked]"'
    assert shown.splitlines()[4] == '  region = "eu"'


def test_large_files_take_time_in_proportion() -> None:
    many = "".join(f'resource "a" "b{number}" {{\n  x = ["${{var.a}}", f(1, "c")]\n}}\n' for number in range(2000))
    assert len(parsed(source.Text("a.tf", many)).blocks) == 2000


@settings(deadline=None)
@given(strategies.text(alphabet='ab=${}[]()",.:#/\\<-E \n1', max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(DocumentError):
        assert parsed(source.Text("a.tf", text)).root.text.content == text
