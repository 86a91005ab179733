import { z } from 'zod';

/** Body of every refusal between nodes. `code` is for the program, `summary` a constant sentence for people. */
export const errorBodySchema = z.object({
  error: z.object({ code: z.string().min(1).max(100), summary: z.string().max(1000) }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;
