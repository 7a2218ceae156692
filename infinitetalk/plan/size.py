"""The rendered size: asked for, the model's own, or the bucket nearest to the source's shape."""

from infinitetalk.plan.facts import MediaFacts, WeightsFacts
from infinitetalk.request import GenerationRequest


def rendered_size(
    request: GenerationRequest, media: MediaFacts, weights: WeightsFacts
) -> tuple[int, int]:
    """(H, W) in multiples of 16 (spec: pipeline.md 3).

    A size in the request counts as it is. Otherwise it is the size that the model was made for,
    where it knows only one, or the bucket nearest to the source's shape; times the request's
    `size_scale` (drafts).
    """
    from infinitetalk.media.resize import choose_bucket, scaled_size

    if request.size is not None:
        return request.size
    own = tuple((height / width, (height, width)) for height, width in weights.buckets)
    size = weights.size or choose_bucket(*media.source_size, request.resolution, own or None)
    return size if request.size_scale == 1.0 else scaled_size(size, request.size_scale)


def cropped_share(source: tuple[int, int], target: tuple[int, int]) -> tuple[float, float]:
    """The parts of the source's height and width that the crop leaves out, 0..1."""
    from infinitetalk.media.resize import crop_rectangle

    return crop_rectangle(source, target).share_lost(*source)
