/** The end of a session is told to every web process, so that the streams of other tabs end with it. */
import { getContext } from '#/server/container.ts';
import type { AdminSession } from './auth.ts';
import { pagesChannel } from './events.ts';
import { sessionKey } from './session-key.ts';

export async function tellSignedOut(session: AdminSession): Promise<void> {
  const { db, logger } = await getContext();
  const payload = JSON.stringify({ kind: 'signed_out', id: sessionKey(session) });
  // A stream that does not hear of it ends with the session's eight hours.
  await db.$executeRaw`SELECT pg_notify(${pagesChannel}, ${payload})`.catch((error: unknown) =>
    logger.warn({ err: error }, 'open streams could not be told that their session ended'),
  );
}
