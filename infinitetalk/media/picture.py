"""Still pictures: what they are, and their pixels upright and without transparency."""

import contextlib
import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from infinitetalk.media import problems
from infinitetalk.media.facts import PICTURE_SUFFIXES, SourceFacts

if TYPE_CHECKING:
    from PIL import Image

# White: what viewers, documents and web pages put behind a cut-out picture, so it is what the user
# saw when choosing it; black would swallow dark hair, and the hidden colors below are often noise.
BACKGROUND = (255, 255, 255)

_FORMATS = ("PNG", "JPEG", "MPO", "WEBP", "BMP", "TIFF", "GIF", "PPM", "JPEG2000", "ICO", "AVIF")
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_ORIENTATION = 0x0112
_ROTATIONS = {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}  # degrees clockwise
_bomb_lock = threading.Lock()


def probe_picture(path: Path, head: bytes, *, orient: bool = True) -> SourceFacts | None:
    """What the picture is, from its header; None if the file is no picture at all.

    `head` is the first bytes of the file. Raises EngineError: media.unsupported (HEIC, SVG, raw),
    media.unreadable, media.too_large (before any pixel is decoded).
    """
    _refuse_unsupported(path, head)
    with _opened(path) as image:
        if image is None:
            return None
        width, height = image.size
        if max(height, width) > problems.SIDE_LIMIT:
            raise problems.too_large(path, height, width)
        orientation = _orientation(image)
        stored = (height, width)
        if orient and orientation >= 5:
            height, width = width, height
        frames = int(getattr(image, "n_frames", 1))
        return SourceFacts(
            path=path,
            kind="picture",
            height=height,
            width=width,
            codec=(image.format or "").lower(),
            rotation=_ROTATIONS.get(orientation, 0),
            has_alpha=image.has_transparency_data,
            bits=16 if image.mode.startswith(("I", "F")) else 8,
            animated=frames > 1 and image.format != "MPO",
            oriented=orient,
            stored_size=stored,
            format_name=image.format or "",
        )


def read_picture(path: Path, *, orient: bool = True) -> NDArray[np.uint8]:
    """The picture as RGB, [H, W, 3]; of an animated one the first frame.

    `orient` applies the EXIF orientation and the color profile and puts white behind transparency.
    Without it the picture is read as the reference does: as stored, alpha discarded.
    Raises EngineError: media.unreadable, media.too_large, media.unsupported.
    """
    from PIL import ImageOps

    from infinitetalk.media.probe import check_file

    _refuse_unsupported(path, check_file(path))
    with _opened(path) as image:
        if image is None:
            raise problems.unreadable(path, "it is no picture of a known kind")
        if max(image.size) > problems.SIDE_LIMIT:
            raise problems.too_large(path, image.size[1], image.size[0])
        try:
            image.load()
            if not orient:
                return np.array(image.convert("RGB"))
            with contextlib.suppress(ValueError, TypeError, KeyError, SyntaxError):
                image = ImageOps.exif_transpose(image)  # broken EXIF data: as stored
            return np.array(_to_rgb(image))
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise problems.unreadable(path, _reason(error)) from error


def flatten_alpha(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """[..., H, W, 4] RGBA over `BACKGROUND` -> [..., H, W, 3]."""
    alpha = pixels[..., 3:].astype(np.uint16)
    behind = np.asarray(BACKGROUND, np.uint16) * (255 - alpha)
    return ((pixels[..., :3] * alpha + behind + 127) // 255).astype(np.uint8)


def _to_rgb(image: "Image.Image") -> "Image.Image":
    from PIL import Image

    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    profile = image.info.get("icc_profile")
    if image.has_transparency_data:
        image = Image.fromarray(flatten_alpha(np.asarray(image.convert("RGBA"))))
    return _to_srgb(image, profile) if profile else image.convert("RGB")


def _to_srgb(image: "Image.Image", profile: bytes) -> "Image.Image":
    """From the picture's own color space (phones: Display P3; print: CMYK) to the screen's."""
    from PIL import ImageCms

    try:
        return ImageCms.profileToProfile(
            image if image.mode in ("RGB", "CMYK", "L") else image.convert("RGB"),
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        ) or image.convert("RGB")
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):  # a broken or foreign profile
        return image.convert("RGB")


def _eight_bits(gray: NDArray) -> NDArray[np.uint8]:
    """Gray of 16 or more bits, or float, to 8: by its range, since Pillow would clip it."""
    values = np.nan_to_num(gray.astype(np.float64))
    top = values.max(initial=0.0)
    full = 1.0 if top <= 1.0 and gray.dtype.kind == "f" else 255.0 if top <= 255 else 65535.0
    if gray.dtype == np.uint16:
        full = 65535.0  # 16 bit says so itself, however dark the picture
    return np.clip(values / max(full, top if top > 65535 else full) * 255 + 0.5, 0, 255).astype(
        np.uint8
    )


def _orientation(image: "Image.Image") -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except (ValueError, TypeError, SyntaxError, OSError, KeyError):
        return 1


@contextlib.contextmanager
def _opened(path: Path) -> Iterator["Image.Image | None"]:
    """The picture with only its header read; None if no picture format is recognized.

    Pillow's own limit of pixels is set aside: sides are checked against ours right after.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with _bomb_lock:
            limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
            try:
                image = Image.open(path, formats=_known_formats())
            finally:
                Image.MAX_IMAGE_PIXELS = limit
    except UnidentifiedImageError as error:
        if path.suffix.lower() in PICTURE_SUFFIXES and not _is_media_container(path):
            raise problems.unreadable(path, "it is no picture of a known kind") from error
        yield None
        return
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise problems.unreadable(path, _reason(error)) from error
    with image:
        yield image


def _known_formats() -> list[str]:
    from PIL import Image

    Image.init()
    return [name for name in _FORMATS if name in Image.OPEN]


def _is_media_container(path: Path) -> bool:
    """A video with a picture's name: contents decide, not the suffix."""
    with path.open("rb") as file:
        head = file.read(16)
    return head[4:8] == b"ftyp" or head.startswith((b"\x1aE\xdf\xa3", b"RIFF", b"OggS"))


def _refuse_unsupported(path: Path, head: bytes) -> None:
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        raise problems.unsupported(
            path,
            "a HEIC picture, as iPhones make them",
            "Save it as JPEG or PNG (on the iPhone: Settings, Camera, Formats, Most Compatible).",
        )
    if head.startswith(b"%PDF"):
        raise problems.unsupported(path, "a PDF document", "Save the page as PNG or JPEG.")
    if head.startswith(b"8BPS"):
        raise problems.unsupported(path, "a Photoshop document", "Save it as PNG or JPEG.")
    if head[:4] in (b"v/1\x01", b"\x00\x00\x00\x0c") and path.suffix.lower() == ".jxl":
        raise problems.unsupported(path, "a JPEG XL picture", "Save it as PNG or JPEG.")


def _reason(error: BaseException) -> str:
    text = str(error)
    if "truncated" in text.lower() or isinstance(error, EOFError):
        return "its end is missing, the copying or downloading was cut off"
    return text.rstrip(".") or "its contents are damaged"
