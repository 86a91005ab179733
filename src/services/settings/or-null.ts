/** What Jira answers, or null when it does not. */
export async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && error.name === 'TrackerError') return null;
    throw error;
  }
}
