import type { FaultCode } from '#/engine/fault/faults.ts';
import { Fault } from '#/engine/fault/faults.ts';
import { isCertificateReason } from '#/kernel/certificate.ts';
import type { PeerError, PeerErrorCode } from '../peer-channel.ts';

const codes: Record<PeerErrorCode, FaultCode> = {
  unreachable: 'partner_unreachable',
  busy: 'partner_unreachable',
  address_refused: 'partner_unreachable',
  not_a_node: 'partner_unreachable',
  deactivated: 'partner_unreachable',
  unauthorised: 'partner_refuses',
  connection_gone: 'partner_connection_gone',
  refused: 'partner_message_refused',
};

export function peerFault(error: PeerError): Fault {
  const code = isCertificateReason(error.reason) ? 'partner_certificate' : codes[error.code];
  return new Fault(code, error.message, { cause: error, retryAfterMs: error.retryAfterMs });
}
