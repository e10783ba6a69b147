// A form made of the typed values that somebody may give, and what is wrong with them.

import { h } from './dom.js';

const AT_A_GLANCE = 4;

/**
 * The fields for `specs` ({name, kind, description, choices, defaultValue}). `problems` maps names
 * to what is wrong; `prefix` makes the ids of this form its own.
 */
export function fieldsOf(specs, problems, prefix) {
  return specs.map((spec, i) => field(spec, problems.get(spec.name) ?? null, `${prefix}-${i}`));
}

/** What the reader has entered, as text by name. What was left blank and has no default is not in it. */
export function valuesOf(form, specs) {
  const data = new FormData(form);
  const values = new Map();
  for (const spec of specs) {
    const given = data.get(fieldName(spec));
    if (isSwitch(spec)) {
      values.set(spec.name, given === null ? 'false' : 'true');
    } else if (given !== null && (given !== '' || (spec.kind === 'TEXT' && spec.defaultValue !== null))) {
      values.set(spec.name, given);
    }
  }
  return values;
}

/** What must be said before anything is sent: the required values that are not there. */
export function missing(specs, values) {
  return new Map(specs
    .filter((spec) => spec.defaultValue === null && !values.has(spec.name))
    .map((spec) => [spec.name, spec.kind === 'TEXT' ? 'A value is needed.' : 'Choose one.']));
}

/**
 * The problem of a refused answer, sorted: `fields` maps names to the sentences that begin with
 * that name in quotes, `rest` is what belongs to no field. Where the fields say it all, the advice
 * in the detail is left out.
 */
export function sorted(specs, problem) {
  const fields = new Map();
  const names = specs.map((spec) => `'${spec.name}' `);
  const sort = (text) => sentencesOf(text ?? '', names).filter((sentence) => {
    const at = names.findIndex((name) => sentence.startsWith(name));
    if (at >= 0) {
      const said = sentence.slice(names[at].length);
      fields.set(specs[at].name, said.charAt(0).toUpperCase() + said.slice(1));
    }
    return at < 0;
  });
  const title = sort(problem.message);
  const said = title.length === 0 && fields.size > 0;
  const detail = sort(problem.detail);
  return { fields, rest: said ? [] : [...title, ...detail] };
}

/** Cuts at line ends, and before each sentence that begins with one of `names`. */
function sentencesOf(text, names) {
  const found = [];
  for (const line of text.split('\n')) {
    let from = 0;
    for (let at = line.indexOf('. '); at >= 0; at = line.indexOf('. ', at + 1)) {
      if (names.some((name) => line.startsWith(name, at + 2))) {
        found.push(line.slice(from, at + 1));
        from = at + 2;
      }
    }
    found.push(line.slice(from));
  }
  return found.map((sentence) => sentence.trim()).filter(Boolean);
}

const fieldName = (spec) => `value ${spec.name}`;
const isSwitch = (spec) => spec.kind === 'BOOL' && spec.defaultValue !== null;

function field(spec, problem, id) {
  const hints = [spec.description ? `${id}-hint` : null, problem ? `${id}-problem` : null].filter(Boolean);
  const common = {
    name: fieldName(spec), autocomplete: 'off', spellcheck: 'false',
    'aria-invalid': problem ? 'true' : null, 'aria-describedby': hints.length ? hints.join(' ') : null,
  };
  const required = spec.defaultValue === null ? h('span', { class: 'needed' }, 'required') : null;
  const texts = [
    spec.description ? h('small', { id: `${id}-hint` }, spec.description) : null,
    problem ? h('p', { class: 'wrong', id: `${id}-problem`, role: 'alert' }, problem) : null,
  ];
  const whole = { class: `field${problem ? ' is-wrong' : ''}`, key: spec.name };
  if (isSwitch(spec)) {
    return h('div', whole,
      h('label', { class: 'choice' }, h('input', { ...common, type: 'checkbox', checked: spec.defaultValue === 'true' }), h('span', {}, spec.name)),
      texts);
  }
  const choices = spec.kind === 'BOOL' ? [['true', 'yes'], ['false', 'no']] : spec.choices.map((choice) => [choice, choice]);
  if (spec.kind !== 'TEXT' && choices.length <= AT_A_GLANCE) {
    return h('fieldset', whole, h('legend', {}, spec.name, required),
      h('div', { class: 'choices' }, choices.map(([value, word]) =>
        h('label', { class: 'choice' }, h('input', { ...common, type: 'radio', value, checked: value === spec.defaultValue }), h('span', {}, word)))),
      texts);
  }
  return h('div', whole,
    h('label', { for: id }, spec.name, required),
    spec.kind === 'TEXT'
      ? h('input', { ...common, id, type: 'text', value: spec.defaultValue ?? '' })
      : h('select', { ...common, id },
          spec.defaultValue === null ? h('option', { value: '' }, 'Choose…') : null,
          choices.map(([value, word]) => h('option', { value, selected: value === spec.defaultValue }, word))),
    texts);
}
