// A sound when a result on the wall changes. Off until somebody turns it on: `?sound=on`, key s.

import { isBroken } from './states.js';

const TONES = { broke: [330, 220], mended: [523, 784] };
const SECONDS = 0.18;
const LOUD = 0.15;

let context = null;

/**
 * What has happened between two looks at the tiles: `broke` if any is broken that was not, else
 * `mended` if any is well that was broken, else null. Tiles that are new tell nothing.
 *
 * @param before the outcomes by key, as `outcomesOf` gave them, or null at the first look
 */
export function changeOf(before, tiles) {
  const known = tiles.filter((tile) => before?.has(tile.key));
  if (known.some((tile) => isBroken(tile.outcome) && !isBroken(before.get(tile.key)))) {
    return 'broke';
  }
  return known.some((tile) => tile.outcome === 'SUCCEEDED' && isBroken(before.get(tile.key))) ? 'mended' : null;
}

export const outcomesOf = (tiles) => new Map(tiles.map((tile) => [tile.key, tile.outcome]));

/** Gets ready to play, in answer to a key or a click: browsers allow no sound before one. */
export function ready() {
  context ??= new AudioContext();
  context.resume().catch(() => {});
}

/** Plays two notes; without a word if the browser does not allow it yet. */
export function play(change) {
  ready();
  TONES[change].forEach((pitch, i) => {
    const start = context.currentTime + i * SECONDS;
    const volume = new GainNode(context, { gain: LOUD });
    volume.gain.setTargetAtTime(0, start + SECONDS / 2, SECONDS / 6);
    const note = new OscillatorNode(context, { frequency: pitch, type: 'triangle' });
    note.connect(volume).connect(context.destination);
    note.start(start);
    note.stop(start + SECONDS);
  });
}
