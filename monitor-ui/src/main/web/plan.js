// The plan of a run and the states of its steps as one tree.

import { fold } from './states.js';

const QUIET_KINDS = {
  inParallel: 'in parallel',
  sequence: 'in sequence',
  onBranch: 'on branch',
  onlyIf: 'only if',
  withLock: 'with lock',
  withCheckout: 'with checkout',
  inParallelFor: 'in parallel',
  anyOf: 'first to succeed',
  choose: 'either',
};

/**
 * The tree of a run. A node: {key, path, name, kind, detail, role, phase, outcome, reason,
 * startedAt, finishedAt, attempt, attempts, allowFailure, logBytes, artifacts, tests, needs, children}.
 * `role` is null, `onFailure` or `ensure`. Steps that the plan does not know are put below the
 * step whose path they continue.
 */
export function treeOf(run) {
  const steps = new Map((run.steps ?? []).map((step) => [step.path, step]));
  const used = new Set();
  const nodes = (run.plan?.steps ?? []).map((step, i) => nodeOf(step, null, `${i}`, steps, used));
  const byPath = new Map();
  walk(nodes, (node) => node.path && byPath.set(node.path, node));
  for (const step of run.steps ?? []) {
    if (!used.has(step.path)) {
      const node = leaf(step);
      const parent = byPath.get(step.path.slice(0, Math.max(0, step.path.lastIndexOf('/'))));
      (parent ? parent.children : nodes).push(node);
      byPath.set(step.path, node);
    }
  }
  nodes.forEach(settle);
  return nodes;
}

/** Calls `visit` for every node, parents first. */
export function walk(nodes, visit) {
  for (const node of nodes) {
    visit(node);
    walk(node.children, visit);
  }
}

/** The paths of all steps of a plan. */
export function pathsOf(plan) {
  const found = new Set();
  const visit = (steps) => (steps ?? []).forEach((step) => {
    if (step.path) {
      found.add(step.path);
    }
    [step.steps, step.onFailure, step.ensure].forEach(visit);
  });
  visit(plan?.steps);
  return found;
}

/** The steps that have output of their own, in order. */
export function leavesOf(nodes) {
  const found = [];
  walk(nodes, (node) => node.path && node.children.every((c) => c.role) && found.push(node));
  return found;
}

/**
 * The step a reader wants to see first: the broken one, else the running (rather one that has
 * printed something), else the last begun.
 */
export function mostTelling(nodes) {
  const leaves = leavesOf(nodes);
  const broken = (node) =>
    ['FAILED', 'ERRORED', 'TIMED_OUT'].includes(node.outcome) && !node.allowFailure;
  const begun = leaves.filter((node) => node.startedAt);
  return (
    leaves.find((node) => broken(node) && !node.role) ??
    leaves.find(broken) ??
    begun.findLast((node) => node.phase === 'RUNNING' && node.logBytes > 0) ??
    begun.findLast((node) => node.phase === 'RUNNING') ??
    begun.findLast((node) => node.logBytes > 0) ??
    begun.at(-1) ??
    null
  );
}

function nodeOf(step, role, at, steps, used) {
  const snapshot = step.path ? steps.get(step.path) : null;
  if (snapshot) {
    used.add(step.path);
  }
  const below = (list, childRole, mark) =>
    (list ?? []).map((child, i) => nodeOf(child, childRole, `${at}${mark}${i}`, steps, used));
  return {
    key: step.path ?? `#${at}`,
    path: step.path ?? null,
    name: step.path ? step.path.slice(step.path.lastIndexOf('/') + 1) : QUIET_KINDS[step.kind] ?? step.kind,
    kind: step.kind,
    detail: step.detail ?? '',
    role,
    attempts: step.attempts ?? 1,
    needs: step.needs ?? null,
    allowFailure: step.allowFailure === true,
    ...stateOf(snapshot),
    children: [
      ...below(step.steps, null, '.'),
      ...below(step.onFailure, 'onFailure', 'f'),
      ...below(step.ensure, 'ensure', 'e'),
    ],
  };
}

function leaf(step) {
  return {
    key: step.path,
    path: step.path,
    name: step.path.slice(step.path.lastIndexOf('/') + 1),
    kind: step.kind ?? '',
    detail: '',
    role: null,
    attempts: 1,
    needs: null,
    allowFailure: step.allowFailure === true,
    ...stateOf(step),
    children: [],
  };
}

function stateOf(snapshot) {
  return {
    known: Boolean(snapshot),
    phase: snapshot?.state ?? 'PENDING',
    outcome: snapshot?.outcome ?? null,
    reason: snapshot?.reason ?? null,
    startedAt: snapshot?.startedAt ?? null,
    finishedAt: snapshot?.finishedAt ?? null,
    attempt: snapshot?.attempt ?? 1,
    logBytes: snapshot?.logBytes ?? 0,
    artifacts: snapshot?.artifacts ?? [],
    tests: snapshot?.tests ?? null,
  };
}

/** Gives containers without a state of their own the folded state of what they contain. */
function settle(node) {
  node.children.forEach(settle);
  if (node.known || node.children.length === 0) {
    return;
  }
  const counted = node.children.filter((child) => child.role !== 'onFailure');
  Object.assign(node, fold(counted));
  // All skipped counts as succeeded, but a reader should see that nothing was done.
  if (counted.length > 0 && counted.every((child) => child.outcome === 'SKIPPED')) {
    node.outcome = 'SKIPPED';
  }
  const begun = node.children.map((child) => child.startedAt).filter(Boolean).sort();
  const ends = node.children.map((child) => child.finishedAt).filter(Boolean).sort();
  node.startedAt = begun[0] ?? null;
  node.finishedAt = node.phase === 'FINISHED' ? ends.at(-1) ?? null : null;
}
