import type { z } from 'zod';
import { ServiceError } from '../errors.ts';

/** Parsed input, or `invalid_input` at the first field that is wrong. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path[0];
  throw new ServiceError('invalid_input', {
    summary: issue?.message ?? 'The input is not complete.',
    why: 'What was sent cannot be used as it is.',
    remedy: 'Correct it and try again.',
    ...(typeof field === 'string' ? { field } : {}),
  });
}
