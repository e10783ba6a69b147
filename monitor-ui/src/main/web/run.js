// One run: what it is, what it waits for, its steps and their output, its tests, files and attempts.

import { h, link } from './dom.js';
import * as api from './api.js';
import * as live from './live.js';
import { artifactsOf, artifactsView } from './artifacts.js';
import { compareView } from './compare.js';
import { Questions } from './decide.js';
import { askCancel, askRerun, askStart } from './dialogs.js';
import { LockWatch } from './locks.js';
import { OnIt } from './mending.js';
import { outputOf } from './output.js';
import { mostTelling, pathsOf, treeOf, walk } from './plan.js';
import { runBar } from './runbar.js';
import { newSince, sinceView } from './since.js';
import { Soon } from './soon.js';
import { isBroken, isPipelineCode, lookOf, stateIcon } from './states.js';
import { StepTree } from './steptree.js';
import { TestsView } from './tests.js';
import { causeWord, fact, firstLine, loading, nameOf, numberOf, pipelinePage, ran, runPage, shortRef, StartNote, trouble, trustWords } from './parts.js';
import { duration, secondsBetween } from './time.js';
import { UsedLine } from './used.js';
import { may, needs } from './session.js';

/** A page that shows whatever tells most goes to another step this often at the most, in milliseconds. */
const FOLLOW_REST = 1000;
const SETTLE = 300;

export class RunPage {
  #run = null;
  #planned = { plan: null, paths: new Set() };
  #reread = null;
  #rereading = new Soon(SETTLE, () => this.#readAgain());
  #followed = { path: null, at: 0 };
  #following = null;
  #past = new Map();
  #problem = null;
  #said = null;
  #started;
  #used;
  #steps;
  #questions;
  #locks;
  #tests = new Map();
  #since = null;
  #pipeline = null;
  #onIt;
  #stops = [];

  constructor(app, id, step) {
    this.app = app;
    this.id = id;
    this.hears = id;
    this.title = id;
    this.#started = new StartNote(app);
    this.#used = new UsedLine(app);
    this.#onIt = new OnIt(app);
    this.#steps = new StepTree(app);
    this.#questions = new Questions(app, id, (run, words) => this.#answered(run, words), () => this.load());
    this.#locks = new LockWatch(() => app.refresh());
    this.#read(step);
  }

  enter() {
    this.#stops = [
      live.on('run', (run) => run.id === this.id && this.take(run)),
      live.on('pipeline', (view) => view.name === this.#run?.pipeline && this.#stands(view)),
      live.on('log', (log) => log.run === this.id && this.heard(log)),
      live.on('up', () => this.load()),
    ];
    this.load();
  }

  leave() {
    this.#stops.forEach((stop) => stop());
    this.#started.stop();
    this.#locks.stop();
    this.#rereading.stop();
    clearTimeout(this.#following);
  }

  /** Shows another step, attempt or part of the same run. */
  go(step) {
    this.#read(step);
    this.#loadPast();
    this.app.refresh();
  }

  #read(step) {
    const asked = new URLSearchParams(location.search);
    const number = (name) => (/^[1-9]\d{0,6}$/.test(asked.get(name) ?? '') ? Number(asked.get(name)) : null);
    this.step = step;
    this.part = asked.get('view');
    this.attempt = number('attempt');
    this.sides = [number('left'), number('right')];
  }

  /** Notes that a step has printed its first bytes: states do not tell that while it runs. */
  heard({ path, length }) {
    const step = this.#run?.steps?.find((known) => known.path === path);
    if (step && step.logBytes === 0) {
      this.take({ ...this.#run, steps: this.#run.steps.map((known) => (known === step ? { ...step, logBytes: length } : known)) });
    }
  }

  take(run) {
    if (this.#run && run.version < this.#run.version) {
      return;
    }
    const plan = run.plan ?? this.#run?.plan ?? null;
    const steps = run.steps?.length ? run.steps : this.#run?.steps ?? [];
    this.#run = { ...run, plan, steps, waits: run.waits ?? [], attempts: run.attempts ?? [] };
    this.title = `${lookOf(run.state, run.outcome).word} · ${nameOf(run)}`;
    if (run.state !== 'FINISHED' && this.#run.waits.some(({ what }) => what.kind === 'LOCK')) {
      this.#locks.start();
    } else {
      this.#locks.stop();
    }
    if (run.steps?.length && !run.plan) {
      this.#checkPlan();
    }
    this.#loadPast();
    this.app.refresh();
  }

  /** Changes come without the plan, which grows while the run goes on: it is read again when their steps are others. */
  #checkPlan() {
    const { plan, steps, attempt } = this.#run;
    if (this.#planned.plan !== plan) {
      this.#planned = { plan, paths: pathsOf(plan) };
    }
    const { paths } = this.#planned;
    if (steps.length === paths.size && steps.every((step) => paths.has(step.path))) {
      return;
    }
    const found = [attempt, ...steps.map((step) => step.path)].join('\n');
    if (this.#reread !== found) {
      this.#reread = found;
      this.#rereading.ask();
    }
  }

  async #readAgain() {
    try {
      this.take(await api.run(this.id));
    } catch {
      // Whatever is wrong is told by the stream; the next change asks again.
      this.#reread = null;
    }
  }

  async load() {
    try {
      const run = await api.run(this.id);
      this.#problem = null;
      this.take(run);
      this.#loadSince(run);
      this.#loadPipeline(run);
    } catch (e) {
      this.#problem = e;
      this.app.refresh();
    }
  }

  /** Asks what is new; runs before this one may end meanwhile, so the page asks again when it is loaded again. */
  #loadSince(run) {
    if (run.number > 1 && !isPipelineCode(run.pipeline)) {
      newSince(run).then((found) => {
        this.#since = found;
        this.app.refresh();
      }).catch(() => null);
    }
  }

  /** Asks how the pipeline of a broken run stands, for somebody may be on it; later changes come by themselves. */
  #loadPipeline(run) {
    if (isBroken(run.outcome)) {
      api.pipeline(run.pipeline).then((view) => this.#stands(view)).catch(() => null);
    }
  }

  #stands(view) {
    this.#pipeline = view;
    this.app.refresh();
  }

  /** Fetches the earlier attempts that are shown; they do not change any more. */
  #loadPast() {
    const wanted = this.part === 'compare' ? this.#compared() : [this.attempt];
    for (const number of wanted) {
      if (this.#run && number && number < this.#run.attempt && !this.#past.has(number)) {
        this.#past.set(number, {});
        api.attempt(this.id, number)
          .then((run) => this.#past.set(number, { run: { ...run, plan: run.plan ?? this.#run.plan, waits: [] } }))
          .catch((problem) => this.#past.set(number, { problem }))
          .finally(() => this.app.refresh());
      }
    }
  }

  #compared() {
    const last = this.#run?.attempt ?? 1;
    const known = (number, otherwise) => (number && number <= last ? number : otherwise);
    return [known(this.sides[0], Math.max(1, last - 1)), known(this.sides[1], last)];
  }

  async cancel() {
    if (await askCancel(this.id)) {
      this.#say('The run is asked to end.');
    }
  }

  async rerun(from) {
    const run = await askRerun(this.id, from);
    if (run) {
      this.#answered(run, `Attempt ${run.attempt} begins${from ? ` at ${from}` : ''}.`);
      this.app.visit(runPage(this.id));
    }
  }

  async again() {
    const { pipeline, source, ref, commit } = this.#run;
    const accepted = await askStart(pipeline, source, ref, commit);
    if (accepted) {
      this.#started.begin(accepted);
    }
  }

  #answered(run, words) {
    this.take(run);
    this.#say(words);
  }

  #say(words) {
    this.#said = { words, state: this.#run?.state };
    this.app.refresh();
  }

  view() {
    if (!this.#run) {
      return this.#problem ? trouble(this.#problem, () => this.load()) : loading(this.id);
    }
    const shown = this.#shown();
    return [
      this.#head(shown?.run ?? this.#run),
      this.#said && (this.#run.state !== 'FINISHED' || this.#said.state === 'FINISHED') ? h('p', { class: 'note', role: 'status', key: 'said' }, this.#said.words) : null,
      this.#started.view(),
      this.#problem ? trouble(this.#problem, () => this.load()) : null,
      this.#where() ? null : this.#questions.view(this.#run, new Map((this.#locks.locks ?? []).map((lock) => [lock.name, lock]))),
      runBar(shown?.run ?? this.#run, this.#run, { part: this.part, attempt: this.#where() }),
      shown === null ? h('p', { class: 'note' }, `There is no attempt ${this.attempt} of this run.`)
        : shown.run ? this.#body(shown.run)
          : shown.problem ? trouble(shown.problem, () => this.#past.delete(this.attempt) && this.#loadPast()) : loading(`attempt ${this.attempt}`),
    ];
  }

  /** The attempt that is shown: {run}, {problem}, {} while it is loaded, null if there is none. */
  #shown() {
    if (!this.attempt || this.attempt === this.#run.attempt) {
      return { run: this.#run };
    }
    return this.#past.get(this.attempt) ?? null;
  }

  /** What links to an earlier attempt say; null on the last one. */
  #where() {
    return this.attempt && this.attempt !== this.#run.attempt ? this.attempt : null;
  }

  #body(run) {
    const files = artifactsOf(run.steps);
    if (this.part === 'tests') {
      return this.#testsOf(run).view(run.steps);
    }
    if (this.part === 'artifacts' && files.length > 0) {
      return artifactsView(this.id, files, run === this.#run);
    }
    return this.part === 'compare' ? this.#compare() : this.#stepsAndOutput(run);
  }

  #testsOf(run) {
    const key = run.attempt;
    if (!this.#tests.has(key)) {
      this.#tests.set(key, new TestsView(this.app, this.id, run.pipeline, run === this.#run && run.attempt === 1 ? null : run.attempt));
    }
    return this.#tests.get(key);
  }

  #compare() {
    const numbers = Array.from({ length: this.#run.attempt }, (_, i) => i + 1);
    const [left, right] = this.#compared();
    const found = [left, right].map((number) => (number === this.#run.attempt ? { run: this.#run } : this.#past.get(number) ?? {}));
    const problem = found.find((side) => side.problem)?.problem;
    if (problem) {
      return trouble(problem, () => [left, right].forEach((number) => this.#past.delete(number)) ?? this.#loadPast());
    }
    return found.every((side) => side.run)
      ? compareView(found[0].run, found[1].run, {
          numbers, last: this.#run.attempt,
          choose: (a, b) => this.app.visit(runPage(this.id, null, { view: 'compare', left: a, right: b })),
        })
      : loading('attempts');
  }

  #stepsAndOutput(run) {
    const tree = treeOf(run);
    const chosen = this.#chosen(tree);
    const page = (path) => runPage(this.id, path, { attempt: this.#where() });
    return h('div', { class: 'run-body', key: 'steps' },
      h('section', { class: 'tree', 'aria-label': 'Steps' }, this.#steps.view(tree, { run, chosen, page, items: (node) => this.#menuOf(node) })),
      h('section', { class: 'log', 'aria-label': 'Output' }, outputOf(chosen, run, this.step, this.#where())));
  }

  #menuOf(node) {
    const over = this.#run.state === 'FINISHED' && !this.#where() && !isPipelineCode(this.#run.pipeline);
    const items = [];
    if (over && node.path && !node.role && may('OPERATOR')) {
      items.push({ label: 'Rerun from here…', act: () => this.rerun(node.path) });
    }
    if (node.tests) {
      items.push({ label: 'Tests', href: runPage(this.id, null, { view: 'tests', attempt: this.#where() }), stay: 'page' });
    }
    if (node.logBytes > 0) {
      items.push({ label: 'Download output', href: api.logAddress(this.id, node.path, { attempt: this.#where() }), download: '' });
    }
    return items;
  }

  #chosen(tree) {
    let found = null;
    if (this.step) {
      walk(tree, (node) => {
        found = node.path === this.step ? node : found;
      });
    }
    return found ?? (this.step ? null : this.#follow(tree));
  }

  /** The step that tells most; of a run of many quick steps not each of them, for each is asked for its output. */
  #follow(tree) {
    const best = mostTelling(tree);
    let shown = null;
    walk(tree, (node) => {
      shown = node.path && node.path === this.#followed.path ? node : shown;
    });
    const rest = this.#followed.at + FOLLOW_REST - performance.now();
    if (shown && best && shown !== best && rest > 0 && this.#run.state !== 'FINISHED') {
      clearTimeout(this.#following);
      this.#following = setTimeout(() => this.app.refresh(), rest);
      return shown;
    }
    if (best && best !== shown) {
      this.#followed = { path: best.path, at: performance.now() };
    }
    return best;
  }

  #head(run) {
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
          h('h1', {}, run.pipeline, ' ', h('span', { class: 'quiet' }, `#${this.#where() ? `${run.number}.${run.attempt}` : numberOf(run)}`)),
          h('p', { class: 'verdict' }, h('strong', {}, look.word), run.reason ? h('span', {}, firstLine(run.reason)) : null,
            run.cancelRequestedBy && !over ? h('span', {}, `${run.cancelRequestedBy} asked to cancel it`) : null)),
        h('div', { class: 'run-acts' },
          run.number > 1 ? link(runPage(`${run.pipeline}#${run.number - 1}`), { class: 'button' }, '← Earlier run') : null,
          this.#acts(over)),
      ),
      h('p', { class: 'message' }, run.cause?.message ?? ''),
      this.#facts(run),
      this.#since ? sinceView(this.#since) : null,
    ];
  }

  #acts(over) {
    if (this.#where()) {
      return link(runPage(this.id), { class: 'button', 'data-stay': 'page' }, 'Last attempt →');
    }
    if (!over) {
      return h('button', { type: 'button', class: 'danger', onclick: () => this.cancel(), ...needs('OPERATOR') }, 'Cancel');
    }
    return isPipelineCode(this.#run.pipeline) ? null : [
      h('button', { type: 'button', onclick: () => this.again(), title: 'Starts another run of this pipeline', ...needs('OPERATOR') }, 'New run…'),
      h('button', { type: 'button', class: 'rerun', onclick: () => this.rerun(null), title: 'Another attempt of this run', ...needs('OPERATOR') }, 'Rerun…'),
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
      fact(over ? 'Took' : run.state === 'WAITING' ? 'Began' : 'Runs for',
        !run.startedAt ? 'not begun' : run.state === 'WAITING' ? h('pw-ago', { at: run.startedAt }) : ran(run)),
      fact('In the queue', run.startedAt ? duration(secondsBetween(run.queuedAt, run.startedAt)) : h('pw-elapsed', { from: run.queuedAt, to: run.finishedAt })),
      run.cause?.by ? fact('By', run.cause.by) : null,
      fact('Cause', cause),
      run.cause?.note ? fact('Note', run.cause.note) : null,
      trustWords(run.origin) ? fact('From', trustWords(run.origin)) : null,
      fact('Ref', h('span', { title: run.ref }, shortRef(run.ref))),
      fact('Commit', h('code', { title: run.commit }, String(run.commit).slice(0, 10))),
      fact('Queued', h('pw-ago', { at: run.queuedAt })),
      isBroken(run.outcome) && isBroken(this.#pipeline?.outcome) ? fact('Who is on it', this.#onIt.view(this.#pipeline)) : null,
      this.#used.view(run),
      run.image ? fact('Image', h('code', { class: 'cut', title: run.image }, run.image.replace(/@sha256:.*/, ''))) : null,
    );
  }
}
