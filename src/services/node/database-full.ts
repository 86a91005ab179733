/**
 * A database whose disk is full. Nothing can be stored, not even an error: work stops before it writes anything to Jira that
 * it could not note, and begins again from what was stored before. One mark in the row of the node, which needs no new room,
 * tells it to all processes and pages.
 */
import type { ServiceContext } from '../context.ts';

const quietMs = 30_000;
/** What PostgreSQL calls `disk_full` (appendix A of its documentation). */
const diskFull = '53100';

/** Of an error from Prisma, which hands on what its driver said, or from the driver itself. */
export function isDatabaseFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, meta } = error as { code?: unknown; meta?: { driverAdapterError?: { cause?: { code?: unknown } } } };
  return code === diskFull || meta?.driverAdapterError?.cause?.code === diskFull || isDatabaseFull(error.cause);
}

let loggedAt = -Infinity;

/** Marks the node, and leaves one line in the log now and then instead of one for each thing that cannot be stored. */
export async function noteDatabaseFull({ db, logger, wake }: ServiceContext): Promise<void> {
  if (performance.now() - loggedAt > quietMs) {
    loggedAt = performance.now();
    logger.error(
      'the disk of the database is full: nothing can be stored, so nothing is synchronised until there is room',
    );
  }
  try {
    await db.$executeRaw`UPDATE node SET "databaseFullAt" = now() WHERE id = 1`;
    await wake.pages({ kind: 'node' });
  } catch (error) {
    logger.debug({ err: error }, 'the full disk could not be marked either');
  }
}
