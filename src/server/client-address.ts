import { classifyIp } from '#/kernel/ip-class.ts';

/** Request header with the address of whoever opened the connection; see {@link file://./peer-address.ts}. */
export const peerHeader = 'x-exalate-peer';

/**
 * Where a request comes from, for limits. X-Forwarded-For is whatever the client wrote unless a reverse proxy added to it, and
 * then its last entry is the proxy's. There must be one when the console is reached by https, which this server does not
 * speak, and there may be one on this machine. Everybody else is taken at the address that the connection came from.
 */
export function clientAddress(headers: { get(name: string): string | null }, exalateUrl: string): string {
  const peer = headers.get(peerHeader)?.replace(/^::ffff:/, '') ?? null;
  const forwarded = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() || null;
  const behindProxy = peer === null || exalateUrl.startsWith('https:') || classifyIp(peer) === 'loopback';
  return ((behindProxy ? forwarded : null) ?? peer ?? 'unknown').slice(0, 64);
}
