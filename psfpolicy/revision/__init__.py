"""Git: the files of a revision, and what changed since.

Nothing is checked out or fetched, and nothing written but git's own note of which files are as it knows them.
"""

from psfpolicy.revision.reading import Revision
from psfpolicy.revision.repository import Repository, repository

__all__ = ["Repository", "Revision", "repository"]
