import type { RefusalCode } from '#/engine/protocol/protocol-fault.ts';
import type { InvitationFault } from '#/engine/invitation/invitation-fault.ts';
import { isErrorNamed } from '#/kernel/error-name.ts';

/** A request of another node that is refused with a reason. `summary` is a constant sentence: it is shown over there. */
export class PartnerRefusal extends Error {
  override readonly name = 'PartnerRefusal';

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isErrorNamed(value, 'PartnerRefusal');
  }

  readonly status: number;
  readonly code: RefusalCode | `invitation_${InvitationFault}`;
  readonly retryAfterS: number | null;

  constructor(
    status: number,
    code: RefusalCode | `invitation_${InvitationFault}`,
    summary: string,
    retryAfterS: number | null = null,
  ) {
    super(summary);
    this.status = status;
    this.code = code;
    this.retryAfterS = retryAfterS;
  }
}
