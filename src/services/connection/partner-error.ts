import { certificateRemedies } from '#/kernel/certificate.ts';
import { assertNever } from '#/kernel/assert-never.ts';
import { ServiceError } from '../errors.ts';
import type { PeerError } from '../peer-channel.ts';

/** What a failed request to an address means to the admin who typed it, or whose invitation names it. */
export function partnerError(error: PeerError, field?: string): ServiceError {
  const at = field === undefined ? {} : { field };
  switch (error.code) {
    case 'unreachable':
      return new ServiceError('partner_unreachable', { ...unreachable(error), ...at, cause: error });
    case 'busy':
      return new ServiceError('partner_unreachable', {
        summary: 'The other node is busy.',
        why: error.message,
        remedy: 'Wait a minute and try again.',
        ...at,
        cause: error,
      });
    case 'address_refused':
      return new ServiceError('partner_refused', {
        summary: 'This address may not be contacted.',
        why: error.message,
        remedy: error.message.includes('never contacted')
          ? 'Enter another address of the other node.'
          : 'If the other node really is there, let the operator of this node add its host to ALLOWED_HOSTS and restart it.',
        ...at,
        cause: error,
      });
    case 'not_a_node':
      return new ServiceError('partner_refused', {
        summary: 'No Exalate node answers at this address.',
        why: error.message,
        remedy:
          'Enter the Exalate URL that the other console shows under General Settings, or ask its administrator for an invitation.',
        ...at,
        cause: error,
      });
    case 'unauthorised':
    case 'connection_gone':
    case 'deactivated':
    case 'refused':
      return new ServiceError('partner_refused', {
        summary: 'The other node refused the request.',
        why: error.message,
        remedy: 'Ask its administrator what its log says about it, then try again.',
        ...at,
        cause: error,
      });
    default:
      return assertNever(error.code, 'peer error');
  }
}

function unreachable(error: PeerError): { summary: string; why: string; remedy: string } {
  switch (error.reason) {
    case 'dns':
      return {
        summary: 'There is no host of this name.',
        why: error.message,
        remedy: 'Check the spelling, and that this node’s name server knows the host.',
      };
    case 'certificate':
    case 'certificate_expired':
    case 'certificate_name':
      return {
        summary: 'The certificate at this address is not accepted.',
        why: error.message,
        remedy: certificateRemedies[error.reason],
      };
    case 'no_tls':
      return {
        summary: 'This address does not speak https.',
        why: error.message,
        remedy: 'Check the port, or use https at the other side: nodes exchange secrets and issues.',
      };
    case 'connection_refused':
      return {
        summary: 'Nothing accepts connections at this address.',
        why: error.message,
        remedy: 'Check the port, that the other node is running, and that no firewall is in between.',
      };
    case 'timeout':
      return {
        summary: 'The address did not answer in time.',
        why: error.message,
        remedy: 'Check that a firewall lets this node through to it, then try again.',
      };
    default:
      return {
        summary: 'The address could not be reached.',
        why: error.message,
        remedy: 'Try again in a minute; if it stays so, check the network between the two nodes.',
      };
  }
}
