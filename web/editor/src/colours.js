/** Drawn in the page's own colours, so that light and dark follow without a redraw. */
export const INK = {
  defaultFillColor: 'var(--sp-draw-fill)',
  defaultStrokeColor: 'var(--sp-draw-line)',
  defaultLabelColor: 'var(--sp-draw-text)',
  fontFamily: '"Source Sans 3", "Segoe UI", system-ui, sans-serif',
};
