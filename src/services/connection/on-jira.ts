import { TrackerError } from '#/engine/ports.ts';
import { ServiceError } from '../errors.ts';

/** Runs a read on the own Jira and turns its failures into errors an admin can act on. */
export async function onJira<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    throw new ServiceError('jira_unavailable', {
      summary: 'The attached Jira did not answer as it should.',
      why: error.message,
      remedy:
        'Check under General Settings that Jira can be reached and that the proxy user may sign in, then try again.',
      cause: error,
    });
  }
}
