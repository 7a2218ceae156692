"""The recipe, one command per stage: `python -m infinitetalk.demo STAGE --work FOLDER`.

Each stage reads what earlier ones left in the work folder and writes one file of its own.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from infinitetalk.demo.training import Budget, pick_device


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infinitetalk.demo", description=__doc__)
    parser.add_argument("stage", choices=list(STAGES))
    parser.add_argument(
        "--work", type=Path, default=Path("out/demo"), help="where stages leave files"
    )
    parser.add_argument("--corpus", type=Path, help="corpus file (default: corpus.npz in --work)")
    parser.add_argument("--seconds", type=float, help="train for so long")
    parser.add_argument("--until", type=float, help="train until this moment (seconds since 1970)")
    parser.add_argument("--iterations", type=int, help="train so many iterations; repeatable")
    parser.add_argument("--toy", action="store_true", help="toy sizes: try the recipe in seconds")
    parser.add_argument("--batch", type=int, help="clips at a time (default: for one large card)")
    parser.add_argument("--clips", type=int, help="clips kept as latents (likewise)")
    parser.add_argument("--device", help="cpu, cuda (default: cuda where there is one)")
    parser.add_argument("--start", type=Path, help="go on from this file of the same stage")
    parser.add_argument("--minutes", type=float, default=48.0, help="of speech (stage corpus)")
    parser.add_argument("--out", type=Path, help="folder (samples, export) or file (evaluate)")
    parser.add_argument("--model", type=Path, help="model folder to evaluate (default: bundled)")
    parser.add_argument("--preset", help="preset to evaluate (default: the model's own defaults)")
    parser.add_argument("--parts", help="what to evaluate, by comma")
    parser.add_argument("--quick", action="store_true", help="evaluate a few clips")
    return parser


class _Call:
    """What a stage needs, made from the command line when asked for."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.work: Path = arguments.work
        self.work.mkdir(parents=True, exist_ok=True)

    @property
    def corpus_file(self) -> Path:
        return self.arguments.corpus or self.work / "corpus.npz"

    @property
    def budget(self) -> Budget:
        a = self.arguments
        return Budget(seconds=a.seconds, until=a.until, iterations=a.iterations)

    def corpus(self):
        from infinitetalk.demo.corpus import Corpus

        return Corpus(self.corpus_file, pick_device(self.arguments.device))

    def sizes(self):
        from infinitetalk.demo import sizes

        chosen = sizes.toy() if self.arguments.toy else sizes.miniature()
        batch, clips = self.arguments.batch, self.arguments.clips
        return replace(
            chosen,
            batch=batch or chosen.batch,
            clips=clips or chosen.clips,
            clips_at_once=min(batch or chosen.clips_at_once, chosen.clips_at_once),
        )


def _samples(call: _Call) -> None:
    from infinitetalk.demo.samples import write_samples

    write_samples(call.arguments.out or call.work)


def _corpus(call: _Call) -> None:
    from infinitetalk.demo.corpus import make_corpus, save_corpus

    save_corpus(make_corpus(call.arguments.minutes), call.corpus_file)


def _audio(call: _Call) -> None:
    from infinitetalk.demo.audio_stage import train_audio

    train_audio(call.corpus(), call.work, call.sizes(), call.budget)


def _judge(call: _Call) -> None:
    from infinitetalk.demo.judge import train_judge

    train_judge(call.corpus(), call.work, call.sizes(), call.budget)


def _vae(call: _Call) -> None:
    from infinitetalk.demo.vae_stage import train_vae

    train_vae(call.corpus(), call.work, call.sizes(), call.budget, start=call.arguments.start)


def _transformer(call: _Call) -> None:
    from infinitetalk.demo.transformer_stage import train_transformer

    start = call.arguments.start
    train_transformer(call.corpus(), call.work, call.sizes(), call.budget, start=start)


def _fast_lora(call: _Call) -> None:
    from infinitetalk.demo.distill_stage import train_fast_lora

    train_fast_lora(call.corpus(), call.work, call.sizes(), call.budget)


def _speakers(call: _Call) -> None:
    from infinitetalk.demo.speakers_stage import train_speakers

    start = call.arguments.start
    train_speakers(call.corpus(), call.work, call.sizes(), call.budget, start=start)


def _export(call: _Call) -> None:
    from infinitetalk.demo.export import export_model

    sizes = export_model(call.corpus(), call.work, call.arguments.out, call.sizes())
    for name, size in sizes.items():
        print(f"{size:>10,}  {name}")
    print(f"{sum(sizes.values()):>10,}  in all")


def _held_out(call: _Call) -> None:
    from infinitetalk.demo.held_out import FILE, evaluation_folder, make_held_out, save_held_out

    save_held_out(make_held_out(), (call.arguments.out or evaluation_folder()) / FILE)


def _evaluate(call: _Call) -> None:
    import json

    from infinitetalk.demo.evaluate import PARTS, QUICK, Extent, evaluate
    from infinitetalk.demo.rendering import Settings

    a = call.arguments
    report = evaluate(
        Settings(preset=a.preset, model=a.model, fields={}),
        extent=QUICK if a.quick else Extent(),
        parts=tuple(a.parts.split(",")) if a.parts else PARTS,
    )
    text = json.dumps(report, indent=1)
    if a.out:
        a.out.write_text(text + "\n")
    else:
        print(text)


def _sheets(call: _Call) -> None:
    from infinitetalk.demo.held_out import evaluation_folder, load_held_out
    from infinitetalk.demo.rendering import Settings
    from infinitetalk.demo.sheets import write_sheets

    settings = Settings(preset=call.arguments.preset, model=call.arguments.model, fields={})
    out = call.arguments.out or evaluation_folder() / "clips.png"
    write_sheets(load_held_out(), (0, 1, 2, 5), settings, out)


STAGES: dict[str, Callable[[_Call], None]] = {
    "samples": _samples,
    "corpus": _corpus,
    "audio": _audio,
    "judge": _judge,
    "vae": _vae,
    "transformer": _transformer,
    "fast_lora": _fast_lora,
    "speakers": _speakers,
    "export": _export,
    "held_out": _held_out,
    "evaluate": _evaluate,
    "sheets": _sheets,
}


def main(argv: list[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    STAGES[arguments.stage](_Call(arguments))
    return 0


if __name__ == "__main__":
    sys.exit(main())
