/** What the workers tell open pages, as a web process hears it. */
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '#/observability/logger.ts';
import { createWaker } from '#/queue/waker.ts';
import { pagesChannel } from '#/server/events.ts';
import { useDatabase } from '../../support/database.ts';
import { waitFor } from '../../support/wait-for.ts';

const database = useDatabase();
const logger = createLogger({ level: 'silent', process: 'test' });
const noCalls = { send: async () => undefined, work: async () => undefined, stop: async () => undefined };
let listener: pg.Client;
let heard: unknown[];

beforeEach(async () => {
  heard = [];
  listener = new pg.Client({ connectionString: database.url });
  await listener.connect();
  listener.on('notification', ({ payload }) => heard.push(JSON.parse(payload ?? 'null')));
  await listener.query(`LISTEN ${pagesChannel}`);
});
afterEach(() => listener.end());

describe('changes told to pages', () => {
  it('are one message each while they are few, however often they are told', async () => {
    const waker = createWaker(database.db, noCalls, logger);
    for (let time = 0; time < 10; time += 1) for (const id of ['one', 'two']) await waker.pages({ kind: 'twin', id });
    await waitFor('both', () => heard.length >= 2);
    await waker.flush();
    expect(heard).toEqual([
      { kind: 'twin', id: 'one' },
      { kind: 'twin', id: 'two' },
    ]);
  });

  it('are one message together when they are many, as in bulk work', async () => {
    const waker = createWaker(database.db, noCalls, logger);
    for (let number = 0; number < 500; number += 1) await waker.pages({ kind: 'twin', id: String(number) });
    await waitFor('a message', () => heard.length > 0);
    await waker.pages({ kind: 'twin', id: 'last' });
    await waker.flush();
    await waitFor('the last message', () => heard.length >= 2);
    expect(heard).toEqual([{ kind: 'node' }, { kind: 'twin', id: 'last' }]);
  });
});
