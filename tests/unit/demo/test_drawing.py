import torch

from infinitetalk.demo.drawing import draw, draw_together, mouth_center
from infinitetalk.demo.faces import sample_faces
from infinitetalk.demo.motion import pose_at
from infinitetalk.demo.scenes import closeness
from infinitetalk.demo.shapes import make_grid


def people(count: int = 3, seed: int = 4):
    faces = sample_faces(count, torch.Generator().manual_seed(seed))
    return faces, pose_at(faces, torch.full((count, 2), 1.3))


def test_a_seed_draws_the_same_people_every_time() -> None:
    pictures = []
    for _ in range(2):
        faces, pose = people()
        pictures.append(draw(faces, pose, torch.zeros(3, 2, 5), make_grid(64, 64)))
    assert torch.equal(*pictures)
    assert pictures[0].shape == (3, 2, 3, 64, 64)
    assert pictures[0].min() >= -1
    assert pictures[0].max() <= 1


def test_another_seed_draws_other_people() -> None:
    shut, grid = torch.zeros(3, 2, 5), make_grid(64, 64)
    first, second = (draw(*people(seed=s), shut, grid) for s in (4, 5))
    assert (first - second).abs().mean() > 0.1


def test_an_open_mouth_changes_the_picture_around_the_mouth_and_the_chin_alone() -> None:
    faces, pose = people()
    opened = torch.zeros(3, 2, 5)
    opened[..., 0] = 1
    grid = make_grid(128, 128)
    change = (draw(faces, pose, opened, grid) - draw(faces, pose, opened * 0, grid)).abs().amax(2)
    near = closeness(mouth_center(faces, pose), 128, 128, 128.0, 8.0) > 0.3
    assert change[near].mean() > 0.2
    upper = change[:, :, :45]
    assert upper.max() == 0


def test_two_people_side_by_side_are_drawn_like_each_alone() -> None:
    faces, _ = people(2)
    left, right = faces.at([0]), faces.at([1])
    poses = [pose_at(f, torch.full((1, 1), 1.3)) for f in (left, right)]
    shut = torch.zeros(1, 1, 5)
    both = draw_together([left, right], poses, [shut, shut], make_grid(64, 128))
    alone = draw(left, poses[0], shut, make_grid(64, 64))
    face = (slice(None), slice(None), slice(None), slice(16, 44), slice(22, 42))
    assert torch.allclose(both[face], alone[face], atol=1e-5)


def test_motion_is_a_function_of_the_moment() -> None:
    faces, _ = people()
    whole = pose_at(faces, torch.arange(10)[None].expand(3, -1) / 25)
    part = pose_at(faces, torch.arange(4, 10)[None].expand(3, -1) / 25)
    assert torch.allclose(whole.shift_x[:, 4:], part.shift_x)
    assert torch.allclose(whole.blink[:, 4:], part.blink)


def test_lively_people_move_more_than_still_ones() -> None:
    faces, _ = people(16)
    seconds = (torch.arange(50) / 5)[None].expand(16, -1)
    still, gentle, lively = (
        pose_at(faces.with_style(s), seconds).shift_x.std(1).mean() for s in range(3)
    )
    assert still * 4 < gentle
    assert gentle * 2 < lively


def test_crops_of_a_grid_draw_the_same_pixels() -> None:
    faces, pose = people()
    shut, grid = torch.zeros(3, 2, 5), make_grid(64, 64)
    left, top = torch.tensor([0, 7, 32]), torch.tensor([3, 32, 0])
    whole = draw(faces, pose, shut, grid)
    crops = draw(faces, pose, shut, grid.cut(left, top, 32))
    for i in range(3):
        cut = whole[i, :, :, top[i] : top[i] + 32, left[i] : left[i] + 32]
        assert torch.allclose(crops[i], cut, atol=1e-6)
