// Which lines of an output are folded away. A line can hide the lines below it that are indented
// deeper, such as a stack trace, or those up to the end of a `::group::`.

const LONGEST = 50_000;
const COLOURS = /\u001b\[[0-9;]*m/g;

/** The columns before the first other character; null for a blank line. */
function indent(line) {
  const text = line.replace(COLOURS, '');
  const at = text.search(/\S/);
  return at < 0 ? null : text.slice(0, at).replaceAll('\t', '        ').length;
}

const isGroup = (line) => /^(?:::group::|##\[group\])/.test(line);
const isGroupEnd = (line) => /^(?:::endgroup::|##\[endgroup\])/.test(line);

/** True if the line at `index` has something below it to hide; `line(i)` gives the text of a line. */
export function canFold(index, count, line) {
  if (index + 1 >= count) {
    return false;
  }
  const text = line(index);
  return isGroup(text) || (indent(text) !== null && (indent(line(index + 1)) ?? 0) > indent(text));
}

/** The line after the last one that belongs below `index`. */
export function blockEnd(index, count, line) {
  const text = line(index);
  const last = Math.min(count, index + LONGEST);
  if (isGroup(text)) {
    for (let i = index + 1; i < last; i++) {
      if (isGroupEnd(line(i))) {
        return i + 1;
      }
    }
    return last;
  }
  const own = indent(text);
  let end = index + 1;
  for (let i = index + 1; i < last; i++) {
    const found = indent(line(i));
    if (found !== null && found <= own) {
      break;
    }
    end = found === null ? end : i + 1;
  }
  return end;
}

/** The folded blocks: of each, the line that stays and the line after the last hidden one. */
export class Folds {
  #blocks = [];

  /** How many rows `count` lines take. */
  rows(count) {
    return count - this.#blocks.reduce((sum, { start, end }) => sum + Math.min(end, count) - start - 1, 0);
  }

  /** The line shown in a row. */
  lineAt(row) {
    let line = row;
    for (const { start, end } of this.#blocks) {
      if (line <= start) {
        break;
      }
      line += end - start - 1;
    }
    return line;
  }

  /** The row that shows a line, or the line it is folded under. */
  rowOf(line) {
    let hidden = 0;
    for (const { start, end } of this.#blocks) {
      if (line <= start) {
        break;
      }
      hidden += Math.min(end - 1, line) - start;
    }
    return line - hidden;
  }

  /** How many lines a line hides; 0 if it is not folded. */
  hiddenBy(line) {
    const block = this.#blocks.find(({ start }) => start === line);
    return block ? block.end - block.start - 1 : 0;
  }

  /** Hides the lines after `start` and before `end`; blocks within are part of it then. */
  fold(start, end) {
    this.#blocks = [...this.#blocks.filter((block) => block.end <= start || block.start >= end), { start, end }].sort((a, b) => a.start - b.start);
  }

  /** Shows everything that the fold of this line, or around it, hides. */
  open(line) {
    this.#blocks = this.#blocks.filter(({ start, end }) => line < start || line >= end);
  }

  /** Moves everything, because `more` lines were put before. */
  shift(more) {
    this.#blocks = this.#blocks.map(({ start, end }) => ({ start: start + more, end: end + more }));
  }
}
