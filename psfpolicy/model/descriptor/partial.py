"""The same shape with everything optional: what a file says that other files complete."""

from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import create_model
from pydantic.fields import FieldInfo

from psfpolicy.model.closed import Closed

# What items of a list are told apart by, and merged by when one document is laid over another.
_NAMES = frozenset({"id", "name"})

# What the root needs, so that it is known what kind of file this is.
_ROOT = frozenset({"api_version", "kind"})


def partial(root: type[Closed], **replaced: object) -> type[Closed]:
    """Give a model of the documents that need not be complete.

    A key that is not required may be left out, but is no more allowed to be null than before.
    An item of a list still needs the name that it is told apart by; one without a name replaces what it is laid over,
    as part of the whole list, and needs all that it needed before.

    Args:
        root: The model of the complete documents; it refers to itself nowhere.
        **replaced: Types of keys of the root that are not the same.
    """
    return _partial(root, _ROOT, tuple(replaced.items()))


@cache
def _partial(model: type[Closed], needed: frozenset[str], replaced: tuple[tuple[str, object], ...]) -> type[Closed]:
    types = {name: _mapped(field.annotation, in_list=False) for name, field in model.model_fields.items()}
    types |= dict(replaced)
    fields = {
        name: _definition(types[name], field, required=name in needed)
        for name, field in model.model_fields.items()
        if types[name] != field.annotation or (field.is_required() and name not in needed)
    }
    if not fields:
        return model
    return create_model(model.__name__, __base__=model, __doc__=model.__doc__, **fields)


def _definition(annotation: object, field: FieldInfo, *, required: bool) -> Any:
    described = Annotated[annotation, field]  # type: ignore[valid-type]  # known at run time only
    return described if required and field.is_required() else (described, None)


def _mapped(annotation: object, *, in_list: bool) -> Any:
    """Replace the models in a type by their partial ones."""
    if isinstance(annotation, type) and issubclass(annotation, Closed):
        return _partial(annotation, _needed(annotation) if in_list else frozenset(), ())
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return Annotated[_mapped(arguments[0], in_list=in_list), *arguments[1:]]
    if origin in {Union, UnionType}:
        return reduce(or_, (_mapped(argument, in_list=in_list) for argument in arguments))
    if origin is tuple:
        return tuple[_mapped(arguments[0], in_list=True), ...]  # type: ignore[misc]  # known at run time only
    return annotation


def _needed(item: type[Closed]) -> frozenset[str]:
    """What an item of a list cannot do without."""
    required = frozenset(name for name, field in item.model_fields.items() if field.is_required())
    return required & _NAMES or required
