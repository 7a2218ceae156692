"""What goes into the bundle and what stays out, as rules over names; the spec applies them.

Every rule that leaves something out is checked by the smoke test, which renders in the packed program.
"""

import fnmatch
import posixpath
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from installer.packing.layout import ROOT

Entry = tuple[str, str, str]  # name in the bundle, source file, kind: as PyInstaller keeps them

# Imported by nothing that ships, though packages of ours name them or offer to use them.
EXCLUDED_MODULES = (
    *("librosa", "numba", "llvmlite", "sklearn", "joblib", "soundfile", "audioread", "pooch"),
    *("matplotlib", "pandas", "IPython", "tkinter", "_tkinter", "pytest", "hypothesis", "_pytest"),
    *("setuptools", "pip", "pkg_resources", "distutils", "wheel", "Cython", "hf_xet", "triton"),
    *("tensorboard", "onnx", "onnxscript", "torchvision", "torchaudio", "gguf", "rich", "typer"),
    *("pydantic", "pydantic_core", "annotated_types"),
    *("cuda",),  # bindings that torch tries for recorded graphs and managed memory
    *("networkx", "optimum", "bitsandbytes", "pillow_heif", "pygments", "markdown_it", "readline"),
    *(f"PySide6.Qt{name}" for name in ("Qml", "Quick", "OpenGL", "OpenGLWidgets", "Pdf", "Test")),
)

# Networks that `infinitetalk/models` asks transformers for, and what those import.
TRANSFORMERS_MODELS = ("auto", "clip", "encoder_decoder", "umt5", "wav2vec2")

# Kept on the disk rather than inside each of the two programs: they are shared, and quick to map.
COLLECTION_MODES = {
    # These read their own source: scripted functions, the list of models.
    "torch": "py",
    "torchgen": "py",
    "transformers": "py",
    **dict.fromkeys(
        (
            *("numpy", "scipy", "sympy", "mpmath", "PIL", "huggingface_hub", "cv2"),
            *("tokenizers", "sentencepiece", "pydantic", "wcwidth", "jinja2", "anyio", "yaml"),
            *("cryptography", "keyring", "secretstorage", "jeepney", "requests", "urllib3"),
            *("httpx2", "httpcore2", "fsspec", "tqdm", "ftfy", "regex", "scenedetect", "certifi"),
            *("charset_normalizer", "idna", "click", "filelock"),
        ),
        "pyc",
    ),
}

LEFT_OUT = (
    # torch: what compiles, tests, or writes code for other machines
    "torch/bin/*",
    "torch/include/*",
    "torch/share/*",
    "torch/test/*",
    "*.a",
    "*.lib",
    "torch/lib/*test*",
    "torch/lib/libbackend_with_compiler*",
    "torch/lib/libaoti_custom_ops*",
    "torch/_inductor/codegen/*",
    "torch/_inductor/kernel/*",
    "torch/_inductor/fx_passes/*",
    "torch/_inductor/autoheuristic/*",
    "torch/_inductor/template_heuristics/*",
    "torch/testing/_internal/*",
    "torch/_export/db/*",
    "torch/utils/benchmark/*",
    "torch/utils/bottleneck/*",
    "torch/utils/hipify/*",
    "torch/utils/tensorboard/*",
    "torchgen/packaged/*",
    # transformers: every network but ours (below), and training
    "transformers/cli/*",
    "transformers/exporters/*",
    "transformers/data/*",
    "transformers/testing_utils.py",
    "transformers/trainer*.py",
    # tests of packages
    "*/tests/*",
    "*/testing/tests/*",
    "scipy/*/*.pyx",
    # Qt: what the widgets never show
    "PySide6/Qt/qml/*",
    "*Qt6Qml*",
    "*Qt6Quick*",
    "*Qt6Pdf*",
    "*Qt6WebEngine*",
    "*Qt63D*",
    "*Qt6Designer*",
    "*Qt6VirtualKeyboard*",
    "*Qt6EglF*",
    "*Qt6ShaderTools*",
    "*/plugins/platforms/*eglfs*",
    "*/plugins/platforms/*linuxfb*",
    "*/plugins/platforms/*minimal*",
    "*/plugins/platforms/*vnc*",
    "*/plugins/platforms/*vkkhr*",
    "*/plugins/platforms/*direct2d*",
    "*/plugins/egldeviceintegrations/*",
    "*/plugins/generic/*",
    "*/plugins/imageformats/*pdf*",
    "*/plugins/imageformats/*icns*",
    "*/plugins/imageformats/*tga*",
    "*/plugins/imageformats/*wbmp*",
    "*/plugins/imageformats/*tiff*",
    "*/plugins/networkinformation/*",
    "*/plugins/platforminputcontexts/*virtualkeyboard*",
    "*/plugins/platformthemes/*gtk3*",
    "*/plugins/sqldrivers/*",
    "*/plugins/qmltooling/*",
    "*/plugins/vectorimageformats/*",
    # sound goes through QAudioSink, which needs no backend; frames are decoded by our own ffmpeg
    "*/plugins/multimedia/*",
    "*Qt6FFmpegStub*",
    "PySide6/Qt/lib/libav*",
    "PySide6/Qt/lib/libsw*",
    "PySide6/av*.dll",
    "PySide6/sw*.dll",
    "*QtMultimediaWidgets*",
    "*Qt6MultimediaWidgets*",
    "*/plugins/wayland-graphics-integration-server/*",
    "PySide6/*opengl32sw.dll",
    "nvidia/*/include/*",
    # CUDA: what nothing of ours asks for. torch names the other libraries in its headers; cuDNN and
    # cuBLAS are whole, as their makers want it.
    "nvidia/*/libcusolverMg.so*",  # several cards
    "nvidia/*/lib*.alt.so*",  # a second NVRTC for programs that choose it
    *(f"nvidia/*/lib{name}.so*" for name in ("nvblas", "cufftw", "cufile_rdma")),
    *(
        f"nvidia/*/lib{name}.so*" for name in ("nvperf_*", "pcsamplingutil", "checkpoint")
    ),  # profilers
    "nvidia/nvshmem/lib/libnvshmem_device.bc",
    "nvidia/nvshmem/lib/nvshmem_*",  # several machines; its host library alone is asked for
    "torch/lib/libtorch_cuda_linalg.so",  # loaded at the first decomposition of a matrix: none of ours
    "nvidia/*/libcusolver.so*",  # by that one alone
    # the texts are in resources/licenses
    "*.dist-info/RECORD",
    "*.dist-info/licenses/*",
    "*.dist-info/LICENSE*",
    # Qt's translations, but for those of the widgets
    "PySide6/*translations/*",
)

KEPT = (
    "PySide6/*translations/qtbase_*",
    "torch/bin/torch_shm_manager*",  # asked for while torch is imported
    "torch/testing/_internal/__init__.py",
    "torch/testing/_internal/logging_tensor.py",
    "torch/testing/_internal/common_dtype.py",
    "torch/testing/_internal/distributed/__init__.py",
    "torch/testing/_internal/distributed/fake_pg.py",
)

# From the machine that builds come only the libraries of Python's own modules. Whatever else a wheel
# needs and does not carry belongs to the machine that runs: C library, graphics driver, X11, sound.
# The .deb declares them; the other packages carry a fall-back (linux/libraries.py).
BUNDLED_FROM_MACHINE = (
    *("libpython3*", "libssl.so*", "libcrypto.so*", "libffi.so*", "libsqlite3.so*", "libbz2.so*"),
    *("liblzma.so*", "libexpat.so*", "libuuid.so*"),
)

RESOURCES_LEFT_OUT = ("readme/*", "translations/*.ts", "*.py", "*__pycache__*")


def is_left_out(name: str) -> bool:
    """Whether a file of this name in the bundle is left out. Slashes of any system."""
    name = PurePosixPath(name.replace("\\", "/")).as_posix()
    if any(fnmatch.fnmatchcase(name, pattern) for pattern in KEPT):
        return False
    parts = name.split("/")
    if parts[:2] == ["transformers", "models"] and len(parts) > 3:
        return parts[2] not in TRANSFORMERS_MODELS
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in LEFT_OUT)


def is_system_library(name: str, source: str) -> bool:
    """Whether it came from the machine that builds and belongs to the machine that runs.

    A library out of a wheel stays, whatever its name: its user was built against it. So does what
    the interpreter brought, and a link inside the bundle (its source is no absolute path).
    """
    path = Path(source)
    of_python = path.is_relative_to(sys.base_prefix) and sys.base_prefix != "/usr"
    if "site-packages" in path.parts or of_python or not path.is_absolute():
        return False
    if "lib-dynload" in path.parts:
        return False
    return not any(fnmatch.fnmatchcase(Path(name).name, p) for p in BUNDLED_FROM_MACHINE)


def kept(entries: Iterable[Entry], *, linux: bool) -> list[Entry]:
    """The entries that the rules leave in."""
    return [
        entry
        for entry in entries
        if not is_left_out(entry[0])
        and not (entry[2] == "SYMLINK" and is_left_out(_target(entry)))
        and not (linux and entry[2] in ("BINARY", "EXTENSION") and is_system_library(*entry[:2]))
    ]


def _target(link: Entry) -> str:
    """What a link of the bundle points at, as a name in the bundle."""
    return posixpath.normpath(f"{PurePosixPath(link[0]).parent}/{link[1]}")


def resources() -> Iterator[tuple[str, str]]:
    """(file, folder in the bundle) of everything below `resources` that the program reads."""
    top = ROOT / "resources"
    for path in sorted(p for p in top.rglob("*") if p.is_file()):
        name = path.relative_to(top).as_posix()
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in RESOURCES_LEFT_OUT):
            yield str(path), str(PurePosixPath("resources", name).parent)


OWN_PACKAGES = ("infinitetalk", "desktop")


def is_own_module(name: str) -> bool:
    return name.split(".")[0] in (*OWN_PACKAGES, "installer")


def own_modules() -> list[str]:
    """Every module of ours: commands are imported by name, so no analysis finds them."""
    found = []
    for package in OWN_PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return [name for name in found if not name.endswith("__main__")]


def package_tree(package: Path) -> Iterator[tuple[str, str]]:
    """(file, folder in the bundle) of a package that is taken whole: source, data and libraries."""
    for path in sorted(p for p in package.rglob("*") if p.is_file()):
        name = path.relative_to(package.parent).as_posix()
        if path.suffix in (".pyc", ".pyi", ".h", ".cuh", ".hpp", ".cpp", ".cmake"):
            continue
        if not is_left_out(name):
            yield str(path), str(PurePosixPath(name).parent)
