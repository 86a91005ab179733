import {
  certificateReason,
  type CertificateReason,
  certificateWhy,
  isCertificateReason,
} from '#/kernel/certificate.ts';
import { AddressRefusedError } from '#/kernel/url-safety.ts';
import { PeerError } from '#/services/peer-channel.ts';

/** Why no answer came; the `reason` of a {@link PeerError} `unreachable`. */
export type NetworkReason = 'dns' | 'connection_refused' | 'timeout' | 'no_tls' | 'cut' | 'aborted' | CertificateReason;

const reasons: Readonly<Record<string, NetworkReason>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ENODATA: 'dns',
  ECONNREFUSED: 'connection_refused',
  EHOSTUNREACH: 'connection_refused',
  ENETUNREACH: 'connection_refused',
  ETIMEDOUT: 'timeout',
  TimeoutError: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  AbortError: 'aborted',
  UND_ERR_ABORTED: 'aborted',
  EPROTO: 'no_tls',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no_tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'no_tls',
};

const texts: Readonly<Record<Exclude<NetworkReason, CertificateReason>, string>> = {
  dns: 'its host name is not known',
  connection_refused: 'nothing accepts connections there',
  timeout: 'it did not answer in time',
  no_tls: 'it does not speak https',
  cut: 'the connection was cut',
  aborted: 'the request was cancelled',
};

/** The error for a request that got no complete answer. Made from codes alone: foreign texts could carry parts of a request. */
export function networkFault(error: unknown, origin: string): PeerError {
  const chain = causes(error);
  const refused = chain.find((one) => one instanceof AddressRefusedError);
  if (refused !== undefined) return new PeerError('address_refused', { message: refused.message, cause: error });
  if (chain.some((one) => String(codeOf(one)).startsWith('HPE_')))
    return new PeerError('not_a_node', { message: `${origin} does not speak HTTP.`, cause: error });
  const known = chain.find((one) => reasonOf(one) !== null);
  const reason = reasonOf(known) ?? 'cut';
  const why = isCertificateReason(reason) ? certificateWhy(codeOf(known) ?? '') : texts[reason];
  return new PeerError('unreachable', {
    message: `${origin} could not be reached: ${why}.`,
    reason,
    cause: error,
  });
}

function reasonOf(error: unknown): NetworkReason | null {
  const code = codeOf(error);
  if (code === null) return null;
  return certificateReason(code) ?? reasons[code] ?? null;
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : null;
}

function causes(error: unknown, depth = 0): unknown[] {
  if (typeof error !== 'object' || error === null || depth > 5) return [];
  const inner = [...(error instanceof AggregateError ? error.errors : []), ...('cause' in error ? [error.cause] : [])];
  return [error, ...inner.flatMap((one) => causes(one, depth + 1))];
}
