// Computes the grid of the wall and the one font size all tiles share. Pure: text is measured by
// `measure(text)`, which tells the width in units of the font size.

/** What a tile shows, richest first. `lines` are those below the name. */
const LAYOUTS = [
  { name: 'rich', lines: 3, ease: 1.5 },
  { name: 'full', lines: 2, ease: 1.35 },
  { name: 'brief', lines: 1, ease: 1.15 },
];

const LINE = 1.25;
const SIDE = 1.3;
const FRAME = 0.95;
const ICON = 1.45;
const SLACK = 1.03;
const SINGLE = 1.5;
const TINY = 1.32;
const TINY_SIDE = 0.8;
const TINY_GAP = 2;
const WORD_ROOM = 11;

/**
 * The smallest font size for a screen: 8 px on a phone, 12 px at 1080 lines, 24 px at 2160. Only
 * tiles that have no room for three letters beside their icon at this size get a smaller one.
 */
export function minimumFont(width, height) {
  return Math.max(8, Math.round(Math.min(width, height) / 90));
}

/** The gap between tiles in pixels. */
function gapOf(width, height, count) {
  return Math.max(2, Math.min(14, Math.round(Math.sqrt((width * height) / Math.max(1, count)) / 26)));
}

/**
 * The grid for tiles with these names on that area, with no font below `minimum` but for a crowd.
 *
 * @returns {columns, rows, font, gap, layout, nameLines, room}: `room` is the width of a name in
 *     units of the font size; names that are wider are shortened, which happens only at the
 *     smallest font
 */
export function fit({ width, height, names, measure, lineWidth, minimum }) {
  const count = names.length;
  const gap = gapOf(width, height, count);
  const box = { width, height, count, gap };
  const widest = [1, 2].map((lines) =>
    names.reduce((most, name) => Math.max(most, nameWidth(name, lines, measure)), 0) * SLACK);
  for (const layout of LAYOUTS) {
    let best = null;
    for (const nameLines of [1, 2]) {
      const need = {
        wide: Math.max(widest[nameLines - 1], lineWidth) + SIDE,
        high: FRAME + LINE * (nameLines + layout.lines),
      };
      const found = bestGrid(box, need);
      if (found && (!best || found.font > best.font * 1.04)) {
        best = { ...found, layout: layout.name, nameLines };
      }
    }
    if (best && best.font >= minimum * layout.ease) {
      return finished(best, gap, width);
    }
  }
  const single = bestGrid(box, { wide: widest[0] + ICON + SIDE + 5, high: SINGLE });
  if (single && single.font >= minimum) {
    return finished({ ...single, layout: 'single', nameLines: 1 }, gap, width);
  }
  return crowded(box, minimum);
}

/** The columns and rows that give the largest font; of nearly equal ones, the fullest grid. */
function bestGrid({ width, height, count, gap }, { wide, high }) {
  const grids = [];
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const tileWidth = (width - gap * (columns - 1)) / columns;
    const tileHeight = (height - gap * (rows - 1)) / rows;
    const font = Math.min(tileWidth / wide, tileHeight / high, height / 5);
    if (font > 0) {
      grids.push({ columns, rows, font, spare: columns * rows - count });
    }
  }
  const largest = Math.max(0, ...grids.map((grid) => grid.font));
  const good = grids.filter((grid) => grid.font >= largest * 0.94);
  return good.reduce((best, grid) => (best && best.spare <= grid.spare ? best : grid), null);
}

/**
 * All tiles at the smallest font, one line each, with whatever room that leaves for names; in steps
 * of a tenth smaller still until that is room for three letters, for nothing on a wall scrolls.
 */
function crowded({ width, height, count }, minimum) {
  const gap = TINY_GAP;
  for (let font = minimum; ; font *= 0.9) {
    const most = Math.max(1, Math.floor((height + gap) / (font * TINY + gap)));
    const columns = Math.ceil(count / most);
    const rows = Math.ceil(count / columns);
    const room = ((width - gap * (columns - 1)) / columns / font - ICON - TINY_SIDE) / SLACK;
    if (room >= 3 || font < 1) {
      const withWord = room >= WORD_ROOM;
      return {
        columns, rows, font, gap, nameLines: 1,
        layout: withWord ? 'crowded' : 'tiny',
        room: withWord ? room - 5 : room,
      };
    }
  }
}

function finished({ columns, rows, font, layout, nameLines }, gap, width) {
  const tile = (width - gap * (columns - 1)) / columns / font;
  const beside = layout === 'single' ? ICON + 5 : 0;
  return { columns, rows, gap, layout, nameLines, font: Math.floor(font * 10) / 10, room: tile - SIDE - beside };
}

/** Spreads the tiles over the rows so that none is left short; the first rows have fewer, wider ones. */
export function rowsOf(tiles, rows) {
  const fewer = Math.floor(tiles.length / rows);
  const full = tiles.length % rows;
  const found = [];
  for (let row = 0, at = 0; row < rows; row++) {
    const size = fewer + (row >= rows - full ? 1 : 0);
    found.push(tiles.slice(at, at + size));
    at += size;
  }
  return found;
}

/** The width of a name on that many lines. */
function nameWidth(name, lines, measure) {
  return lines === 1 ? measure(name) : Math.max(...inTwo(name, measure).map(measure));
}

/** A name on two lines: cut after a mark between words if that is not lopsided, else in the middle. */
export function inTwo(name, measure) {
  const letters = Array.from(name);
  const middle = Math.ceil(letters.length / 2);
  let best = null;
  for (let at = 1; at < letters.length; at++) {
    if (at !== middle && !/[\s\-_.:/]/.test(letters[at - 1])) {
      continue;
    }
    const parts = [letters.slice(0, at).join('').trimEnd(), letters.slice(at).join('').trimStart()];
    const atMark = /[\s\-_.:/]/.test(letters[at - 1]);
    const width = Math.max(...parts.map(measure)) * (atMark ? 1 : 1.35);
    if (!best || width < best.width) {
      best = { parts, width };
    }
  }
  return best ? best.parts : [name];
}

/** The text if it is not wider than `room`, else its beginning and end with a mark between. */
export function shortened(text, room, measure) {
  if (measure(text) <= room) {
    return text;
  }
  const letters = Array.from(text);
  let low = 0;
  let high = letters.length - 1;
  const cut = (keep) =>
    `${letters.slice(0, Math.ceil(keep / 2)).join('').trimEnd()}…${keep > 1 ? letters.slice(-Math.floor(keep / 2)).join('').trimStart() : ''}`;
  while (low < high) {
    const keep = Math.ceil((low + high) / 2);
    if (measure(cut(keep)) <= room) {
      low = keep;
    } else {
      high = keep - 1;
    }
  }
  return cut(low);
}
