const MARGIN = 24;
const SMALLEST = 0.7;
const BESIDE = 8;

/** Show the whole diagram beside the palette; a large one from its beginning, at a readable size. */
export function fit(canvas) {
  const { inner, outer } = canvas.viewbox();
  const left = besidePalette(canvas);
  const whole = Math.min(
    (outer.width - left - MARGIN) / inner.width,
    (outer.height - 2 * MARGIN) / inner.height,
  );
  const scale = Math.min(1, Math.max(SMALLEST, whole));
  const top = inner.width * scale > outer.width - left - MARGIN ? belowOverview(canvas) : MARGIN;
  const above = Math.max(top / scale, (outer.height / scale - inner.height) / 2);
  canvas.viewbox({
    x: inner.x - left / scale,
    y: inner.y - above,
    width: outer.width / scale,
    height: outer.height / scale,
  });
}

/** Where what lies under the palette ends. */
export function besidePalette(canvas) {
  const palette = canvas.getContainer().querySelector('.djs-palette');
  return (palette ? palette.offsetLeft + palette.offsetWidth : 0) + MARGIN;
}

/** Where what lies under the button of the overview ends. */
function belowOverview(canvas) {
  const button = canvas.getContainer().querySelector('.djs-minimap');
  return button ? button.offsetTop + button.offsetHeight + BESIDE : MARGIN;
}

/** Where the window changes before anybody has moved the view, the diagram is fitted anew. */
export function keepFitted(canvas) {
  fit(canvas);
  let seen = where(canvas);
  new ResizeObserver(() => {
    canvas.resized();
    if (where(canvas) !== seen) return;
    fit(canvas);
    seen = where(canvas);
  }).observe(canvas.getContainer());
}

function where(canvas) {
  const { x, y, scale } = canvas.viewbox();
  return [x, y, scale].map((each) => each.toFixed(2)).join();
}
