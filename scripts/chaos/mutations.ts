/** The safeguards of sync, each with the edit that removes it and the tests that must then fail. */
export interface Mutation {
  safeguard: string;
  file: string;
  find: string;
  replace: string;
  /** Beginning of the test file's path, and a pattern that the names of its tests match; '' for all of them. */
  tests: string;
  names: string;
}

const sync = 'src/services/sync';
const reliability = 'tests/integration/reliability';

export const mutations: readonly Mutation[] = [
  {
    safeguard: 'Evidence before a write is repeated',
    file: `${sync}/evidence.ts`,
    find: 'if (await wasPerformed(lane, intent)) {',
    replace: "if (lane.twinId === '' && (await wasPerformed(lane, intent))) {",
    tests: `${reliability}/lost-answers`,
    names: 'first syncs',
  },
  {
    safeguard: 'Intent stored before the write',
    file: `${sync}/non-repeatable.ts`,
    find: 'await saveLane(lane, { begin: begun });',
    replace: 'await saveLane(lane);',
    tests: `${reliability}/crashes`,
    names: 'the other side',
  },
  {
    safeguard: 'An edited issue is looked at as our own edit',
    file: `${sync}/evidence.ts`,
    find: 'return issueWasEdited(lane, intent);',
    replace: 'return false;',
    tests: `${reliability}/lost-edits`,
    names: 'field|type',
  },
  {
    safeguard: 'An edited comment is recognised as our own edit',
    file: `${sync}/evidence.ts`,
    find: 'return commentWasEdited(lane, intent);',
    replace: 'return false;',
    tests: `${reliability}/lost-edits`,
    names: 'comment',
  },
  {
    safeguard: 'An issue of unknown creation is looked for by its mark',
    file: `${sync}/find-created.ts`,
    find: '(await markedAmong(lane, await hitsByUs(lane, created, inProject))) ??',
    replace: '',
    tests: `${reliability}/created-unknown`,
    names: 'another',
  },
  {
    safeguard: 'An issue of unknown creation is looked for by the clock of Jira',
    file: `${sync}/find-created.ts`,
    find: 'return (serverTimeMs ?? now) - (now - at.getTime());',
    replace: 'return serverTimeMs === 0 ? now : at.getTime();',
    tests: `${reliability}/created-unknown`,
    names: 'clock',
  },
  {
    safeguard: 'The copy of a comment is recognised by its mark',
    file: `${sync}/comments.ts`,
    find: 'candidates.find(({ id }) => marks.get(id) === wanted.uid) ??',
    replace: '',
    tests: `${reliability}/lost-comment`,
    names: 'although somebody has edited',
  },
  {
    safeguard: 'A new pair waits for what the earlier one still writes',
    file: `${sync}/run-lane.ts`,
    find: 'await waitForEarlierPair(lane);',
    replace: '',
    tests: `${reliability}/interrupted`,
    names: 'makes nothing twice',
  },
  {
    safeguard: 'A lane stops before its next write when its connection is switched off',
    file: `${sync}/save-twin.ts`,
    find: "AND c.status = 'active' AND c.hold IS NULL",
    replace: '',
    tests: `${reliability}/interrupted`,
    names: 'deactivated writes nothing',
  },
  {
    safeguard: 'The lease counts when a request is sent',
    file: 'src/jira/client.ts',
    find: 'if (!isRead(call)) this.#mayWrite();',
    replace: '',
    tests: 'tests/contract/jira/outcomes',
    names: 'may not be made any more',
  },
  {
    safeguard: 'An edit is taken for done only when all of it is there',
    file: 'src/engine/replica/read-back.ts',
    find: 'evidence.every(({ seen }) => seen)',
    replace: 'evidence.some(({ seen }) => seen)',
    tests: 'tests/unit/engine/replica/edit-evidence',
    names: 'because a person wrote the same',
  },
  {
    safeguard: 'Unique index: one live twin per issue',
    file: 'prisma/migrations/20261122160000_init/migration.sql',
    find: 'CREATE UNIQUE INDEX "twin_local_issue_once"',
    replace: 'CREATE INDEX "twin_local_issue_once"',
    tests: `${reliability}/database-rules`,
    names: 'under sync twice',
  },
  {
    safeguard: 'Echo check: the same text is no edit (fields)',
    file: 'src/engine/replica/observe.ts',
    find: 'if (known.realized !== null && sameText(known.realized.text, text)) return known;',
    replace: '',
    tests: 'tests/unit/engine/replica/echo',
    names: 'as a field',
  },
  {
    safeguard: 'Echo check: the same text is no edit (comments)',
    file: 'src/engine/replica/observe.ts',
    find: 'if (entry.realized !== null && sameText(entry.realized.text, text)) return entry;',
    replace: '',
    tests: 'tests/unit/engine/replica/echo',
    names: 'as a comment',
  },
  {
    safeguard: 'Fence: only the owner of a lane saves',
    file: `${sync}/save-twin.ts`,
    find: 'WHERE id = ${lane.twinId}::uuid AND fence = ${lane.fence}',
    replace: 'WHERE id = ${lane.twinId}::uuid AND ${lane.fence} = ${lane.fence}',
    tests: `${reliability}/outages`,
    names: 'presumed dead',
  },
  {
    safeguard: 'A message is stored once',
    file: `${sync}/receive-messages.ts`,
    find: 'FROM woken ON CONFLICT (id) DO NOTHING',
    replace: 'FROM woken',
    tests: `${reliability}/database-rules`,
    names: 'stored once',
  },
  {
    safeguard: 'Replay check of signed requests',
    file: 'src/services/connection/authenticate-partner.ts',
    find: "if (count === 0) throw new TokenError('token_replayed');",
    replace: '',
    tests: 'tests/integration/connection/channel',
    names: '',
  },
  {
    safeguard: 'An old exalate message ends no newer pair',
    file: `${sync}/receive-messages.ts`,
    find: 'AND NOT EXISTS (SELECT 1 FROM twin known',
    replace: 'OR NOT EXISTS (SELECT 1 FROM twin known',
    tests: `${reliability}/partner-faults`,
    names: 'old message',
  },
  {
    safeguard: 'Brake: a hidden project is no mass deletion',
    file: `${sync}/removed-issue.ts`,
    find: 'if (elsewhere === null && own === undefined)',
    replace: "if (elsewhere === '' && own === undefined)",
    tests: `${reliability}/outages`,
    names: 'out of sight',
  },
  {
    safeguard: 'A failed save is not trusted',
    file: `${sync}/run-lane.ts`,
    find: "await (fault.code === 'internal' ? noteFailure(lane) : saveQuietly(lane))",
    replace: 'await saveQuietly(lane)',
    tests: `${reliability}/outages`,
    names: 'database are killed',
  },
  {
    safeguard: 'A database that is restored under a running worker is noticed',
    file: 'src/services/node/worker-beat.ts',
    find: '      await onRestored();\n',
    replace: '',
    tests: 'tests/integration/restore/restore-under-way',
    names: 'under a running node',
  },
  {
    safeguard: 'A pair that begins before the partner was asked is the old one',
    file: `${sync}/store-baseline.ts`,
    find: 'AND "outNumber" = 0 AND "inNumber" = 0',
    replace: 'AND "outNumber" < 0',
    tests: 'tests/integration/restore/restore-under-way',
    names: 'no second pair',
  },
];
