import type { z } from 'zod';
import { ServiceError } from '../errors.ts';
import { inputProblem, parseForPeople } from '../input-problem.ts';

/** Parsed input, or `invalid_input` at the first field that is wrong; `not_found` for an id that is none. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = parseForPeople(schema, input);
  if (parsed.success) return parsed.data;
  const { summary, why, remedy, field, unknownId } = inputProblem(parsed.error.issues[0]);
  throw new ServiceError(unknownId ? 'not_found' : 'invalid_input', {
    summary,
    why,
    remedy,
    ...(field === null ? {} : { field }),
  });
}
