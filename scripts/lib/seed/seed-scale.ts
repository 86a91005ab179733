/**
 * A database as a node has it after years with very many issues: twins, their timeline, what is queued, errors, history.
 * Every value follows from its number, so that two seeds are alike; nothing of it belongs to a real Jira or partner.
 */
import { randomUUID } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { faults } from '../../../src/engine/fault/faults.ts';
import { connectionRows } from './connections.ts';
import { scaleOf } from './sizes.ts';
import * as statements from './statements.ts';

const issueFaults = ['required_fields', 'no_issue_type', 'attachment_too_large', 'jira_invalid', 'internal'] as const;

export interface SeedOptions {
  /** Of a database that is migrated and empty. */
  databaseUrl: string;
  twins: number;
  /** Under which the node will run: under another one it would wait for its admin. */
  exalateUrl: string;
  say?: (text: string) => void;
}

/** Fills the database. Throws when it holds connections already. */
export async function seedScale({ databaseUrl, twins, exalateUrl, say = () => {} }: SeedOptions): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'exalate seed' });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT 1 FROM connection LIMIT 1');
    if (rows.length > 0) throw new Error('This database is in use: it has connections. The seed needs an empty one.');
    await client.query('SET maintenance_work_mem = 262144');
    await client.query('BEGIN');
    await client.query(statements.idOf);
    const indexes = await withoutIndexes(client);
    const sizes = scaleOf(twins);
    const errors = issueFaults.map((code) => ({ code, impact: faults[code].impact, summary: faults[code].summary }));
    const steps: ReadonlyArray<[what: string, sql: string, values: readonly unknown[]]> = [
      ['node', statements.node, [randomUUID(), exalateUrl]],
      ['connections', statements.connections, [JSON.stringify(connectionRows())]],
      ['twins', statements.twins, [sizes.twins, JSON.stringify(connectionRows())]],
      ['comments', statements.comments, []],
      ['attachments', statements.attachments, []],
      ['events', statements.events, []],
      ['requests', statements.requests, []],
      ['timeline', statements.timeline, [sizes.timeline, sizes.twins]],
      ['one long timeline', statements.longTimeline, [sizes.longTimeline]],
      ['activity', statements.activity, []],
      ['errors', statements.openErrors, [JSON.stringify(errors)]],
      ['resolved errors', statements.resolvedErrors, [sizes.resolvedErrors, JSON.stringify(errors)]],
      ['audit log', statements.audit, [sizes.audit]],
      ['triggers', statements.triggers, []],
      ['bulk runs', statements.bulkRuns, [sizes.bulkItems]],
      ['bulk items', statements.bulkItems, []],
      ['verification', statements.verifyRuns, [sizes.twins]],
      ['replayed tokens', statements.replayedTokens, [sizes.replayedTokens]],
    ];
    for (const [what, sql, values] of steps) {
      const started = performance.now();
      const { rowCount } = await client.query(sql, [...values]);
      say(`${what}: ${rowCount ?? 0} rows, ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }
    const started = performance.now();
    for (const { indexdef } of indexes) await client.query(indexdef);
    await client.query('COMMIT');
    say(`indexes: ${indexes.length}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
    await client.query('VACUUM (ANALYZE)');
  } finally {
    await client.end();
  }
}

/**
 * Takes the indexes of the large tables away until they are filled, and spares the checks of references where the user may
 * do so: both together are most of what a million rows cost. All of it is one transaction, so a failure leaves nothing behind.
 */
async function withoutIndexes(client: Client): Promise<readonly { indexname: string; indexdef: string }[]> {
  const { rows } = await client.query<{ indexname: string; indexdef: string }>(
    `SELECT indexname, indexdef FROM pg_indexes
     WHERE schemaname = current_schema() AND tablename = ANY($1) AND indexname NOT LIKE '%_pkey'`,
    [['twin', 'comment_trace', 'attachment_trace', 'timeline_entry', 'bulk_item', 'audit_entry']],
  );
  for (const { indexname } of rows) await client.query(`DROP INDEX ${escapeIdentifier(indexname)}`);
  const { rows: user } = await client.query<{ usesuper: boolean }>(
    'SELECT usesuper FROM pg_user WHERE usename = current_user',
  );
  if (user[0]?.usesuper === true) await client.query('SET LOCAL session_replication_role = replica');
  return rows;
}
