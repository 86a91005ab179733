/** What the database itself refuses or absorbs, whatever a program that has gone wrong asks of it (C1, D3). */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyDelta } from '#/engine/replica/delta.ts';
import type { Message } from '#/engine/protocol/messages.ts';
import { receiveMessages } from '#/services/sync/receive-messages.ts';
import { usePair } from '../../support/pair.ts';

const pair = usePair({ nodeA: { worker: false }, nodeB: { worker: false } });
const none = { done: 0, total: 0 };

function exalate(id: string, twin: string): Message {
  return {
    id,
    twin,
    number: 1,
    kind: 'exalate',
    content: false,
    issue: { id: '10000', key: 'TEST-1', projectKey: 'TEST', parentTwin: null, subtask: false },
    delta: emptyDelta(),
    progress: { applied: 0, comments: none, attachments: none, error: null },
    ended: null,
  };
}

describe('the database', () => {
  const twin = randomUUID();
  const message = exalate(randomUUID(), twin);

  beforeAll(async () => {
    await receiveMessages(pair.b.ctx, { connectionId: pair.b.connectionId, messages: [message] });
  });

  it('a message that arrives again before it is merged is acknowledged again, and stored once', async () => {
    const results = await receiveMessages(pair.b.ctx, {
      connectionId: pair.b.connectionId,
      messages: [message, message],
    });
    expect(results.map(({ result }) => result)).toEqual(['stored', 'stored']);
    expect(await pair.b.ctx.db.syncRequest.count()).toBe(1);
  });

  it('the same issue cannot be under sync twice in a connection', async () => {
    const row = (): Promise<unknown> =>
      pair.a.ctx.db.twin.create({
        data: {
          id: randomUUID(),
          uid: randomUUID(),
          connectionId: pair.a.connectionId,
          localIssueId: '10000',
          exalatedBy: 'admin',
        },
      });
    await row();
    await expect(row()).rejects.toThrow(/[Uu]nique constraint/);
  });

  it('a comment of the own Jira cannot be two traces of one pair', async () => {
    const { id: twinId } = await pair.b.ctx.db.twin.findFirstOrThrow();
    const row = (uid: string): Promise<unknown> =>
      pair.b.ctx.db.commentTrace.create({
        data: {
          id: randomUUID(),
          twinId,
          uid,
          localId: '1',
          body: '',
          authorName: '',
          createdMs: 0,
          stampTime: 0,
          stampSide: 'acceptor',
        },
      });
    await row('acceptor:1');
    await expect(row('initiator:1')).rejects.toThrow(/[Uu]nique constraint/);
  });

  it('a write cannot be begun twice', async () => {
    const { id: twinId } = await pair.b.ctx.db.twin.findFirstOrThrow();
    const row = (): Promise<unknown> =>
      pair.b.ctx.db.writeIntent.create({
        data: {
          id: randomUUID(),
          twinId,
          kind: 'create_issue',
          subject: '',
          detail: {},
          fence: 1,
          startedAt: new Date(),
        },
      });
    await row();
    await expect(row()).rejects.toThrow(/[Uu]nique constraint/);
  });
});
