/** Runs a program; when it throws, prints the message without a stack, since it is meant for a person, and ends with 1. */
export async function endOnFailure(program: () => Promise<void>): Promise<void> {
  try {
    await program();
  } catch (error) {
    console.error(textOf(error));
    process.exit(1);
  }
}

/** The message of an error with those of its causes, one a line. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A refused connection to several addresses has its text inside.
  const text = error.message || (error instanceof AggregateError ? error.errors.map(textOf).join('; ') : error.name);
  return error.cause === undefined ? text : `${text}\n  ${textOf(error.cause)}`;
}
