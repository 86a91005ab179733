import type { Connection, Db, Tx } from '../context.ts';
import { ServiceError } from '../errors.ts';

/** The connection of this id, unless it is being deleted. Throws `not_found`. */
export async function findConnection(db: Db | Tx, id: string): Promise<Connection> {
  const row = await db.connection.findUnique({ where: { id } });
  if (row !== null && row.status !== 'deleting') return row;
  throw new ServiceError('not_found', {
    summary: 'This connection does not exist any more.',
    why: 'It was probably deleted in the meantime.',
    remedy: 'Go back to the list of connections.',
  });
}
