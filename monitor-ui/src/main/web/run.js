// One run: what it is, its plan as a tree with live states, and the output of one step.

import { h, link, svg } from './dom.js';
import * as api from './api.js';
import * as live from './live.js';
import { askCancel, askStart } from './dialogs.js';
import { leavesOf, mostTelling, treeOf, walk } from './plan.js';
import { isBroken, isPipelineCode, lookOf, stateIcon } from './states.js';
import { badge, causeWord, firstLine, loading, pipelinePage, ran, runPage, shortRef, StartNote, trouble } from './parts.js';
import { duration, now, secondsBetween } from './time.js';
import './logview.js';

export class RunPage {
  #run = null;
  #tree = [];
  #problem = null;
  #started;
  #cancelling = false;
  #folded = new Set();
  #stops = [];

  constructor(app, id, step) {
    this.app = app;
    this.id = id;
    this.step = step;
    this.title = id;
    this.#started = new StartNote(app);
  }

  enter() {
    this.#stops = [
      live.on('run', (run) => run.id === this.id && this.take(run)),
      live.on('log', (log) => log.run === this.id && this.heard(log)),
      live.on('up', () => this.load()),
    ];
    this.load();
  }

  leave() {
    this.#stops.forEach((stop) => stop());
    this.#started.stop();
  }

  /** Notes that a step has printed its first bytes: states do not tell that while it runs. */
  heard({ path, length }) {
    const step = this.#run?.steps?.find((known) => known.path === path);
    if (step && step.logBytes === 0) {
      this.take({ ...this.#run, steps: this.#run.steps.map((known) => (known === step ? { ...step, logBytes: length } : known)) });
    }
  }

  /** Shows another step of the same run. */
  go(step) {
    this.step = step;
    this.app.refresh();
  }

  take(run) {
    if (this.#run && run.version < this.#run.version) {
      return;
    }
    const plan = run.plan ?? this.#run?.plan ?? null;
    const steps = run.steps?.length ? run.steps : this.#run?.steps ?? [];
    this.#run = { ...run, plan, steps };
    this.#tree = treeOf(this.#run);
    this.title = `${lookOf(run.state, run.outcome).word} · ${run.id}`;
    this.app.refresh();
  }

  async load() {
    try {
      const run = await api.run(this.id);
      this.#problem = null;
      this.take(run);
    } catch (e) {
      this.#problem = e;
      this.app.refresh();
    }
  }

  async cancel() {
    if (await askCancel(this.id)) {
      this.#cancelling = true;
      this.app.refresh();
    }
  }

  async again() {
    const { pipeline, source, ref, commit } = this.#run;
    const accepted = await askStart(pipeline, source, ref, commit);
    if (accepted) {
      this.#started.begin(accepted);
    }
  }

  view() {
    if (!this.#run) {
      return this.#problem ? trouble(this.#problem, () => this.load()) : loading(this.id);
    }
    const chosen = this.#chosen();
    return [
      this.#head(),
      this.#cancelling && this.#run.state !== 'FINISHED' ? h('p', { class: 'note', role: 'status' }, 'The run is asked to end.') : null,
      this.#started.view(),
      this.#problem ? trouble(this.#problem, () => this.load()) : null,
      h(
        'div',
        { class: 'run-body' },
        h('section', { class: 'tree', 'aria-label': 'Steps' }, this.#steps(chosen)),
        h('section', { class: 'log', 'aria-label': 'Output' }, this.#log(chosen)),
      ),
    ];
  }

  #chosen() {
    let found = null;
    if (this.step) {
      walk(this.#tree, (node) => {
        found = node.path === this.step ? node : found;
      });
    }
    return found ?? (this.step ? null : mostTelling(this.#tree));
  }

  #head() {
    const run = this.#run;
    const look = lookOf(run.state, run.outcome);
    const over = run.state === 'FINISHED';
    return [
      h('nav', { class: 'crumbs', 'aria-label': 'Where you are' },
        link('/', {}, 'Pipelines'), ' / ', link(pipelinePage(run.pipeline), {}, run.pipeline)),
      h(
        'div',
        { class: `page-head run-head s-${look.key}` },
        h('span', { class: 'big-icon' }, stateIcon(look.key)),
        h('div', { class: 'run-title' },
          h('h1', {}, run.pipeline, ' ', h('span', { class: 'quiet' }, `#${run.number}${run.attempt > 1 ? `.${run.attempt}` : ''}`)),
          h('p', { class: 'verdict' }, h('strong', {}, look.word), run.reason ? h('span', {}, firstLine(run.reason)) : null,
            run.cancelRequestedBy && !over ? h('span', {}, `${run.cancelRequestedBy} asked to cancel it`) : null)),
        h('div', { class: 'run-acts' },
          run.number > 1 ? link(runPage(`${run.pipeline}#${run.number - 1}`), { class: 'button' }, '← Earlier run') : null,
          over
            ? isPipelineCode(run.pipeline) ? null : h('button', { type: 'button', onclick: () => this.again() }, 'Start again')
            : h('button', { type: 'button', class: 'danger', onclick: () => this.cancel() }, 'Cancel')),
      ),
      h('p', { class: 'message' }, run.cause?.message ?? ''),
      this.#facts(run),
    ];
  }

  #facts(run) {
    const over = run.state === 'FINISHED';
    const cause = run.cause?.delivery
      ? link(`/deliveries?id=${encodeURIComponent(run.cause.delivery)}`, {}, causeWord(run.cause))
      : causeWord(run.cause);
    return h(
      'dl',
      { class: 'facts' },
      fact(over ? 'Took' : 'Runs for', run.startedAt ? ran(run) : 'not begun'),
      fact('In the queue', run.startedAt ? duration(secondsBetween(run.queuedAt, run.startedAt)) : h('pw-elapsed', { from: run.queuedAt, to: run.finishedAt })),
      run.cause?.by ? fact('By', run.cause.by) : null,
      fact('Cause', cause),
      fact('Ref', h('span', { title: run.ref }, shortRef(run.ref))),
      fact('Commit', h('code', { title: run.commit }, String(run.commit).slice(0, 10))),
      fact('Queued', h('pw-ago', { at: run.queuedAt })),
      run.image ? fact('Image', h('code', { class: 'cut', title: run.image }, run.image.replace(/@sha256:.*/, ''))) : null,
    );
  }

  #steps(chosen) {
    if (this.#tree.length === 0) {
      return h('p', { class: 'quiet' }, 'The plan of this run is not known.');
    }
    const foldable = [];
    walk(this.#tree, (node) => node.children.length > 0 && foldable.push(node.key));
    return [
      h('div', { class: 'tree-head' }, h('h2', {}, 'Steps'), this.#counts(),
        foldable.length > 1
          ? h('button', { type: 'button', class: 'small', onclick: () => this.foldAll(foldable) }, this.#folded.size ? 'Unfold all' : 'Fold all')
          : null),
      h('ul', { class: 'steps' }, this.#tree.map((node) => this.#node(node, chosen))),
    ];
  }

  foldAll(keys) {
    this.#folded = this.#folded.size ? new Set() : new Set(keys);
    this.app.refresh();
  }

  #counts() {
    const leaves = leavesOf(this.#tree);
    const done = leaves.filter((node) => node.phase === 'FINISHED').length;
    return h('span', { class: 'quiet' }, `${done} of ${leaves.length} done`);
  }

  #node(node, chosen) {
    const look = lookOf(node.phase, node.outcome);
    const folded = this.#folded.has(node.key);
    const stage = node.children.some((child) => !child.role);
    const body = [
      stateIcon(look.key, look.word),
      h('span', { class: 'step-name' }, node.name),
      node.role ? h('span', { class: 'tag' }, node.role === 'ensure' ? 'always' : 'on failure') : null,
      node.allowFailure ? h('span', { class: 'tag' }, 'may fail') : null,
      node.attempt > 1 ? h('span', { class: 'tag' }, `attempt ${node.attempt} of ${node.attempts}`) : null,
      stage && node.detail && node.detail !== node.name ? h('span', { class: 'step-detail', title: node.detail }, node.detail) : null,
      isBroken(node.outcome) ? h('span', { class: 'step-word' }, look.word) : null,
    ];
    const line = node.path && !stage
      ? link(runPage(this.id, node.path), { class: 'step', 'aria-current': node === chosen ? 'true' : null, 'data-stay': 'true' }, body)
      : h('button', { type: 'button', class: 'step', 'aria-expanded': String(!folded), onclick: () => this.fold(node.key) },
          h('span', { class: 'fold', 'aria-hidden': 'true' }, folded ? '▸' : '▾'), body);
    return h(
      'li',
      { class: `step-node s-${look.key}${stage ? ' stage' : ''}${node === chosen ? ' chosen' : ''}`, key: node.key },
      h('div', { class: 'step-line' }, line, this.#when(node),
        h('span', { class: 'step-time' }, node.startedAt ? h('pw-elapsed', { from: node.startedAt, to: node.finishedAt }) : null)),
      folded || node.children.length === 0 ? null : h('ul', {}, node.children.map((child) => this.#node(child, chosen))),
    );
  }

  fold(key) {
    if (!this.#folded.delete(key)) {
      this.#folded.add(key);
    }
    this.app.refresh();
  }

  /** Where in the time of the run a step ran. */
  #when(node) {
    const begin = Date.parse(this.#run.startedAt);
    const whole = (Date.parse(this.#run.finishedAt) || now()) - begin;
    if (!node.startedAt || !(whole > 0)) {
      return h('span', { class: 'when' });
    }
    const percent = (at) => Math.min(100, Math.max(0, ((at - begin) / whole) * 100));
    const x = percent(Date.parse(node.startedAt));
    const width = Math.max(1.5, percent(Date.parse(node.finishedAt) || now()) - x);
    return svg('svg', { class: 'when', 'aria-hidden': 'true' },
      svg('rect', { class: 'whole', width: '100%', height: '100%', rx: 2 }),
      svg('rect', { class: 'part', x: `${Math.min(x, 98.5)}%`, width: `${width}%`, height: '100%', rx: 2 }));
  }

  #log(chosen) {
    if (!chosen) {
      return h('p', { class: 'note' }, this.step
        ? `There is no step “${this.step}” in this run.`
        : 'Output appears here as soon as a step begins. Choose a step to see its own.');
    }
    const look = lookOf(chosen.phase, chosen.outcome);
    return [
      h('div', { class: 'log-head' },
        badge(look), h('h2', {}, chosen.path),
        chosen.startedAt ? h('span', { class: 'quiet' }, h('pw-elapsed', { from: chosen.startedAt, to: chosen.finishedAt })) : null,
        this.step ? null : h('span', { class: 'tag' }, isBroken(chosen.outcome) ? 'what broke' : 'newest')),
      chosen.detail ? h('code', { class: 'log-command' }, chosen.detail) : null,
      chosen.reason ? h('p', { class: `reason s-${look.key}` }, chosen.reason) : null,
      chosen.artifacts.length
        ? h('p', { class: 'artifacts' }, 'Artifacts: ', chosen.artifacts.map((file) =>
            h('a', { href: api.artifactAddress(this.id, file.path), download: '' }, file.path)))
        : null,
      h('pw-log', {
        key: `log ${this.id} ${chosen.path}`, run: this.id, step: chosen.path, phase: chosen.phase, bytes: String(chosen.logBytes),
      }),
    ];
  }
}

function fact(name, ...value) {
  return h('div', {}, h('dt', {}, name), h('dd', {}, ...value));
}

