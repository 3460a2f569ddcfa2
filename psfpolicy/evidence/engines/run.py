"""One server of an engine as it is started: what it is given, and the facts that follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.evidence.engines.arguments import last
from psfpolicy.evidence.engines.expansion import left_open
from psfpolicy.evidence.engines.values import reading, version_of
from psfpolicy.source import masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.container import Variable, Word
    from psfpolicy.evidence.engines.arguments import Argument
    from psfpolicy.evidence.engines.table import Row, Table
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue, Place


class Setting(NamedTuple):
    """What an option is set to."""

    text: str | None
    """None where it is not known, or there is nothing; of a switch `true` or `false`."""
    place: Place
    written: str
    """The option or variable as it is written, without its value."""
    unresolved: str = ""
    """What in it is not known."""
    doubt: str = ""
    """Why it is only inferred."""
    words: tuple[Word, ...] = ()
    is_secret: bool = False
    """It comes from an object that holds secrets."""
    is_variable: bool = False

    @property
    def shown(self) -> str:
        """How it is written, with its value; only for what is no secret."""
        if self.text is None or not (self.words or self.is_variable):
            return self.written
        value = " ".join(word.text for word in self.words) if self.words else self.text
        joined = f"{self.written}={value}" if self.is_variable else f"{self.written} {value}".strip()
        return masked(joined[:_LONGEST])


@dataclass(frozen=True, kw_only=True)
class Run:
    """A server that is started, or engine arguments that a manifest names by their keys."""

    table: Table
    origin: Origin
    place: Place
    """Where it is started: what is not said is shown there."""
    arguments: tuple[Argument, ...]
    variables: Mapping[str, Variable]
    version: str = ""
    """The engine's; empty where it is not known."""
    version_doubt: str = ""
    """Why the version is only inferred."""
    doubt: str = ""
    """Why every fact is only inferred."""
    open_line: str = ""
    """Why there may be more arguments; empty where there are not."""
    open_end: str = ""
    """What on the line may say otherwise than an argument before it; empty where nothing does."""
    open_variables: str = ""
    """Why there may be more variables; empty where there are not."""
    unseen_variables: str = ""
    """Why a variable that is not set may be set in the image; empty where the image is the engine's own."""

    def setting(self, *names: str) -> Setting | None:
        """Give what counts of some options that mean the same: an argument before a variable."""
        argument = last(self.arguments, *names)
        if argument is not None:
            return self._of_argument(argument)
        for name in names:
            base = last(self.arguments, name.partition(".")[0]) if "." in name else None
            if base is not None and base.unresolved:
                return self._of_argument(base)
        for name in names:
            row = self.table.names.get(name)
            found = self.variable(*row.env) if row else None
            if found is not None:
                return found
        return None

    def settings(self, *names: str) -> tuple[Setting, ...]:
        """Give every argument of some options, in their order."""
        return tuple(self._of_argument(each) for each in self.arguments if each.name in names)

    def takes_variable(self, *names: str) -> bool:
        """Say whether a variable sets one of some options."""
        return any(row.env for row in map(self.table.names.get, names) if row is not None)

    def variable(self, *names: str) -> Setting | None:
        """Give the first of some variables that is set."""
        for name in names:
            variable = self.variables.get(name)
            if variable is not None:
                return self._of_variable(name, variable)
        return None

    def fact(
        self,
        path: str,
        value: JsonValue,
        where: Setting | Place,
        *,
        doubt: str = "",
        shown: str | None = None,
        item: bool = False,
    ) -> Fact:
        """Give a fact that a setting, or a place, shows.

        Args:
            path: The path of the descriptor, with dots.
            value: What the descriptor would say there.
            where: What shows it.
            doubt: Why it is only inferred.
            shown: What is written there; the setting's own where it is None.
            item: The value is one item of the list at the path.
        """
        place, own, written = (where.place, where.doubt, where.shown) if isinstance(where, Setting) else (where, "", "")
        reason = doubt or own or self.doubt
        return self.origin.fact(
            path,
            value,
            place,
            item=item,
            certainty="inferred" if reason else "certain",
            reason=reason,
            shown=written if shown is None else shown,
        )

    def unclear(self, path: str, where: Setting | Place, reason: str, *, shown: str | None = None) -> Fact:
        """Give what bears on a path without deciding it."""
        place, written = (where.place, where.shown) if isinstance(where, Setting) else (where, "")
        return self.origin.inconclusive(path, place, masked(reason), shown=written if shown is None else shown)

    def unresolved(self, path: str, setting: Setting) -> Fact:
        """Give the fact that the value of a setting is not known."""
        if setting.unresolved:
            reason = f"`{setting.unresolved[:80]}` is not known"
        else:
            reason = f"`{setting.written}` has no value"
        return self.unclear(path, setting, reason, shown=setting.written)

    def default(self, path: str, value: JsonValue, shown: str, *, doubt: str = "", variables: bool = False) -> Fact:
        """Give what holds where nothing is said; inconclusive where more may be said elsewhere.

        Args:
            path: The path of the descriptor.
            value: What holds.
            shown: What is missing: `no --trust-remote-code`.
            doubt: Why it is only inferred.
            variables: A variable could say it as well.
        """
        reason = self.lacking(variables=variables)
        if reason:
            return self.unclear(path, self.place, reason, shown=shown)
        unseen = self.unseen_variables if variables else ""
        return self.fact(path, value, self.place, doubt=doubt or unseen, shown=shown)

    def default_at(
        self,
        path: str,
        value: JsonValue,
        setting: Setting,
        *,
        shown: str = "",
        doubt: str = "",
        variables: bool = False,
    ) -> Fact:
        """Give what follows from a setting where nothing else is said; as `default`, but at the setting."""
        reason = self.lacking(variables=variables)
        if reason:
            return self.unclear(path, setting, reason, shown=shown)
        unseen = self.unseen_variables if variables else ""
        return self.fact(path, value, setting, doubt=doubt or unseen, shown=shown or None)

    def lacking(self, *, line: bool = True, variables: bool = False) -> str:
        """Say why more may be given than is seen; empty where it cannot be.

        Args:
            line: An argument could say it.
            variables: A variable could say it.
        """
        return (self.open_line if line else "") or (self.open_variables if variables else "")

    def of_row(self, row: Row) -> Iterator[Fact]:
        """Give what an option says, or what holds where it is not given."""
        if not row.path:
            return
        setting = self._given(row)
        if setting is None:
            yield from self._absent(row)
            return
        if row.removed and _reached(self.version, row.removed):
            reason = f"{self.table.title} {row.removed} removed `{row.written}`: use `{row.instead}`"
            yield self.unclear(row.path, setting, reason)
        elif setting.text is None and row.is_secret:
            yield self.unclear(
                row.path, setting, f"the value of `{setting.written}` is not known", shown=setting.written
            )
        elif setting.text is None:
            yield self.unresolved(row.path, setting)
        else:
            found = reading(row, setting.text)
            shown = setting.written if row.is_secret else None
            if found.unclear:
                yield self.unclear(row.path, setting, f"{setting.written}: {found.unclear}", shown=shown)
            elif self.open_end and row.kind == "on" and found.value is False and not setting.is_variable:
                yield self.unclear(row.path, setting, f"{self.open_end}, and the last one counts", shown=shown)
            elif not (row.is_notable and found.value is False):
                value = masked(found.value) if isinstance(found.value, str) else found.value
                yield self.fact(row.path, value, setting, doubt=found.doubt or row.suggests_value, shown=shown)

    def _absent(self, row: Row) -> Iterator[Fact]:
        shown, variables = f"no {row.written}", bool(row.env)
        if row.absent:
            yield self.unclear(row.path, self.place, self.open_line or row.absent)
            return
        if not row.has_default:
            reason = self.lacking(line=bool(row.name), variables=variables)
            if reason and not any(self._says(other) for other in self.table.rows if other.path == row.path):
                yield self.unclear(row.path, self.place, reason, shown=shown)
            return
        if not isinstance(row.default, list) or not row.default:
            yield self.default(row.path, row.default, shown, doubt=row.suggests, variables=variables)
            return
        value = self._by_version(row.default)
        if value is None:
            reason = "the default depends on the version, and which one holds here is not known"
            yield self.unclear(row.path, self.place, self.open_line or reason, shown=shown)
        else:
            doubt = row.suggests or self.version_doubt
            yield self.default(row.path, value, shown, doubt=doubt, variables=variables)

    def _says(self, row: Row) -> bool:
        """Say whether an option is given, and not only to switch off what is off."""
        setting = self._given(row)
        if setting is None or setting.text is None or not row.is_notable:
            return setting is not None
        return reading(row, setting.text).value is not False

    def _given(self, row: Row) -> Setting | None:
        return self.setting(row.name) if row.name else self.variable(*row.env)

    def _by_version(self, cases: list[JsonValue]) -> JsonValue:
        """Give the default of this version; None where no case is about it."""
        for case in cases:
            if not isinstance(case, dict) or not self.version:
                continue
            until, since = str(case.get("until", "")), str(case.get("since", ""))
            if (until and not _reached(self.version, until)) or (since and _reached(self.version, since)):
                return case["value"]
        return None

    def _of_argument(self, argument: Argument) -> Setting:
        unresolved = argument.unresolved
        variable = self.variables.get(unresolved)
        assumed = f"nothing in the evidence sets `{argument.assumed}`, so its default is taken"
        takes = self.table.grammar.find(argument.flag)
        is_switch = not argument.values and (takes is None or takes[1] == "switch")
        return Setting(
            text=("false" if argument.negated else "true") if is_switch else argument.text,
            place=argument.place,
            written=argument.flag,
            unresolved=unresolved,
            doubt=argument.doubt or (assumed if argument.assumed else ""),
            words=argument.values,
            is_secret=variable is not None and variable.kind == "secret",
        )

    def _of_variable(self, name: str, variable: Variable) -> Setting:
        is_known = variable.value is not None and variable.kind != "secret"
        unresolved = left_open(variable.value or "") if is_known else name
        return Setting(
            text=None if unresolved else variable.value,
            place=variable.place,
            written=name,
            unresolved=unresolved,
            is_secret=variable.kind == "secret",
            is_variable=True,
        )


_LONGEST = 200


def _reached(version: str, bound: str) -> bool:
    """Say whether a version is a bound or later; False where it is not known."""
    numbers = version_of(version)
    return bool(numbers) and numbers >= version_of(bound)
