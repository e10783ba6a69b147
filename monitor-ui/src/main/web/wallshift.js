// Moves the whole wall by a pixel or two now and then, so that nothing burns into the screen.

const EVERY = 120_000;
const PATH = [[0, 0], [2, 0], [2, 2], [0, 2], [-2, 2], [-2, 0], [-2, -2], [0, -2], [2, -2]];

/** Where the wall stands at the given step, in pixels from its place. */
export const placeAt = (step) => PATH[step % PATH.length];

/** Begins to move. */
export function begin() {
  let step = 0;
  setInterval(() => {
    step += 1;
    document.body.style.translate = placeAt(step).map((pixels) => `${pixels}px`).join(' ');
  }, EVERY);
}
