"""From a request to a job folder with a plan: everything that happens before torch is imported."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from infinitetalk.engine.model import ModelChoice, facts_for
from infinitetalk.engine.results import sweep_results
from infinitetalk.engine.skipped import known_skipped_steps
from infinitetalk.engine.speech import JobSpeech, header_seconds, job_speech
from infinitetalk.errors import ErrorReport, engine_error
from infinitetalk.media.facts import SourceFacts
from infinitetalk.media.ffmpeg import Cancel
from infinitetalk.media.probe import probe_source, probe_speech
from infinitetalk.plan import Machine, MediaFacts, Plan, WeightsFacts, plan, plan_again
from infinitetalk.project import atomic
from infinitetalk.project.confined import damaged, read_json
from infinitetalk.project.job import MODEL, JobFolder, is_job_folder
from infinitetalk.request import GenerationRequest
from infinitetalk.weights.folder import ModelFiles

MODEL_FORMAT = 1
Tick = Callable[[str, float], None]


@dataclass(frozen=True, kw_only=True)
class PreparedJob:
    """A job that can be rendered. Its lock is held by `job`."""

    job: JobFolder
    files: ModelFiles
    source: SourceFacts
    speech: JobSpeech
    plan: Plan
    notices: tuple[ErrorReport, ...]
    vram_limit: int | None = None  # bytes that the user lets the job use
    limited: Plan | None = None  # what a lower limit than the plan's allows of memory


def media_facts(
    request: GenerationRequest,
    source: SourceFacts,
    speech_seconds: tuple[float, ...],
    *,
    cancel: Cancel | None = None,
) -> MediaFacts:
    """What the plan must know of the user's files; scene cuts are looked for if asked."""
    cuts: tuple[float, ...] = ()
    if request.scene_cuts and source.kind == "video":
        from infinitetalk.media.scenes import find_scene_cuts

        cuts = tuple(find_scene_cuts(source, cancel=cancel))
    return MediaFacts(
        source_kind=source.kind,
        source_size=(source.height, source.width),
        source_duration=source.duration,
        source_fps=source.fps or 25.0,
        source_variable_rate=source.variable_rate,
        speech_seconds=speech_seconds,
        scene_cuts=cuts,
    )


def make_plan(
    request: GenerationRequest,
    files: ModelFiles,
    machine: Machine,
    *,
    frames: tuple[int, int] | None = None,
    resident_parameters: int | None = None,
    vram_limit: int | None = None,
    leave_core_free: bool = False,
) -> tuple[Plan, SourceFacts]:
    """The plan from headers alone: nothing is decoded, nothing written.

    `resident_parameters`: the original's --num_persistent_param_in_dit. `vram_limit` in bytes;
    `leave_core_free` for a window that shall answer meanwhile.
    """
    source = probe_source(request.source, orient=request.mends.orient_source)
    durations = [0.0 if t.path is None else probe_speech(t.path).duration for t in request.speech]
    seconds = header_seconds(request, durations)
    media = media_facts(request, source, seconds)
    weights = facts_for(files, request)
    made = plan(
        request,
        media,
        weights,
        machine,
        frames=frames,
        vram_limit=vram_limit,
        leave_core_free=leave_core_free,
        most_resident=_most_resident(weights, resident_parameters),
    )
    return with_skipped_steps(made, request, weights), source


def _most_resident(weights: WeightsFacts, parameters: int | None) -> int | None:
    """Whole blocks of at most so many parameters; None: as many as fit."""
    if parameters is None:
        return None
    return max(0, parameters) // max(1, weights.block_parameters)


def _with_attention(made: Plan, wanted: str | None) -> Plan:
    """The attention that the user named, or the fastest exact one of this card, measured once.

    Only a job that starts here asks: a plan that is just looked at needs no torch.
    """
    if wanted is not None:
        return replace(made, attention=wanted)
    if made.device == "cpu" or made.exact:
        return made
    import torch

    from infinitetalk.ops.backends import fastest_here
    from infinitetalk.streaming.allocation import use_growing_segments

    use_growing_segments()  # before the card is used for the first time
    if not torch.cuda.is_available():
        return made
    return replace(made, attention=fastest_here(torch.device(made.device)))


def with_skipped_steps(made: Plan, request: GenerationRequest, weights: WeightsFacts) -> Plan:
    if request.teacache_threshold is None:
        return made
    return replace(made, skipped_steps=known_skipped_steps(weights.identity, made, request))


def prepare_job(
    request: GenerationRequest,
    model: ModelChoice,
    folder: Path,
    machine: Machine,
    *,
    resident_parameters: int | None = None,
    text_on_cpu: bool = False,
    vram_limit: int | None = None,
    leave_core_free: bool = False,
    attention: str | None = None,
    cancel: Cancel | None = None,
) -> PreparedJob:
    """A new job at `folder`, or the job of the same request that is there already.

    `attention` is a name of `ops.backends`, None: the fastest exact one of this machine. Raises EngineError for media, model, plan, disk, lock, or where another request lives there.
    """
    files = model.find()
    source = probe_source(request.source, orient=request.mends.orient_source)
    for track in request.speech:
        if track.path is not None:
            probe_speech(track.path)
    _check_speakers(request, source)
    weights = facts_for(files, request)
    chosen = _model_record(model)
    if is_job_folder(folder):
        job = JobFolder.open(folder)
        try:
            job.check_same_request(request)
            check_sources(job)  # the same names may hold other files by now
            _check_model(job, files, weights)
            sweep_results(job.path)
            atomic.write_json(job.path / MODEL, chosen)
        except BaseException:
            job.close()
            raise
    else:
        job = JobFolder.create(folder, request, model=chosen)
    try:
        return _planned(
            job,
            files,
            source,
            weights,
            machine,
            cancel,
            resident_parameters=resident_parameters,
            text_on_cpu=text_on_cpu,
            vram_limit=vram_limit,
            leave_core_free=leave_core_free,
            attention=attention,
        )
    except BaseException:
        job.close()
        raise


def reopen_job(
    folder: Path,
    machine: Machine,
    *,
    request: GenerationRequest | None = None,
    model: ModelChoice | None = None,
    vram_limit: int | None = None,
    leave_core_free: bool = False,
    cancel: Cancel | None = None,
) -> PreparedJob:
    """A job that exists, to go on with it; `request`: its own, changed by an edit.

    Raises EngineError `source.moved`, `source.changed`, ...
    """
    job = JobFolder.open(folder)
    try:
        check_sources(job)
        sweep_results(job.path)
        chosen = model if model is not None and model.named else stored_model(job.path)
        files = chosen.find()
        asked = job.request if request is None else request
        source = probe_source(asked.source, orient=asked.mends.orient_source)
        weights = facts_for(files, asked)
        _check_model(job, files, weights)
        if request is not None:
            job.save_request(request)
        if chosen is model:
            atomic.write_json(job.path / MODEL, _model_record(chosen))
        return _planned(
            job,
            files,
            source,
            weights,
            machine,
            cancel,
            vram_limit=vram_limit,
            leave_core_free=leave_core_free,
        )
    except BaseException:
        job.close()
        raise


def _model_record(model: ModelChoice) -> dict[str, Any]:
    return {"format": MODEL_FORMAT, **model.absolute().to_json()}


def _check_model(job: JobFolder, files: ModelFiles, weights: WeightsFacts) -> None:
    """What two models made would not fit together. Raises EngineError `job.other_model`."""
    other = job.plan is not None and job.plan.weights_identity != weights.identity
    if other and job.begun:
        raise engine_error(
            "job.other_model",
            "The job was made with another model",
            f"{files.folder} is not the model that {job.path.name} began with.",
            "Name that model with --model, or start a new job.",
            safe="Finished chunks were not touched.",
        )


def _planned(
    job: JobFolder,
    files: ModelFiles,
    source: SourceFacts,
    weights: WeightsFacts,
    machine: Machine,
    cancel: Cancel | None,
    *,
    resident_parameters: int | None = None,
    text_on_cpu: bool = False,
    vram_limit: int | None = None,
    leave_core_free: bool = False,
    attention: str | None = None,
) -> PreparedJob:
    """Composes the speech and fixes the plan; a plan that is there already is kept.

    Where the request was changed since, it is planned again: by the same means once a chunk is
    there, else altogether. What a limit given later changes: never what is rendered, only what of
    it stays on the card.
    """
    request = job.request
    speech = job_speech(request, job.path, cancel=cancel)
    limited, kept = None, job.plan
    outdated = job.record.plan_outdated
    if kept is not None and not job.begun:
        outdated = outdated or kept.weights_identity != weights.identity
        kept = None if outdated else kept
    if kept is None or outdated or vram_limit is not None:
        media = media_facts(request, source, speech.seconds, cancel=cancel)
        limited = plan(
            request,
            media,
            weights,
            machine,
            vram_limit=vram_limit,
            leave_core_free=leave_core_free,
            most_resident=_most_resident(weights, resident_parameters),
        )
    if kept is None or outdated:
        assert limited is not None
        made = _with_attention(limited, attention) if kept is None else plan_again(kept, limited)
        made = with_skipped_steps(made, request, weights)
        if text_on_cpu:
            made = replace(made, text_encoder="cpu")
        _refuse_unfit(made)
        job.save_plan(made)
    fixed = job.plan
    assert fixed is not None
    if limited is not None and fixed.device != "cpu":
        fixed = replace(
            fixed,
            resident_blocks=min(fixed.resident_blocks, limited.resident_blocks),
            vram_budget=min(fixed.vram_budget, limited.vram_budget),
        )
    return PreparedJob(
        job=job,
        files=files,
        source=source,
        speech=speech,
        plan=fixed,
        notices=(*fixed.notices, *speech.notices),
        vram_limit=vram_limit,
        limited=limited,
    )


def _refuse_unfit(made: Plan) -> None:
    """Raises the first notice that makes rendering impossible."""
    from infinitetalk.errors import EngineError
    from infinitetalk.plan import level

    for notice in made.notices:
        if level(notice) == "error":
            raise EngineError(notice)


def _check_speakers(request: GenerationRequest, source: SourceFacts) -> None:
    """Boxes must lie in the picture. (How small they are shows once the size is planned.) What is
    painted always does: its grid lies over the picture.
    """
    painted = request.painted or (None,) * len(request.boxes)
    for number, (box, area) in enumerate(zip(request.boxes, painted, strict=False), 1):
        if area is not None:
            continue
        outside = (
            box.bottom <= 0
            or box.right <= 0
            or box.top >= source.height
            or box.left >= source.width
        )
        if outside:
            raise engine_error(
                "speaker.box_outside",
                "A speaker's box is outside the picture",
                f"The box of speaker {number} (top, left, bottom, right) is "
                f"({box.top:g}, {box.left:g}, {box.bottom:g}, {box.right:g}); the picture is "
                f"{source.width}×{source.height}.",
                "Move the box onto the speaker's face.",
                speaker=number,
            )


def check_sources(job: JobFolder) -> None:
    """Raises EngineError `source.moved` or `source.changed`; finished chunks still export."""
    missing = job.missing_sources()
    if missing:
        raise engine_error(
            "source.moved",
            "A file has moved",
            f"{missing[0].path.name} was in {missing[0].path.parent} and is not there any more.",
            "Put it back, or beside the job folder as it was.",
            safe="Finished chunks are safe and can be exported.",
            path=str(missing[0].path),
        )
    changed = job.changed_sources()
    if changed:
        raise engine_error(
            "source.changed",
            "A file has changed",
            f"{changed[0].path.name} is not the file that the job began with.",
            "Put the old file back, or start a new job with the new one.",
            safe="Finished chunks are safe and can be exported.",
            path=str(changed[0].path),
        )


def stored_model(folder: Path) -> ModelChoice:
    """The model that a job was made with. Raises EngineError `job.damaged` or `job.no_model`."""
    path = folder / MODEL
    try:
        return ModelChoice.from_json(read_json(path, newest=MODEL_FORMAT))
    except FileNotFoundError:
        raise engine_error(
            "job.no_model",
            "The job does not say which model it uses",
            f"{path} is gone.",
            "Name the model with --model.",
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise damaged(path, f"it names no model ({error})") from error
