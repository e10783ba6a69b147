// A plan as lines of text, and what differs between two plans.

const MOST = 1500;

/** The lines of `plan`: what starts it, then its steps, indented by what contains them. */
export function planLines(plan) {
  const lines = (plan.triggers ?? []).map((trigger) => `on ${trigger.on}${values(without(trigger, 'on'))}`);
  if (plan.image) {
    lines.push(`image ${plan.image}`);
  }
  if (plan.concurrency) {
    lines.push(...(plan.concurrency.atMost ? [`at most ${plan.concurrency.atMost} at once`] : []),
      ...(plan.concurrency.superseded && plan.concurrency.superseded !== 'KEPT' ? [`superseded runs: ${plan.concurrency.superseded.toLowerCase().replaceAll('_', ' ')}`] : []));
  }
  plan.steps.forEach((step) => add(lines, step, 0, ''));
  return lines;
}

function add(lines, step, depth, role) {
  const name = step.path ? step.path.split('/').at(-1) : '';
  const more = [
    step.detail && step.detail !== name ? step.detail : '',
    step.allowFailure ? '[may fail]' : '',
    step.timeoutSeconds ? `[at most ${step.timeoutSeconds} s]` : '',
    step.attempts > 1 ? `[${step.attempts} attempts]` : '',
    step.needs ? needs(step.needs) : '',
  ].filter(Boolean).join('  ');
  lines.push(`${'  '.repeat(depth)}${role}${[step.kind, name].filter(Boolean).join(' ')}${more ? `  ${more}` : ''}`);
  step.steps.forEach((child) => add(lines, child, depth + 1, ''));
  step.onFailure.forEach((child) => add(lines, child, depth + 1, 'on failure: '));
  step.ensure.forEach((child) => add(lines, child, depth + 1, 'always: '));
}

function needs(asked) {
  return [
    ['secrets', asked.secrets], ['locks', asked.locks], ['services', asked.services], ['keeps', asked.keeps],
    ['image', asked.image ? [asked.image] : []], ['once at the most', asked.atMostOnce ? [''] : []],
  ].filter(([, names]) => names?.length).map(([word, names]) => `[${[word, names.join(', ')].join(' ').trim()}]`).join('  ');
}

function without(object, name) {
  const { [name]: unused, ...rest } = object;
  return rest;
}

/** The words of whatever a trigger says, in their order. */
function values(thing) {
  const found = [];
  const visit = (value, name) => {
    if (Array.isArray(value)) {
      value.forEach((one) => visit(one, name));
    } else if (value !== null && typeof value === 'object') {
      Object.entries(value).forEach(([key, one]) => visit(one, key));
    } else if (value !== null && value !== undefined && value !== '') {
      found.push(name === 'ignored' ? `!${value}` : String(value));
    }
  };
  visit(thing, '');
  return found.length ? ` ${found.join(' ')}` : '';
}

/** `old` and `fresh` as one list: {mark, text}, mark being ' ', '-' or '+'; null if they are too long to compare. */
export function differences(old, fresh) {
  if (old.length > MOST || fresh.length > MOST) {
    return null;
  }
  // The usual table of the longest common part, filled from the end.
  const width = fresh.length + 1;
  const common = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      common[i * width + j] = old[i] === fresh[j]
        ? common[(i + 1) * width + j + 1] + 1
        : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  const found = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      found.push({ mark: ' ', text: old[i] });
      i += 1;
      j += 1;
    } else if (j === fresh.length || (i < old.length && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      found.push({ mark: '-', text: old[i++] });
    } else {
      found.push({ mark: '+', text: fresh[j++] });
    }
  }
  return found;
}
