/**
 * Pieces of files on their way from the web process that receives them to the lane that uploads them. Not through Prisma,
 * which turns bytes into text several times on the way.
 */
import { Pool } from 'pg';
import type { FilePassage } from '#/services/context.ts';

const connections = 4;

export function createFilePassage(databaseUrl: string): FilePassage & { close(): Promise<void> } {
  let pool: Pool | null = null;
  const opened = (): Pool => {
    pool ??= new Pool({
      connectionString: databaseUrl,
      max: connections,
      application_name: 'exalate-files',
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 10_000,
      statement_timeout: 60_000,
    });
    // A connection lost while idle is replaced; one in use fails its query.
    if (pool.listenerCount('error') === 0) pool.on('error', () => undefined);
    return pool;
  };
  return {
    async put(transferId, seq, bytes) {
      const { rowCount } = await opened().query(
        `INSERT INTO attachment_chunk ("transferId", seq, bytes)
         SELECT id, $2::int, $3::bytea FROM attachment_transfer WHERE id = $1::uuid`,
        [transferId, seq, bytes],
      );
      return rowCount === 1;
    },
    async take(transferId, next, most) {
      const { rows } = await opened().query<{ bytes: Buffer }>(
        `WITH taken AS (
           DELETE FROM attachment_chunk WHERE "transferId" = $1::uuid AND seq < $2::int RETURNING seq, bytes
         ) SELECT bytes FROM taken ORDER BY seq`,
        [transferId, next + most],
      );
      return rows.map(({ bytes }) => bytes);
    },
    async close() {
      await pool?.end();
    },
  };
}
