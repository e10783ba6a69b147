// Terminal output as plain pieces with classes. Only colour and weight are kept; everything else a
// terminal would obey is dropped.

// CSI sequences, OSC/DCS/APC strings (ended by BEL or ST), and two-byte escapes.
const ESCAPES = /\x1b\[([0-?]*)([ -/]*)([@-~])|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)|\x1b[ -/]+[0-~]|\x1b[@-Z\\-_a-z0-9=>]?|\x9b[0-?]*[ -/]*[@-~]/g;
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** No colour, normal weight. */
export const PLAIN = Object.freeze({
  fg: null, bg: null, bold: false, dim: false, italic: false, underline: false, inverse: false,
});

/** The style after the codes of one SGR sequence, such as `1;31`. */
function afterCodes(style, codes) {
  const next = { ...style };
  const list = codes === '' ? [0] : codes.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)));
  for (let i = 0; i < list.length; i++) {
    const code = list[i];
    if (code === 0) {
      Object.assign(next, PLAIN);
    } else if (code === 1) {
      next.bold = true;
    } else if (code === 2) {
      next.dim = true;
    } else if (code === 3) {
      next.italic = true;
    } else if (code === 4) {
      next.underline = true;
    } else if (code === 7) {
      next.inverse = true;
    } else if (code === 22) {
      next.bold = false;
      next.dim = false;
    } else if (code === 23) {
      next.italic = false;
    } else if (code === 24) {
      next.underline = false;
    } else if (code === 27) {
      next.inverse = false;
    } else if (code === 38 || code === 48) {
      const colour = extended(list, i);
      next[code === 38 ? 'fg' : 'bg'] = colour.value;
      i = colour.last;
    } else if (code === 39) {
      next.fg = null;
    } else if (code === 49) {
      next.bg = null;
    } else {
      basic(next, code);
    }
  }
  return next;
}

function basic(style, code) {
  if (code >= 30 && code <= 37) {
    style.fg = code - 30;
  } else if (code >= 90 && code <= 97) {
    style.fg = code - 82;
  } else if (code >= 40 && code <= 47) {
    style.bg = code - 40;
  } else if (code >= 100 && code <= 107) {
    style.bg = code - 92;
  }
}

/** `38;5;n` is a palette index; `38;2;r;g;b` becomes the nearest of the colour cube. */
function extended(list, at) {
  if (list[at + 1] === 5) {
    const n = list[at + 2];
    return { value: Number.isInteger(n) && n >= 0 && n <= 255 ? n : null, last: at + 2 };
  }
  if (list[at + 1] === 2) {
    const [r, g, b] = list.slice(at + 2, at + 5).map((v) => Math.max(0, Math.min(5, Math.round((v || 0) / 51))));
    return { value: 16 + 36 * (r || 0) + 6 * (g || 0) + (b || 0), last: at + 4 };
  }
  return { value: null, last: list.length };
}

/** Splits one line into pieces {text, style}; `end` is the style after it. */
export function piecesOf(line, begin = PLAIN) {
  const pieces = [];
  let style = begin;
  let at = 0;
  const take = (text) => {
    const clean = text.replace(CONTROLS, '');
    if (clean !== '') {
      pieces.push({ text: clean, style });
    }
  };
  for (const match of line.matchAll(ESCAPES)) {
    take(line.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[3] === 'm' && match[2] === '' && /^[0-9;:]*$/.test(match[1])) {
      style = afterCodes(style, match[1]);
    }
  }
  take(line.slice(at));
  return { pieces, end: style };
}

/** The palette colour as CSS; indexes 0 to 15 are colours of the theme. */
export function paletteColour(n) {
  if (n < 16) {
    return `var(--ansi-${n})`;
  }
  if (n >= 232) {
    const grey = 8 + (n - 232) * 10;
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const level = (v) => (v === 0 ? 0 : 55 + v * 40);
  const i = n - 16;
  return `rgb(${level(Math.floor(i / 36))} ${level(Math.floor(i / 6) % 6)} ${level(i % 6)})`;
}
