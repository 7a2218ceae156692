"""Every file of a golden folder has its check, whatever it is called; one without a check fails."""

from pathlib import Path, PurePath

import pytest

from tests.parity.registry import find_check, fixture_files, load_checks

pytestmark = pytest.mark.parity


@pytest.mark.parametrize(
    "name",
    [
        "transformer/loop_of_another_set.safetensors",
        "transformer/forward_b2_seed9.safetensors",
        "transformer/blocks_x.safetensors",
        "transformer/lora_e_other.safetensors",
        "transformer/quanto_other.json",
        "transformer/weights_p7.safetensors",
        "pipeline/weights.safetensors",
        "pipeline/any_case.safetensors",
        "vae/other.safetensors",
        "t5/other.safetensors",
        "clip/other.safetensors",
        "wav2vec/other.safetensors",
    ],
)
def test_other_names_find_their_check(name: str) -> None:
    load_checks()
    assert find_check(PurePath(name)) is not None


@pytest.mark.parametrize("name", ["transformer/new_kind.safetensors", "other/loop_x.safetensors"])
def test_a_file_that_no_check_takes_is_found_and_fails(name: str, tmp_path: Path) -> None:
    load_checks()
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).touch()
    (tmp_path / "README.md").touch()
    (file,) = fixture_files(tmp_path)
    assert find_check(file.relative_to(tmp_path)) is None
