import { z } from 'zod';

/** Addresses as they are typed: separated by commas, semicolons, spaces or lines. */
export function recipientsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}

/** What can stand in an SMTP command and a header as it is: no display name, no quoting, ASCII or an IDN domain in ASCII. */
export const addressSchema = z
  .string()
  .max(254)
  .regex(/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/);
