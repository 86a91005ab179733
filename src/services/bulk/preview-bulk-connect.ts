import { z } from 'zod';
import { mostPairs, readKeyPairs, withDoubles } from '#/engine/csv/key-pairs.ts';
import type { KeyPair } from '#/engine/csv/key-pairs.ts';
import { TrackerError } from '#/engine/ports.ts';
import type { Connection } from '#/db/models.ts';
import { findConnection } from '../connection/find-connection.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { jiraServiceError } from '../node/jira-service-error.ts';
import { type FoundIssue, findIssues, readHit } from './connect-step.ts';

/** Unknown keys beyond these are most likely of another Jira; connecting reads each of them anyway. */
const mostRead = 500;
const readAtOnce = 8;

const inputSchema = z.object({
  connectionId: z.uuid('Please choose a connection.'),
  text: z.string().max(5_000_000, 'This file is too large.'),
});

export interface BulkConnectPreview {
  delimiter: ',' | ';' | '\t';
  header: boolean;
  /** Every line of the file that has anything in it, in order. */
  rows: readonly KeyPair[];
  good: number;
  bad: number;
}

/**
 * Checks every line: form, doubles, and whether the local issue is there and free. The remote issues are the other side's to
 * look at, which it does when the pairs are made. Nothing is stored.
 */
export async function previewBulkConnect(
  ctx: ServiceContext,
  input: z.input<typeof inputSchema>,
): Promise<BulkConnectPreview> {
  requireAdmin(ctx);
  const { connectionId, text } = parseInput(inputSchema, input);
  const connection = await findConnection(ctx.db, connectionId);
  const read = readKeyPairs(text);
  if (read.kind !== 'pairs') throw unreadable(read.kind);
  const rows = withDoubles(await checkAgainstJira(ctx, connection, read.pairs));
  const bad = rows.filter((row) => row.problem !== null).length;
  return { delimiter: read.delimiter, header: read.header, rows, good: rows.length - bad, bad };
}

async function checkAgainstJira(
  ctx: ServiceContext,
  connection: Connection,
  pairs: readonly KeyPair[],
): Promise<KeyPair[]> {
  const asked = pairs.filter((pair) => pair.problem === null);
  const found = await findAll(
    ctx,
    asked.map((pair) => pair.localKey),
  ).catch((error: unknown) => {
    throw error instanceof TrackerError ? jiraServiceError(error) : error;
  });
  const ids = [...found.values()].map((hit) => hit.id);
  const twins = await ctx.db.twin.findMany({
    where: {
      endedAt: null,
      connection: { uid: connection.uid },
      OR: [
        { localIssueId: { in: ids } },
        { connectionId: connection.id, remoteIssueKey: { in: asked.map((pair) => pair.remoteKey) } },
      ],
    },
    select: { connectionId: true, localIssueId: true, remoteIssueKey: true },
  });
  const locals = new Set(twins.map((twin) => twin.localIssueId));
  const remotes = new Set(
    twins.filter((twin) => twin.connectionId === connection.id).map((twin) => twin.remoteIssueKey),
  );
  return pairs.map((pair) => {
    if (pair.problem !== null) return pair;
    const hit = found.get(pair.localKey);
    if (hit === undefined)
      return { ...pair, problem: `${pair.localKey} does not exist here, or the proxy user may not see it.` };
    if (locals.has(hit.id)) return { ...pair, problem: `${pair.localKey} is already under sync in this connection.` };
    if (remotes.has(pair.remoteKey))
      return { ...pair, problem: `${pair.remoteKey} is already under sync in this connection.` };
    return hit.key === pair.localKey ? pair : { ...pair, localKeyNow: hit.key };
  });
}

/**
 * Issues by the keys that the file has. An issue that was moved, or whose project was renamed, answers to its old key when it
 * is read, but a search gives it under its new one; so what the search did not find is read, within reason.
 */
async function findAll(ctx: ServiceContext, keys: readonly string[]): Promise<ReadonlyMap<string, FoundIssue>> {
  const found = new Map<string, FoundIssue>(await findIssues(ctx, keys));
  const missing = [...new Set(keys)].filter((key) => !found.has(key)).slice(0, mostRead);
  for (let at = 0; at < missing.length; at += readAtOnce) {
    const some = missing.slice(at, at + readAtOnce);
    const hits = await Promise.all(some.map((key) => readHit(ctx, key)));
    for (const [index, hit] of hits.entries()) if (hit !== null) found.set(some[index] ?? '', hit);
  }
  return found;
}

function unreadable(kind: 'empty' | 'too_many'): ServiceError {
  return new ServiceError('invalid_input', {
    summary:
      kind === 'empty'
        ? 'There are no pairs in this file or text.'
        : `These are more than ${mostPairs.toLocaleString('en')} pairs.`,
    why:
      kind === 'empty'
        ? 'A line is a local key and a remote key, such as TEST-1,DEMO-7.'
        : 'So many cannot be checked at once.',
    remedy:
      kind === 'empty'
        ? 'Choose a CSV file, or paste text, with one pair per line.'
        : 'Divide them into several parts and connect one after the other.',
    field: 'text',
  });
}
