import type { z } from 'zod';
import { TrackerError } from '#/engine/ports.ts';

/**
 * Reads an answer by a schema. Not fitting: `unexpected`, naming the places that do not fit but none of the values. On a
 * write the outcome is then `unknown`, as the write was answered with success.
 */
export function parseAnswer<T>(
  schema: z.ZodType<T>,
  answer: { status: number; data: unknown },
  context: { what: string; reads: boolean },
): T {
  const result = schema.safeParse(answer.data);
  if (result.success) return result.data;
  const places = result.error.issues.slice(0, 5).map((issue) => issue.path.join('.') || 'the whole');
  throw new TrackerError('unexpected', {
    message: `${context.what} was answered ${answer.status} with a body that is not Jira's (${places.join(', ')}).`,
    outcome: context.reads ? 'refused' : 'unknown',
    status: answer.status,
  });
}
