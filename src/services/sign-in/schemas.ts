import { z } from 'zod';
import { plainText } from '../plain-text.ts';

export const signInCredentialsSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('basic'),
    username: plainText(255).trim().min(1),
    password: plainText(1000).min(1),
  }),
  z.object({ kind: z.literal('token'), token: plainText(1000).trim().min(1) }),
]);
export type SignInCredentials = z.infer<typeof signInCredentialsSchema>;
