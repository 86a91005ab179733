import type { ServiceContext } from '../context.ts';

/** The invitation's secret (256 bits, base64url). Derived anew each time, so that it is never stored. */
export function invitationSecret(ctx: ServiceContext, invitationId: string): string {
  return ctx.secrets.derive(invitationSecretLabel(invitationId));
}

export function invitationSecretLabel(invitationId: string): string {
  return `invitation:${invitationId}`;
}
