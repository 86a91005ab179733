import { z } from 'zod';
import { nodeInfoSchema } from '#/engine/invitation/invitation.ts';
import type { ServiceContext } from '../context.ts';

const handshakeSchema = z.object({
  /** Ephemeral X25519 private key, base64url. */
  privateKey: z.string(),
  secret: z.string(),
  inviter: nodeInfoSchema,
});

/** What the acceptor needs to ask again when the reply was lost. */
export type HandshakeState = z.infer<typeof handshakeSchema>;

export function sealHandshake(ctx: ServiceContext, connectionId: string, state: HandshakeState): string {
  return ctx.secrets.seal(JSON.stringify(state), handshakePlace(connectionId));
}

export function openHandshake(ctx: ServiceContext, connectionId: string, sealed: string): HandshakeState {
  return handshakeSchema.parse(JSON.parse(ctx.secrets.open(sealed, handshakePlace(connectionId))));
}

/** Where a sealed handshake belongs; it cannot be opened elsewhere. */
export function handshakePlace(connectionId: string): string {
  return `connection/handshake/${connectionId}`;
}
