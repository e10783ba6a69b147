// What each kind of forge must be told so that its webhooks come here.

import { h } from './dom.js';
import { command } from './parts.js';

/** The kinds of forges: the word on the wire and the name. */
export const FORGES = [
  ['plain-git', 'plain Git, without a forge'], ['github', 'GitHub'], ['gitlab', 'GitLab'], ['gitea', 'Gitea'], ['forgejo', 'Forgejo'],
  ['gogs', 'Gogs'], ['bitbucket-cloud', 'Bitbucket Cloud'], ['bitbucket-datacenter', 'Bitbucket Data Center'], ['gerrit', 'Gerrit'],
];

const code = (text) => h('code', { class: 'cut' }, text);

/** The address that takes the webhooks of a source. */
export const hookAddress = (source) => `${location.origin}/hooks/${encodeURIComponent(source.name)}`;

/** The steps for `source` as contents of list items; `secret` is what was just set, null if it is not known here. */
export function howTo(source, secret) {
  const told = secret ? code(secret) : 'the secret that was set with the source';
  const where = {
    github: 'In the repository: Settings, Webhooks, Add webhook.',
    gitlab: 'In the project: Settings, Webhooks, Add new webhook.',
    gitea: 'In the repository: Settings, Webhooks, Add Webhook, Gitea.',
    forgejo: 'In the repository: Settings, Webhooks, Add webhook, Forgejo.',
    gogs: 'In the repository: Settings, Webhooks, Add a new webhook, Gogs.',
    'bitbucket-cloud': 'In the repository: Repository settings, Webhooks, Add webhook.',
    'bitbucket-datacenter': 'In the repository: Repository settings, Webhooks, Create webhook.',
  }[source.forge];
  if (where) {
    return [where, ['The address is ', code(hookAddress(source)), '.'], ['The secret is ', told, '.'], wanted(source.forge)];
  }
  return source.forge === 'gerrit'
    ? [['Install the webhooks plugin and add a remote to ', code('webhooks.config'), ' of the project.'],
        ['Its url is ', code(`${hookAddress(source)}?token=${secret ?? 'SECRET'}`), secret ? null : ', with the secret that was set with the source', '.'],
        ['Its events are ', code('ref-updated'), ' and ', code('patchset-created'), '.']]
    : [['On the machine of the repository, put the hook of this source in place:',
          command(`curl -fsS ${hookAddress(source)}/post-receive -o hooks/post-receive && chmod +x hooks/post-receive`)],
        secret ? ['The secret, ', told, ', goes into the file ', code('hooks/pipewright-hook.key'), ', readable for its owner alone.'] : null,
        'Push a commit. It appears among the deliveries within a second.'].filter(Boolean);
}

function wanted(forge) {
  return {
    github: 'The content type is application/json. The events are pushes and pull requests, and merge groups if a merge queue is used.',
    gitlab: 'The triggers are push events, tag push events and merge request events.',
    'bitbucket-cloud': 'The triggers are Repository: Push, Pull request: Created and Pull request: Updated.',
    'bitbucket-datacenter': 'The events are Repository: Push, Pull request: Opened and Pull request: Source branch updated.',
  }[forge] ?? 'The content type is JSON. The events are pushes, created branches and tags, and pull requests.';
}
