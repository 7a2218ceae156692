"""What may be imported where: the engine on a bare machine, the window's rooms without torch."""

import subprocess
import sys

import pytest

# The engine must import with torch, transformers, safetensors and numpy alone.
BLOCKED = [
    "PySide6",
    "cv2",
    "PIL",
    "librosa",
    "soxr",
    "pyloudnorm",
    "ftfy",
    "imageio_ffmpeg",
    "platformdirs",
    "psutil",
    "scenedetect",
    "sentencepiece",
    "bitsandbytes",
    "optimum",
    "huggingface_hub",
    "keyring",
]

WALK = """
import importlib, pkgutil, sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in {blocked!r} and not via_transformers():
            raise ImportError(f'{{name}} must be imported at its point of use')
def via_transformers():
    frame = sys._getframe()
    while frame:
        if frame.f_globals.get('__name__', '').split('.')[0] in ('transformers', 'safetensors', 'torch'):
            return True
        frame = frame.f_back
    return False
sys.meta_path.insert(0, Block())
import infinitetalk
names = [m.name for m in pkgutil.walk_packages(infinitetalk.__path__, 'infinitetalk.')]
for name in names:
    # Triton's own files are imported only where Triton is.
    if not name.endswith('__main__') and '.triton_' not in name:
        importlib.import_module(name)
print(len(names))
"""


def test_the_engine_imports_with_four_packages() -> None:
    code = WALK.format(blocked=set(BLOCKED))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 100


@pytest.mark.parametrize(
    "rooms", ["errors paths media request plan event wire project", "engine.prepare cli.main probe"]
)
def test_these_rooms_import_no_torch(rooms: str) -> None:
    imports = "; ".join(f"import infinitetalk.{room}" for room in rooms.split())
    code = f"import sys; {imports}; assert not {{'torch', 'transformers'}} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
