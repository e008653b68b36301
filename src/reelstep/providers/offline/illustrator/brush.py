"""Repainting a picture in brush strokes that follow its forms, on textured ground."""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.providers.offline.illustrator.canvas import Canvas
from reelstep.providers.offline.illustrator.noise import Array, Rng, fbm


def _flow(picture: Array, width: int, height: int) -> tuple[Array, Array]:
    """Direction along the forms (radians) and how strongly there is one, on a small field."""
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    grey = cv2.transform(small, np.array([[0.3, 0.6, 0.1]], np.float32))
    gx = cv2.Sobel(grey, cv2.CV_32F, 1, 0)
    gy = cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    xx, yy, xy = (cv2.GaussianBlur(f, (0, 0), 3.0) for f in (gx * gx, gy * gy, gx * gy))
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    return angle.astype(np.float32), np.sqrt(np.maximum(xx + yy, 0)).astype(np.float32)


def paint_over(canvas: Canvas, rng: Rng) -> None:
    """Layers of strokes, broad ones everywhere, fine ones where there is detail."""
    width, height = canvas.size
    part = min(1.0, 2400 / width)
    w, h = round(width * part), round(height * part)
    source = (
        canvas.picture
        if part == 1.0
        else cv2.resize(canvas.picture, (w, h), interpolation=cv2.INTER_AREA)
    )
    fw, fh = w // 4, h // 4
    angle, strength = _flow(source, fw, fh)
    wander = (fbm(rng, (fh, fw), 5, 3) - 0.5) * 2.4
    still = strength < 0.035
    angle = np.where(still, wander * 0.8 + angle * 0.2, angle + wander * 0.18)
    unit = min(h, 0.75 * w)
    sheet = np.clip(source * 255, 0, 255).astype(np.uint8)
    sheet = cv2.GaussianBlur(sheet, (0, 0), unit / 260)
    for size, spacing, bar in ((0.020, 1.5, 0.0), (0.0095, 1.7, 0.025), (0.0048, 2.2, 0.075)):
        radius = size * unit
        colours = cv2.GaussianBlur(source, (0, 0), max(0.8, radius * 0.35))
        step = max(3.0, radius * spacing)
        ys, xs = np.mgrid[step / 2 : h : step, step / 2 : w : step]
        xs = xs.ravel() + rng.uniform(-0.5, 0.5, xs.size) * step
        ys = ys.ravel() + rng.uniform(-0.5, 0.5, ys.size) * step
        order = rng.permutation(xs.size)
        xs, ys = np.clip(xs[order], 0, w - 1), np.clip(ys[order], 0, h - 1)
        fx, fy = (xs / w * (fw - 1)).astype(int), (ys / h * (fh - 1)).astype(int)
        keep = strength[fy, fx] >= bar
        xs, ys, fx, fy = xs[keep], ys[keep], fx[keep], fy[keep]
        turn = angle[fy, fx] + rng.normal(0, 0.12, xs.size)
        tone = colours[ys.astype(int), xs.astype(int)]
        tone = tone * (1 + rng.normal(0, 0.035, (xs.size, 1))) + rng.normal(0, 0.010, (xs.size, 3))
        long = radius * rng.uniform(1.3, 2.5, xs.size)
        dx, dy = np.cos(turn) * long, np.sin(turn) * long
        bow = rng.normal(0, 0.16, xs.size) * long
        ends = np.stack(
            [xs - dx, ys - dy, xs - np.sin(turn) * bow, ys + np.cos(turn) * bow, xs + dx, ys + dy],
            1,
        )
        fixed = np.round(ends.reshape(-1, 3, 2) * 16).astype(np.int32)
        tones = np.clip(tone * 255, 0, 255).tolist()
        thick = np.maximum(1, radius * rng.uniform(0.65, 1.05, xs.size)).astype(int).tolist()
        for line, colour, breadth in zip(fixed, tones, thick, strict=True):
            cv2.polylines(sheet, [line], False, colour, breadth, cv2.LINE_AA, 4)
    painted: Array = sheet.astype(np.float32) / 255
    # Keep the drawing readable: the finest contours of the original come through.
    fine = source - cv2.GaussianBlur(source, (0, 0), unit / 420)
    painted = painted * 0.86 + source * 0.14 + fine * 0.55
    # The paint's own relief, lit from the upper left.
    grey = cv2.transform(painted, np.array([[0.3, 0.6, 0.1]], np.float32))
    tooth = fbm(rng, (h // 2, w // 2), 150, 3, 0.7)
    tooth = cv2.resize(tooth, (w, h), interpolation=cv2.INTER_LINEAR)
    relief = grey * 0.9 + tooth * 0.16
    emboss = relief - cv2.warpAffine(
        relief,
        np.array([[1, 0, 1.4], [0, 1, 1.4]], np.float32),
        (w, h),
        borderMode=cv2.BORDER_REPLICATE,
    )
    painted *= cv2.merge([1 + np.clip(emboss, -0.12, 0.12) * 0.55 + (tooth - 0.5) * 0.07] * 3)
    if part != 1.0:
        painted = cv2.resize(painted, (width, height), interpolation=cv2.INTER_CUBIC)
    canvas.picture = painted.astype(np.float32)
