// What a line that tells of an error looks like, whatever tool has printed it.

const COLOURS = /\u001b\[[0-9;]*m/g;
const CLASSES = /(?:^|[^\w-])[\w.]*(?:Error|Exception)(?![\w-])/;
const WORDS = /(?:^|[^\w-])(?:errors?|fatal|panic(?:ked)?|fail(?:ed|ures?)?|cannot find symbol|command not found|no such file or directory)(?![\w-])/i;
const NONE = /(?:\b(?:0|no|without) (?:errors?|failures?|failed)|(?:errors?|failures?|failed): *0\b)/gi;

/** True for a line such as `error: x is not defined`, false for `0 errors`. */
export function isError(line) {
  const words = line.replace(COLOURS, '').replace(NONE, '');
  return WORDS.test(words) || CLASSES.test(words);
}
