"""The deployment descriptor: what a team says about the model that it runs, one module for each section.

The JSON Schemas are generated from these models, and the descriptions in them from the docstrings.
Importing this package costs as much as importing pydantic several times over; a run that assesses does not need it.
"""

from psfpolicy.model.descriptor.document import Descriptor, DescriptorBase

__all__ = ["Descriptor", "DescriptorBase"]
