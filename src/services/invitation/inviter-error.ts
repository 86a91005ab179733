import { isCertificateReason } from '#/kernel/certificate.ts';
import { ServiceError } from '../errors.ts';
import type { PeerError } from '../peer-channel.ts';
import { partnerError } from '../connection/partner-error.ts';
import { faultFromReason, invitationError } from './invitation-texts.ts';

/** What it means for the admin that the inviting node could not be asked, or refused. */
export function inviterError(error: PeerError, inviter: { name: string; callbackUrl: string }): ServiceError {
  const fault = faultFromReason(error.reason);
  if (fault !== null) return invitationError(fault, error);
  if (error.code === 'unreachable' && !isCertificateReason(error.reason))
    return new ServiceError('partner_unreachable', {
      summary: `The inviting node ${inviter.name} cannot be reached.`,
      why: error.message,
      remedy: `Check that this node may open requests to ${inviter.callbackUrl} and that it is running, then try again. The code stays good.`,
      field: 'code',
      cause: error,
    });
  return partnerError(error, 'code');
}
