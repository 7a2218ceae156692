"""A job whose request was changed is planned again: what is asked anew, computed by the same means."""

from dataclasses import fields, replace

from infinitetalk.plan.decisions import Plan
from infinitetalk.request import GenerationRequest

# Of the request, what no plan looks at.
UNPLANNED = frozenset(
    {"prompt", "negative_prompt", "boxes", "painted", "color_correction", "apg", "seed", "chunks"}
)
# Of a plan, what is fixed when a job starts: these change pixels in the last digits, and a chunk
# that nobody edited shall stay what it is.
_MEANS = (
    "dtype",
    "device",
    "threads",
    "attention",
    "vae_dtype",
    "text_encoder",
    "weights_identity",
)
_MEANS_OF_A_SIZE = ("vae_tile", "token_chunk")


def asks_for_another_plan(before: GenerationRequest, after: GenerationRequest) -> bool:
    """Whether a plan of `before` may not be one of `after`."""
    names = (item.name for item in fields(after) if item.name not in UNPLANNED)
    return any(getattr(before, name) != getattr(after, name) for name in names)


def plan_again(fixed: Plan, fresh: Plan) -> Plan:
    """`fresh`, made of the changed request, with the means of computing of the job's plan `fixed`.

    So the takes of chunks that the change does not touch keep their digests.
    """
    names = (*_MEANS, *(_MEANS_OF_A_SIZE if fresh.size == fixed.size else ()))
    return replace(fresh, **{name: getattr(fixed, name) for name in names})
