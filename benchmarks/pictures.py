"""What the files of a picture cost: make bench ARGS="pictures" [--widths 2000,8000]

The same JPEG is given to Wagtail, which makes each rendition from the original, and to the delivery
plugin, which decodes the original once. Each runs in a process of its own, so that memory is
measured apart, and both follow one another, so other load on the machine affects both.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from benchmarks.project import set_up

FORMATS = ("avif", "webp", "jpeg")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures", description=__doc__)
    parser.add_argument("--widths", default="2000,8000")
    widths = [int(width) for width in parser.parse_args(arguments).widths.split(",")]
    with set_up():
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        print("| width | formats | Wagtail s | MB | once decoded s | MB | ratio | memory |")
        print("|---|---|---|---|---|---|---|---|", flush=True)
        for width in widths:
            for formats in (*((name,) for name in FORMATS), FORMATS):
                each = measured(each_from_original, width, formats)
                once = measured(decoded_once, width, formats)
                print(
                    f"| {width} | {', '.join(formats)} | {each[0]:.1f} | {each[1]:.0f} "
                    f"| {once[0]:.1f} | {once[1]:.0f} | {each[0] / once[0]:.1f}x "
                    f"| {each[1] / once[1]:.1f}x |",
                    flush=True,
                )
    return 0


def photograph(width: int) -> bytes:
    """A picture with detail at several sizes, as a photograph has it."""
    from PIL import Image

    size = (width, width * 3 // 4)
    coarse = Image.effect_noise((size[0] // 32, size[1] // 32), 80).resize(size)
    fine = Image.effect_noise((size[0] // 4, size[1] // 4), 20).resize(size)
    gradient = Image.linear_gradient("L").resize(size)
    buffer = BytesIO()
    blended = Image.blend(coarse, fine, 0.3)
    Image.merge("RGB", (blended, Image.blend(blended, gradient, 0.5), gradient)).save(
        buffer, "JPEG", quality=90
    )
    return buffer.getvalue()


def each_from_original(image: Any, formats: Sequence[str]) -> None:
    """As Wagtail's `picture` tag does it."""
    from wagtail_delivery.conf import delivery_settings

    for name in formats:
        widths = delivery_settings().IMAGE_WIDTHS
        image.get_renditions(*(f"width-{width}|format-{name}" for width in widths))


def decoded_once(image: Any, formats: Sequence[str]) -> None:
    """As the delivery plugin does it."""
    from django.test import override_settings

    from wagtail_delivery.encoding.images import image_files

    with override_settings(WAGTAIL_DELIVERY={"IMAGE_FORMATS": list(formats)}):
        image_files(image)


def measured(
    make: Callable[[Any, Sequence[str]], None], width: int, formats: Sequence[str]
) -> tuple[float, float]:
    """Seconds and megabytes at the peak that the files of a new picture cost."""
    receiving, sending = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=_measure, args=(make, photograph(width), formats, sending)
    )
    process.start()
    result: tuple[float, float] = receiving.recv()
    process.join()
    return result


def _measure(make: Callable[..., None], content: bytes, formats: Sequence[str], sent: Any) -> None:
    from django.core.files.base import ContentFile
    from django.db import connection
    from wagtail.images import get_image_model

    connection.close()
    image = get_image_model().objects.create(title="x", file=ContentFile(content, "gambar.jpg"))
    before, start = _peak(), time.perf_counter()
    make(image, formats)
    sent.send((time.perf_counter() - start, _peak() - before))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
