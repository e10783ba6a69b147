// The files that a run kept.

import { h } from './dom.js';
import { artifactAddress } from './api.js';
import { counted } from './parts.js';

/** `512 B`, `1.5 kB`, `2.0 MB`. */
export function bytesInWords(bytes) {
  if (bytes < 1000) {
    return `${bytes} B`;
  }
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Every kept file of `steps`: {step, path, digest, size}. */
export function artifactsOf(steps) {
  return steps.flatMap(({ path: step, artifacts }) => artifacts.map((file) => ({ step, ...file })));
}

/** A file with its size; only those of the last attempt have an address. */
export function artifactLink(run, file, last) {
  return [
    last
      ? h('a', { href: artifactAddress(run, file.path), download: '', title: file.digest }, file.path)
      : h('span', { title: file.digest }, file.path),
    ' ', h('span', { class: 'quiet' }, bytesInWords(file.size)),
  ];
}

/** All files in a table. */
export function artifactsView(run, files, last) {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return h('section', { class: 'panel', key: 'artifacts', 'aria-label': 'Artifacts' },
    h('div', { class: 'tree-head' }, h('h2', {}, 'Artifacts'),
      h('span', { class: 'quiet' }, `${counted(files.length, 'file')}, ${bytesInWords(size)}`)),
    last ? null : h('p', { class: 'hint quiet' }, 'Files of the last attempt can be downloaded; of this one, only their names and sizes are shown.'),
    h('ul', { class: 'files' }, files.map((file) =>
      h('li', { key: `${file.step} ${file.path}` },
        h('span', { class: 'file-name' }, last
          ? h('a', { href: artifactAddress(run, file.path), download: '', title: file.digest }, file.path)
          : h('span', { title: file.digest }, file.path)),
        h('span', { class: 'quiet file-step' }, file.step),
        h('span', { class: 'file-size' }, bytesInWords(file.size))))));
}
