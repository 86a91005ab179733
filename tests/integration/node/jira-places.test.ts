import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDb } from '#/db/client.ts';
import { createJira } from '#/jira/index.ts';
import { createJiraPlaces } from '#/services/node/jira-places.ts';
import { createLogger } from '#/observability/logger.ts';
import { startSimulator } from '../../../simulator/index.ts';
import type { Simulator } from '../../../simulator/index.ts';
import { useDatabase } from '../../support/database.ts';
import { waitFor } from '../../support/wait-for.ts';

const total = 6;
const database = useDatabase();
let jira: Simulator;

beforeAll(async () => {
  jira = await startSimulator({ port: 0, seed: 'empty' });
});
afterAll(() => jira.stop());

/** One process of a node, as far as Jira is concerned. */
function startProcess(owner: string) {
  const db = createDb(database.url, { applicationName: owner, maxConnections: 2 });
  const logger = createLogger({ level: 'silent', process: 'worker' });
  const places = createJiraPlaces(db, { owner, total, logger });
  const tracker = createJira({
    baseUrl: jira.url,
    credentials: { kind: 'basic', username: 'admin', password: 'admin' },
    concurrency: total,
    places,
  });
  return {
    tracker,
    db,
    async stop() {
      await tracker.close();
      await places.close();
      await db.$disconnect();
    },
  };
}

describe('most requests at once to the own Jira (JIRA_CONCURRENCY)', () => {
  it('holds for all processes of a node together, and each gets on', async () => {
    const one = startProcess('worker');
    const two = startProcess('web');
    await jira.control.addFault({ kind: 'latency', ms: 20 });
    await jira.control.resetStatistics();
    let stop = false;
    const done = { one: 0, two: 0 };
    const load = (name: 'one' | 'two', tracker: typeof one.tracker): Promise<unknown> =>
      Promise.all(
        Array.from({ length: 10 }, async () => {
          while (!stop) {
            await tracker.server();
            done[name] += 1;
          }
        }),
      );
    const loads = [load('one', one.tracker)];
    await waitFor('the first to use all places', async () => (await jira.control.statistics()).maxInFlight === total);
    loads.push(load('two', two.tracker));
    await waitFor('both to get on', () => done.two > 30 && done.one > 100);
    stop = true;
    await Promise.all(loads);
    expect((await jira.control.statistics()).maxInFlight).toBe(total);
    await jira.control.clearFaults();
    await Promise.all([one.stop(), two.stop()]);
  });

  it('leaves nothing behind in the database when a process ends', async () => {
    const one = startProcess('worker');
    await one.tracker.server();
    const shares = async () => (await database.db.jiraPlaces.findUniqueOrThrow({ where: { id: 1 } })).shares;
    expect(await shares()).toHaveLength(1);
    await one.stop();
    expect(await shares()).toEqual([]);
  });

  it('goes on, one request at a time, when the database does not answer', async () => {
    const one = startProcess('worker');
    await database.db.$executeRawUnsafe('ALTER TABLE jira_places RENAME TO jira_places_gone');
    try {
      await jira.control.resetStatistics();
      await Promise.all([one.tracker.server(), one.tracker.server(), one.tracker.projects()]);
      expect((await jira.control.statistics()).maxInFlight).toBe(1);
    } finally {
      await database.db.$executeRawUnsafe('ALTER TABLE jira_places_gone RENAME TO jira_places');
      await one.stop();
    }
  });
});
