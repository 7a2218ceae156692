"""Draws talking faces: background, person, and pictures with two people.

The mouth is five numbers: open, wide, round, teeth, tongue (see visemes.py).
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from infinitetalk.demo.faces import HAIR_STYLES, Faces
from infinitetalk.demo.motion import Pose
from infinitetalk.demo.shapes import Grid, Painter, box, ellipse, only_if

CHIN_PIVOT = 30.0  # heads tilt about a point this far below their center, so the neck holds
PARALLAX = 1.1  # features move more than the outline of the head when it turns
SIDES = (-1.0, 1.0)


def draw(faces: Faces, pose: Pose, mouth: Tensor, grid: Grid) -> Tensor:
    """One person per picture: mouth [B, F, 5] -> [B, F, 3, H, W] in -1..1."""
    return draw_together([faces], [pose], [mouth], grid)


def draw_together(
    people: Sequence[Faces], poses: Sequence[Pose], mouths: Sequence[Tensor], grid: Grid
) -> Tensor:
    """People side by side, each in a face square of its own, before the first one's background."""
    painter = Painter(_background(people[0], grid), grid.pixel)
    for place, (faces, pose, mouth) in enumerate(zip(people, poses, mouths, strict=True)):
        _person(painter, faces, pose, mouth, grid.shifted(128.0 * place))
    return painter.canvas.clamp(0, 1) * 2 - 1


def mouth_center(faces: Faces, pose: Pose) -> Tensor:
    """[B, F, 2]: x and y of the middle of the mouth, in face units (about, for weights and boxes)."""
    scale = faces.number("scale")[:, None]
    x = pose.yaw * (PARALLAX + 0.15) * scale
    y = (pose.pitch + faces.number("mouth_height")[:, None] + 2 - CHIN_PIVOT) * scale
    cos, sin = pose.tilt.cos(), pose.tilt.sin()
    center_x = faces.number("center_x")[:, None] + pose.shift_x + cos * x - sin * y
    center_y = faces.number("center_y")[:, None] + pose.shift_y + CHIN_PIVOT + sin * x + cos * y
    return torch.stack([center_x, center_y], -1)


def _number(faces: Faces, name: str) -> Tensor:
    return faces.number(name)[:, None, None, None]


def _color(faces: Faces, name: str) -> Tensor:
    return faces.color(name)[:, None, :, None, None]


def _flat(like: Tensor, *rgb: float) -> Tensor:
    return like.new_tensor(rgb)[None, None, :, None, None]


def _background(faces: Faces, grid: Grid) -> Tensor:
    """[B, 1, 3, H, W]: a gradient, faint stripes, a ball and a picture frame on the wall."""
    angle = _number(faces, "backdrop_angle")
    slope = (grid.x - 64) * angle.cos() + (grid.y - 64) * angle.sin()
    ramp = (slope / 128 + 0.5).clamp(0, 1).unsqueeze(2)
    near, far = _color(faces, "backdrop"), _color(faces, "backdrop_far")
    stripes = _number(faces, "stripe").clamp(min=0) * torch.sin(
        grid.x * _number(faces, "stripe_pitch")
    )
    painter = Painter((near + (far - near) * ramp) * (1 + stripes.unsqueeze(2)), grid.pixel)
    size = _number(faces, "ball_size")
    ball_x, ball_y = grid.x - _number(faces, "ball_x"), grid.y - _number(faces, "ball_y")
    shade = (1 - 0.012 * (ball_x + ball_y)).clamp(0.6, 1.3).unsqueeze(2)
    painter.shape(ellipse(ball_x, ball_y, size, size), _color(faces, "ball") * shade)
    frame_x, frame_y = grid.x - _number(faces, "frame_x"), grid.y - _number(faces, "frame_y")
    half_x, half_y = _number(faces, "frame_width"), _number(faces, "frame_height")
    color = _color(faces, "frame")
    painter.shape(box(frame_x, frame_y, half_x, half_y), color * 0.62)
    painter.shape(box(frame_x, frame_y, half_x - 2, half_y - 2), color)
    return painter.canvas


class _Head:
    """A head's own coordinates: x, y from its center; fx, fy follow the turned face."""

    def __init__(self, faces: Faces, pose: Pose, grid: Grid) -> None:
        scale = _number(faces, "scale")
        self.yaw, self.pitch = pose.yaw[..., None, None], pose.pitch[..., None, None]
        self.shift_x, self.shift_y = pose.shift_x[..., None, None], pose.shift_y[..., None, None]
        tilt = pose.tilt[..., None, None]
        dx = grid.x - _number(faces, "center_x") - self.shift_x
        dy = grid.y - _number(faces, "center_y") - self.shift_y - CHIN_PIVOT
        self.x = (tilt.cos() * dx + tilt.sin() * dy) / scale
        self.y = (tilt.cos() * dy - tilt.sin() * dx) / scale + CHIN_PIVOT / scale
        # The pivot scales with the head, so that its center is where y is 0.
        self.y = self.y + CHIN_PIVOT * (1 - 1 / scale)
        self.half_x, self.half_y = _number(faces, "head_width"), _number(faces, "head_height")
        self.fx = self.x - self.yaw * PARALLAX
        self.fy = self.y - self.pitch


def _person(painter: Painter, faces: Faces, pose: Pose, mouth: Tensor, grid: Grid) -> None:
    head = _Head(faces, pose, grid)
    lips = mouth[..., None, None].unbind(2)
    outline = _outline(faces, head, lips[0])
    _hair_behind(painter, faces, head)
    _body(painter, faces, head, grid)
    _skull(painter, faces, head, outline)
    _hair_in_front(painter, faces, head, outline)
    _nose(painter, faces, head)
    for side in SIDES:
        _eye(painter, faces, head, pose, side)
    _mouth(painter, faces, head, lips)


def _outline(faces: Faces, head: _Head, opening: Tensor) -> Tensor:
    """Distance to the head's edge; the jaw drops a little with an open mouth."""
    y = head.y - 3.2 * opening * (head.y / head.half_y).clamp(0, 1).square()
    width = head.half_x - _number(faces, "chin") * y.clamp(min=0)
    power = _number(faces, "head_power")
    u = (head.x.abs() / width).clamp(min=1e-3).pow(power)
    v = (y.abs() / head.half_y).clamp(min=1e-3).pow(power)
    return ((u + v).pow(1 / power) - 1) * torch.minimum(head.half_x, head.half_y) * 0.95


def _is_style(faces: Faces, *names: str) -> Tensor:
    wanted = torch.zeros_like(faces.hair_style, dtype=torch.bool)
    for name in names:
        wanted = wanted | (faces.hair_style == HAIR_STYLES.index(name))
    return wanted[:, None, None, None]


def _hair_behind(painter: Painter, faces: Faces, head: _Head) -> None:
    volume, hair = _number(faces, "hair_volume"), _color(faces, "hair")
    half_x, half_y = head.half_x + volume, head.half_y + volume - 2
    crown = ellipse(head.x, head.y + 4, half_x, half_y)
    length = _number(faces, "hair_length") * 0.5
    curtain = box(head.x, head.y - length, half_x - 0.5, length + 4)
    bob = torch.maximum(ellipse(head.x, head.y - 2, half_x + 1.5, half_y * 0.95), head.y - 22)
    full = torch.minimum(crown, only_if(_is_style(faces, "long"), curtain))
    full = torch.minimum(full, only_if(_is_style(faces, "bob"), bob))
    painter.shape(only_if(~_is_style(faces, "bald"), full), hair * 0.80)
    bun = ellipse(head.x, head.y + head.half_y + 4, 10.0, 9.0)
    painter.shape(only_if(_is_style(faces, "bun"), bun), hair * 0.90)


def _body(painter: Painter, faces: Faces, head: _Head, grid: Grid) -> None:
    x = grid.x - _number(faces, "center_x") - head.shift_x * 0.35
    y = grid.y - _number(faces, "shoulder_height") - head.shift_y * 0.25
    neck, skin = _number(faces, "neck"), _color(faces, "skin")
    painter.shape(box(x - head.shift_x * 0.3, y + 8, neck, 22.0), skin * 0.78)
    torso = ellipse(x, y - 34, _number(faces, "shoulder_width"), 36.0)
    fold = (1 - 0.004 * x.abs()).clamp(0.75, 1).unsqueeze(2)
    painter.shape(torso, _color(faces, "cloth") * fold)
    at_neck = x - head.shift_x * 0.2
    collar = ellipse(at_neck, y + 1, neck + 6, 11.0)
    painter.shape(torch.maximum(torso, collar), _color(faces, "collar"))
    painter.shape(torch.maximum(torso, ellipse(at_neck, y + 2, neck + 2, 9.0)), skin * 0.78)


def _skull(painter: Painter, faces: Faces, head: _Head, outline: Tensor) -> None:
    skin, ear = _color(faces, "skin"), _number(faces, "ear_size")
    for side in SIDES:
        x = head.x - side * (head.half_x - 0.5) + head.yaw * 0.6
        y = head.y + 1 + head.pitch * 0.5
        painter.shape(ellipse(x, y, ear * 0.8, ear * 1.2), skin * 0.90)
        painter.shape(ellipse(x, y, ear * 0.4, ear * 0.75), skin * 0.76)
    edge = (outline / head.half_x).clamp(-1, 0)
    light = 1 + _number(faces, "light") * head.x / head.half_x - 0.06 * (1 + edge).square()
    painter.shape(outline, skin * light.unsqueeze(2))
    blush, pink = _number(faces, "blush").clamp(min=0), _flat(skin, 0.95, 0.45, 0.42)
    for side in SIDES:
        spot = 1 - ((head.fx - side * 14) / 7).square() - ((head.fy - 8) / 5.5).square()
        painter.veil(blush * spot.clamp(0, 1) * painter.coverage(outline), pink)


def _hair_in_front(painter: Painter, faces: Faces, head: _Head, outline: Tensor) -> None:
    line = _number(faces, "hairline") + head.pitch * 0.3
    line = line + _number(faces, "hair_bow") * (head.fx - _number(faces, "hair_part")).square()
    cap = torch.minimum(
        outline - 1.2, ellipse(head.x, head.y, head.half_x + 1.5, head.half_y + 1.5)
    )
    fringe = torch.maximum(cap, head.y - line)
    sheen = 1 + 0.16 * torch.exp(-((head.y + head.half_y * 0.72) / 4.5).square())
    hair = _color(faces, "hair") * sheen.unsqueeze(2)
    painter.shape(only_if(~_is_style(faces, "bald"), fringe), hair)


def _nose(painter: Painter, faces: Faces, head: _Head) -> None:
    width, length = _number(faces, "nose_width"), _number(faces, "nose_length")
    dark, x = _color(faces, "skin") * 0.80, head.fx - head.yaw * 0.5
    painter.shape(ellipse(x, head.fy - length, width, width * 0.62), dark, 0.9)
    bridge = box(x + width * 0.55 + head.yaw * 0.1, head.fy - length * 0.4, 0.55, length * 0.55)
    painter.shape(bridge, dark, 0.5)


def _eye(painter: Painter, faces: Faces, head: _Head, pose: Pose, side: float) -> None:
    x = head.fx - side * _number(faces, "eye_gap")
    y = head.fy - _number(faces, "eye_height")
    opened = _number(faces, "eye_open")
    lid = opened * (0.1 + 0.9 * (1 - pose.blink[..., None, None]))
    white = ellipse(x, y, _number(faces, "eye_width"), lid)
    skin = _color(faces, "skin")
    painter.shape(white - 0.8, skin * 0.45)
    painter.shape(white, _flat(skin, 0.97, 0.97, 0.97))
    px, py = x - head.yaw * 0.25, y - head.pitch * 0.2
    iris = _color(faces, "iris")
    painter.shape(torch.maximum(white, ellipse(px, py, opened * 0.8, opened * 0.8)), iris)
    pupil = ellipse(px, py, opened * 0.42, opened * 0.42)
    painter.shape(torch.maximum(white, pupil), _flat(skin, 0.03, 0.03, 0.03))
    glint = ellipse(px + 1.0, py + 1.1, 1.0, 1.0)
    painter.shape(torch.maximum(white, glint), _flat(skin, 1.0, 1.0, 1.0))
    size = _number(faces, "glasses_size")
    rim = ellipse(x - side * 0.5, y, size, size * 0.88).abs() - 0.8
    worn = _number(faces, "glasses") > 0
    painter.shape(only_if(worn, rim), _flat(skin, 0.12, 0.12, 0.13))
    slope = _number(faces, "brow_slope") * side
    bx, by = x, y + opened + 4.2 + pose.brow[..., None, None]
    along = bx * slope.cos() + by * slope.sin()
    across = by * slope.cos() - bx * slope.sin() + 0.012 * bx.square()
    brow = box(along, across, _number(faces, "brow_length"), _number(faces, "brow_weight"))
    painter.shape(brow, _color(faces, "hair") * 0.7)


def _mouth(painter: Painter, faces: Faces, head: _Head, lips: Sequence[Tensor]) -> None:
    opening, wide, rounded, teeth, tongue = lips
    width = _number(faces, "mouth_width") * (1 + 0.24 * wide - 0.42 * rounded)
    height = _number(faces, "mouth_reach") * opening * (1 - 0.12 * rounded) + 0.10
    weight = _number(faces, "lip_weight") * (1 + 0.5 * rounded)
    x = head.fx - head.yaw * 0.15
    bend = _number(faces, "smile") * x.square() / 8 * (1 - 0.4 * rounded)
    y = head.fy - _number(faces, "mouth_height") - 2.0 * opening + bend
    lip = _color(faces, "lip")
    painter.shape(ellipse(x, y, width + weight * 0.7, height + weight), lip)
    gap = ellipse(x, y, width, height)
    slit = box(x, y, width, 0.45)
    painter.shape(torch.where(height > 0.35, gap, slit), _flat(lip, 0.20, 0.04, 0.05))
    ajar = height > 0.8
    bed = ellipse(x, y - height * (1.15 - 0.55 * tongue), width * 0.62, height * 0.75 + 0.1)
    painter.shape(only_if(ajar, torch.maximum(gap, bed)), _flat(lip, 0.80, 0.36, 0.38))
    edge = y + height * (1 - 0.95 * teeth * (1 - 0.45 * opening))
    row = torch.maximum(gap, torch.maximum(edge, x.abs() - width * 0.86))
    painter.shape(only_if(ajar & (teeth > 0.12), row), _flat(lip, 0.96, 0.95, 0.92))
