/** Polling alone finds every change (C7), whatever zones, clocks, index and pages do. */
import { beforeAll, describe, expect, it } from 'vitest';
import { capture } from '#/services/sync/capture.ts';
import { usePair } from '../../support/pair.ts';
import type { Company, Pair, PairOptions } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

async function newIssues(company: Company, count: number): Promise<string[]> {
  const keys: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const { json } = await company.rest('POST', '/issue', {
      fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: `Issue ${n}` },
    });
    keys.push((json as { key: string }).key);
  }
  return keys;
}

async function withoutWebhooks({ a, b }: Pair): Promise<void> {
  for (const { jira } of [a, b]) await jira.control.setWebhookFaults({ lost: 1 });
}

async function shows(pair: Pair, key: string, summary: string): Promise<void> {
  await waitFor(`${key} to show ${summary}`, async () => (await pair.b.issue(key)).summary === summary);
}

const surroundings: [string, PairOptions, { userZone?: string; clockOffsetMs?: number }][] = [
  [
    'the server lives in Tokyo and the proxy user in Newfoundland',
    { a: { timeZone: 'Asia/Tokyo' } },
    { userZone: 'America/St_Johns' },
  ],
  ['the clock of Jira is set back by three hours', {}, { clockOffsetMs: -3 * 3_600_000 }],
  ['the clock of Jira is put forward by three hours', {}, { clockOffsetMs: 3 * 3_600_000 }],
  ['the search index is two seconds late', { a: { indexLagMs: 2_000 } }, {}],
];

describe.each(surroundings)('when %s', (_name, options, { userZone, clockOffsetMs }) => {
  const pair = usePair(options);

  it('every one of several edits in a row arrives without a webhook', async () => {
    const { control } = pair.a.jira;
    if (userZone !== undefined) await control.updateUser({ name: 'admin', change: { timeZone: userZone } });
    await withoutWebhooks(pair);
    const [key = ''] = await newIssues(pair.a, 1);
    const copy = await pair.sync(key);
    await pair.a.rest('PUT', `/issue/${key}`, { fields: { summary: 'before' } });
    await shows(pair, copy, 'before');
    if (clockOffsetMs !== undefined) await control.configure({ clockOffsetMs });
    for (const summary of ['first edit', 'second edit', 'third edit']) {
      await pair.a.rest('PUT', `/issue/${key}`, { fields: { summary } });
      await shows(pair, copy, summary);
    }
  });
});

describe('when Jira names a zone that this runtime does not know', () => {
  const pair = usePair({ nodeA: { worker: false } });

  it.each(['Pacific/Kiritimati', 'Pacific/Niue'])(
    'a change is found nevertheless (the account lives in %s)',
    async (timeZone) => {
      await pair.a.jira.control.updateUser({ name: 'admin', change: { timeZone } });
      const jira = pair.a.ctx.jira();
      const unknown = { ...jira, myself: async () => ({ ...(await jira.myself()), timeZone: 'Mars/Olympus' }) };
      const ctx = { ...pair.a.ctx, jira: () => unknown };
      await capture(ctx);
      await newIssues(pair.a, 1);
      expect((await capture(ctx))?.seen).toBeGreaterThan(0);
    },
  );
});

describe('when more issues change than fit on a page of results', () => {
  const pair = usePair();
  const count = 23;
  let keys: string[] = [];
  let copies: string[] = [];

  beforeAll(async () => {
    keys = await newIssues(pair.a, count);
    for (const key of keys) copies = [...copies, await pair.sync(key)];
    await pair.a.jira.control.configure({ searchLimit: 5 });
  });

  it('none is missed, although others change while the pages are read', async () => {
    await withoutWebhooks(pair);
    const edit = (index: number, summary: string): Promise<unknown> =>
      pair.a.rest('PUT', `/issue/${keys[index]}`, { fields: { summary } });
    for (let index = 0; index < count; index += 1) await edit(index, `edited ${index}`);
    // What was first moves to the end, and everything else moves up by one.
    const before = (await pair.a.jira.control.requests({ path: 'search' })).length;
    for (let index = 0; index < 5; index += 1) {
      await waitFor(
        'another page',
        async () => (await pair.a.jira.control.requests({ path: 'search' })).length > before + index,
      );
      await edit(index, `edited again ${index}`);
    }
    for (const [index, copy] of copies.entries())
      await shows(pair, copy, index < 5 ? `edited again ${index}` : `edited ${index}`);
  });
});

describe('while nothing changes', () => {
  const pair = usePair();

  it('a poll costs one search, reads no issue, and writes nothing', async () => {
    const [key = ''] = await newIssues(pair.a, 1);
    await pair.sync(key);
    const { control } = pair.a.jira;
    const searches = async (): Promise<number> => (await control.requests({ path: 'search' })).length;
    // The poll after a change may read it once more.
    const settled = await searches();
    await waitFor('two more polls', async () => (await searches()) >= settled + 2);
    await pair.quiet();
    await control.resetStatistics();
    const before = await searches();
    await waitFor('four more polls', async () => (await searches()) >= before + 4);
    const { endpoints } = await control.statistics();
    expect(endpoints.map(({ endpoint }) => endpoint).filter((endpoint) => endpoint.includes('issue'))).toEqual([]);
    expect(await control.writes()).toEqual([]);
  });
});
