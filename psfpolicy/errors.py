"""What can go wrong, as a tree; each leaf says what was being done, and its root decides the exit code.

    PsfpolicyError
    ├── UsageError                 2  wrong usage, settings, waivers, an unknown name; nothing was assessed
    │   ├── SettingsError          2  a settings file or variable that cannot be used
    │   └── BuildError             2  sources that are no policy
    │       └── OpaMissingError    2  the OPA that is needed is not there
    ├── NothingToAssessError       3  no descriptor found
    └── NotAssessedError           4  something was asked for and could not be fully assessed
        ├── DocumentError          4  a descriptor that cannot be read or is not valid, with its diagnostics
        ├── EngineError            4  the policy could not be asked, or did not answer
        │   ├── ModuleError        4  the policy cannot be loaded
        │   │   └── BundleError    4  a bundle that is not what was pinned, or that cannot be trusted
        │   ├── EvaluationError    4  the evaluation was aborted or trapped
        │   ├── LimitError         4  the evaluation hit its bound of memory, time or output
        │   ├── ServerError        4  a server cannot be asked, refuses, or serves another policy
        │   └── AnswerError        4  the answer is missing, malformed or not of the contract
        └── ReportError            4  a report could not be written

Exit code 1 is no error: a gate that was not passed is a result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from psfpolicy.model.place import Diagnostic


class PsfpolicyError(Exception):
    """Anything that psfpolicy raises on purpose.

    Args:
        message: One sentence for the user, without a trailing full stop.
        hint: What to do about it, where there is something to do.
        details: Further lines, one for each mistake, where there are several.
    """

    exit_code: ClassVar[int] = 4
    """The exit code of the process that this error ends."""

    def __init__(self, message: str, *, hint: str | None = None, details: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details


class UsageError(PsfpolicyError):
    """Wrong usage, settings or waivers, or an unknown name; nothing was assessed."""

    exit_code = 2


class SettingsError(UsageError):
    """A settings file or an environment variable that cannot be used."""


class BuildError(UsageError):
    """Sources that do not make a policy."""


class OpaMissingError(BuildError):
    """The OPA that a command needs is not there, or another version."""


class NothingToAssessError(PsfpolicyError):
    """No descriptor was found where the user looked."""

    exit_code = 3


class NotAssessedError(PsfpolicyError):
    """Something was asked for and could not be fully assessed."""


class DocumentError(NotAssessedError):
    """A document that cannot be read or is not valid.

    Args:
        message: One sentence for the user.
        diagnostics: Each mistake at its place, in the order of the document; at least one.
    """

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics


class EngineError(NotAssessedError):
    """The policy could not be asked, or did not answer."""


class ModuleError(EngineError):
    """The policy cannot be loaded: missing, damaged, or asking for what the host does not give."""


class BundleError(ModuleError):
    """A bundle that is not what was pinned or signed, or that holds what no bundle holds."""


class EvaluationError(EngineError):
    """The evaluation was aborted by the policy, or trapped."""


class LimitError(EngineError):
    """The evaluation hit its bound of memory, time or output."""


class ServerError(EngineError):
    """A server of the policy cannot be asked, refuses, or serves another policy."""


class AnswerError(EngineError):
    """The answer is missing, malformed, or not of the contract."""


class ReportError(NotAssessedError):
    """A report could not be written."""
