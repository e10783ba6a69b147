// Dialogs for what changes something: start, cancel, rerun. Who is not signed in is asked to first.

import { h, patch } from './dom.js';
import * as api from './api.js';
import * as session from './session.js';

/**
 * Asks for `fields` ({name, label, value, hint, required}; with `choices` [value, word] a choice,
 * with `rows` several lines; with `when(values)` only while that is true; `hint` may be made of the
 * values) and calls `act(values)`. The dialog stays open with the problem until it works or is left.
 * Resolves to what `act` gave, or null.
 */
export async function ask(question) {
  return (session.who() !== null || (await session.signIn())) ? asked(question) : null;
}

function asked({ title, text, fields = [], label, danger = false, act }) {
  return new Promise((resolve) => {
    const dialog = h('dialog', { 'aria-labelledby': 'dialog-title' });
    let problem = null;
    let busy = false;

    const finish = (result) => {
      dialog.close();
      dialog.remove();
      resolve(result);
    };

    const submit = async (event) => {
      event.preventDefault();
      const values = Object.fromEntries(new FormData(event.target));
      busy = true;
      problem = null;
      show();
      try {
        finish(await act(values));
      } catch (e) {
        busy = false;
        problem = e;
        show();
      }
    };

    const given = () => ({
      ...Object.fromEntries(fields.map(({ name, value }) => [name, value])),
      ...Object.fromEntries(new FormData(dialog.querySelector('form') ?? undefined)),
    });

    const field = ({ name, label: caption, value, hint, rows, choices, type = 'text', required = false }, values) => {
      const common = { name, required, autocomplete: 'off', spellcheck: 'false' };
      return h(
        'label',
        { key: name },
        h('span', {}, caption),
        choices
          ? h('select', common, choices.map(([choice, word]) => h('option', { value: choice, selected: choice === value }, word)))
          : rows ? h('textarea', { ...common, rows }) : h('input', { ...common, type, value }),
        hint ? h('small', {}, typeof hint === 'function' ? hint(values) : hint) : null,
      );
    };

    const show = () => {
      const values = given();
      patch(
        dialog,
        h(
          'form',
          { onsubmit: submit, onchange: show },
          h('h2', { id: 'dialog-title' }, title),
          text ? h('p', {}, text) : null,
          fields.filter(({ when }) => !when || when(values)).map((spec) => field(spec, values)),
          problem
            ? h('p', { class: 'problem', role: 'alert' }, problem.message, problem.detail ? ` ${problem.detail}` : '')
            : null,
          h(
            'div',
            { class: 'dialog-end' },
            problem?.status === 403 ? h('button', { type: 'button', onclick: session.signIn }, 'Sign in as somebody else') : null,
            h('button', { type: 'button', onclick: () => finish(null) }, 'Leave it'),
            h('button', { type: 'submit', class: danger ? 'danger' : 'primary', disabled: busy }, busy ? 'One moment…' : label),
          ),
        ),
      );
    };

    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      finish(null);
    });
    document.body.append(dialog);
    show();
    dialog.showModal();
  });
}

/** Asks to start a pipeline; resolves to the accepted delivery or null. */
export function askStart(pipeline, source, ref, commit) {
  return ask({
    title: `Start ${pipeline}`,
    label: 'Start',
    fields: [
      { name: 'ref', label: 'Branch or tag', value: ref, hint: 'Empty means the default branch.' },
      { name: 'commit', label: 'Commit', value: commit, hint: 'Empty means the newest one.' },
    ],
    act: ({ ref: wantedRef, commit: wantedCommit }) =>
      api.start({
        pipeline,
        source,
        ref: wantedRef.trim() || null,
        commit: wantedCommit.trim() || null,
        parameters: null,
      }),
  });
}

/** Asks to cancel a run; resolves to the answer or null. */
export function askCancel(run) {
  return ask({
    title: `Cancel ${run}?`,
    text: 'Running steps are stopped. Steps that must run in any case still do.',
    label: 'Cancel the run',
    danger: true,
    fields: [{ name: 'reason', label: 'Reason', value: '', hint: 'Shown with the run.' }],
    act: async ({ reason }) => (await api.cancel(run, reason.trim() || null)) ?? {},
  });
}

/** Asks for a further attempt of a finished run, `from` a step or from the start; resolves to the run or null. */
export function askRerun(run, from) {
  return ask({
    title: from ? `Rerun ${run} from ${from}?` : `Rerun ${run}?`,
    text: from
      ? 'A further attempt with the same commit and the same pipeline code. What was done before this step stays done.'
      : 'A further attempt with the same commit and the same pipeline code, from the start.',
    label: 'Rerun',
    fields: [{ name: 'reason', label: 'Reason', value: '', hint: 'Shown with the attempt.' }],
    act: ({ reason }) => api.rerun(run, from, reason.trim() || null),
  });
}

/** Asks to take a lock from the run that holds it; resolves to an answer or null. */
export function askRelease(lock, owner) {
  return ask({
    title: `Take ${lock} from ${owner}?`,
    text: 'The next run in line gets it at once. Do this only if the holder is not at work under it.',
    label: 'Take it away',
    danger: true,
    act: async () => (await api.release(lock)) && {},
  });
}

/** Asks to work on a delivery once more; resolves to the delivery or null. */
export function askReplay(delivery) {
  return ask({
    title: 'Replay this delivery?',
    text: 'What has led to a run leads to the same run; what failed is tried again.',
    label: 'Replay',
    act: () => api.replay(delivery),
  });
}
