import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { peerHeader } from './client-address.ts';

/**
 * From now on every request that this process receives tells, in a header that no client can set, from which address its
 * connection was opened: pages and actions see nothing of a request but its headers.
 */
export function notePeerAddresses(): void {
  subscribe('http.server.request.start', (event) => {
    const { request } = event as { request: IncomingMessage };
    request.headers[peerHeader] = request.socket.remoteAddress ?? 'unknown';
  });
}
