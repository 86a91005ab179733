import { z } from 'zod';

/** Text that somebody enters, or that stands in an address. NUL is the one character that PostgreSQL cannot store. */
export function plainText(max: number, tooLong?: string): z.ZodString {
  return z
    .string()
    .max(max, tooLong)
    .refine((value) => !value.includes('\0'), 'This contains the character NUL, which cannot be stored.');
}
