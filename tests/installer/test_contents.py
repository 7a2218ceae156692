"""What goes into the bundle: rules over names, and that nothing of ours is forgotten."""

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from installer.packing import contents, environment, layout, sizes


@pytest.mark.parametrize(
    "name",
    [
        "torch/bin/protoc",
        "torch/include/ATen/ATen.h",
        "torch/lib/libtorch_extra.a",
        "torch\\lib\\dnnl.lib",
        "torch/testing/_internal/common_methods_invocations.py",
        "transformers/models/llama/modeling_llama.py",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt/qml/QtQuick/qmldir",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/translations/qt_de.qm",
        "scipy/signal/tests/test_windows.py",
        "nvidia/cu13/lib/libcusolverMg.so.12",
        "nvidia/cu13/lib/libcusolver.so.12",
        "nvidia/cu13/lib/libnvrtc-builtins.alt.so.13.0",
        "nvidia/nvshmem/lib/nvshmem_transport_ibrc.so.3",
        "torch/lib/libtorch_cuda_linalg.so",
    ],
)
def test_left_out(name):
    assert contents.is_left_out(name)


@pytest.mark.parametrize(
    "name",
    [
        "torch/lib/libtorch_cpu.so",
        "torch/lib/libtorch_cuda.so",
        "nvidia/cu13/lib/libnvrtc.so.13",
        "nvidia/cu13/lib/libcusparse.so.12",
        "nvidia/cudnn/lib/libcudnn_adv.so.9",  # cuDNN wants to be whole
        "nvidia/nvshmem/lib/libnvshmem_host.so.3",
        "torch/bin/torch_shm_manager",  # asked for while torch is imported
        "torch/testing/_internal/logging_tensor.py",
        "torch/testing/__init__.py",
        "transformers/models/__init__.py",
        "transformers/models/umt5/modeling_umt5.py",
        "transformers/models/auto/configuration_auto.py",
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "cv2/data/haarcascade_frontalface_default.xml",
        "resources/demo_model/config.json",
    ],
)
def test_left_in(name):
    assert not contents.is_left_out(name)


def test_libraries_of_wheels_and_of_python_stay_and_those_of_the_machine_go():
    wheel = "/build/venv/lib/python3.11/site-packages/pillow.libs/libxcb-9065bb12.so.1.1.0"
    assert not contents.is_system_library("libxcb-9065bb12.so.1.1.0", wheel)
    assert not contents.is_system_library("libssl.so.3", "/usr/lib/x86_64-linux-gnu/libssl.so.3")
    assert not contents.is_system_library("libQt6Gui.so.6", "PySide6/Qt/lib/libQt6Gui.so.6")
    assert contents.is_system_library("libxcb.so.1", "/usr/lib/x86_64-linux-gnu/libxcb.so.1")
    assert contents.is_system_library("libcudart.so.13", "/usr/local/cuda/lib/libcudart.so.13")


def test_a_link_goes_with_what_it_points_at():
    gone = ("libavcodec.so.61", "PySide6/Qt/lib/libavcodec.so.61", "SYMLINK")
    stays = ("libQt6Gui.so.6", "PySide6/Qt/lib/libQt6Gui.so.6", "SYMLINK")
    beside = ("PySide6/Qt/lib/libavutil.so", "libavutil.so.59", "SYMLINK")
    assert contents.kept([gone, stays, beside], linux=True) == [stays]


def test_every_module_of_ours_is_asked_for():
    found = set(contents.own_modules())
    # Commands are imported by name when they run; these two are the farthest from any import.
    assert {"infinitetalk.cli.evaluate", "infinitetalk.media.voices", "infinitetalk.serve"} <= found
    assert not [name for name in found if find_spec(name.split(".")[0]) is None]
    assert len(found) > 300


def test_resources_that_the_program_reads_are_packed():
    packed = {f"{folder}/{Path(file).name}" for file, folder in contents.resources()}
    for name in (
        "resources/icons/app.svg",
        "resources/themes/window.qss",
        "resources/translations/desktop_de.qm",
        "resources/samples/speech.wav",
        "resources/samples/mira.png",
    ):
        assert name in packed
    assert any(name.startswith("resources/demo_model/") for name in packed)
    assert any(name.startswith("resources/catalog/") for name in packed)
    assert not [name for name in packed if name.endswith((".ts", ".py"))]


def test_what_is_packed_as_installed_has_not_grown():
    """The part of the size check that needs no build; the whole bundle's is in `.ci/packages`."""
    import torch

    found = sizes.trees()
    assert set(found) <= set(sizes.recorded())
    if torch.version.cuda is not None:
        found.pop("cpu tree torch")
    assert not [text for name, size in found.items() if (text := sizes.problem(name, size))]


def test_a_tree_is_packed_under_its_own_name_without_what_is_left_out(tmp_path):
    package = tmp_path / "torch"
    for name in ("__init__.py", "lib/libtorch.so", "lib/libx.a", "include/a.h", "bin/protoc"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("")
    packed = {(Path(file).name, folder) for file, folder in contents.package_tree(package)}
    assert packed == {("__init__.py", "torch"), ("libtorch.so", "torch/lib")}


def test_what_is_installed_is_what_the_project_asks_for_less_what_only_tests_use():
    wanted = environment.requirements()
    names = {r.split(">")[0].split("=")[0].split(";")[0].strip() for r in wanted}
    assert {"pyside6", "transformers", "imageio-ffmpeg", "keyring"} <= names
    assert not {"torch", "librosa"} & names


def test_one_version_number():
    import infinitetalk

    assert infinitetalk.__version__ == layout.version()


def test_both_programs_say_their_version(capsys):
    from desktop.app import main as window
    from infinitetalk.cli.main import main as engine

    for program, name in ((window, layout.PROGRAM), (engine, layout.ENGINE)):
        with pytest.raises(SystemExit) as ended:
            program(["--version"])
        assert ended.value.code == 0
        assert capsys.readouterr().out == f"{name} {layout.version()}\n"


@pytest.mark.skipif(sys.platform != "linux", reason="the libraries of a Linux process")
def test_programs_of_the_system_get_their_own_libraries_back(monkeypatch):
    import os
    import runpy

    hook = str(layout.INSTALLER / "runtime_hook.py")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/bundle/_internal:/mine")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/mine")
    runpy.run_path(hook)
    assert os.environ["LD_LIBRARY_PATH"] == "/mine"
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
    monkeypatch.setenv("LD_LIBRARY_PATH", "/bundle/_internal")
    runpy.run_path(hook)
    assert "LD_LIBRARY_PATH" not in os.environ
