// Patterns over names as everywhere in Pipewright: `*` any characters but a slash, `**` any
// characters, `?` one that is not a slash. Takes at most pattern times text steps.

/** True if the whole of `text` matches. */
export function globMatches(pattern, text) {
  let reached = new Array(text.length + 1).fill(false);
  reached[0] = true;
  for (let at = 0; at < pattern.length; at++) {
    const wanted = pattern[at];
    const deep = wanted === '*' && pattern[at + 1] === '*';
    const next = new Array(reached.length).fill(false);
    for (let i = 0; i < reached.length; i++) {
      next[i] = wanted === '*'
        ? reached[i] || (i > 0 && next[i - 1] && (deep || text[i - 1] !== '/'))
        : i > 0 && reached[i - 1] && (wanted === '?' ? text[i - 1] !== '/' : text[i - 1] === wanted);
    }
    reached = next;
    at += deep ? 1 : 0;
  }
  return reached[text.length];
}
