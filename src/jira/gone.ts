import { TrackerError } from '#/engine/ports.ts';

/** Waits for a deletion; `not_found` means that it is done. */
export async function succeedWhenGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!(error instanceof TrackerError && error.code === 'not_found')) throw error;
  }
}
