const MARGIN = 24;
const SMALLEST = 0.7;

/** Show the whole diagram beside the palette; a large one from its beginning, at a readable size. */
export function fit(canvas) {
  const { inner, outer } = canvas.viewbox();
  const palette = canvas.getContainer().querySelector('.djs-palette');
  const left = (palette ? palette.offsetLeft + palette.offsetWidth : 0) + MARGIN;
  const whole = Math.min(
    (outer.width - left - MARGIN) / inner.width,
    (outer.height - 2 * MARGIN) / inner.height,
  );
  const scale = Math.min(1, Math.max(SMALLEST, whole));
  const above = Math.max(MARGIN / scale, (outer.height / scale - inner.height) / 2);
  canvas.viewbox({
    x: inner.x - left / scale,
    y: inner.y - above,
    width: outer.width / scale,
    height: outer.height / scale,
  });
}
