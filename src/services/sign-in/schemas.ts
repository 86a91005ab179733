import { z } from 'zod';

export const signInCredentialsSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('basic'),
    username: z.string().trim().min(1).max(255),
    password: z.string().min(1).max(1000),
  }),
  z.object({ kind: z.literal('token'), token: z.string().trim().min(1).max(1000) }),
]);
export type SignInCredentials = z.infer<typeof signInCredentialsSchema>;
