import type { Readable } from 'node:stream';
import { getCACertificates } from 'node:tls';
import { Agent } from 'undici';
import type { AddressGuard } from '#/kernel/url-safety.ts';
import { networkFault } from './network-fault.ts';

export interface TransportRequest {
  method: 'GET' | 'POST' | 'PUT';
  url: URL;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array | Readable;
  signal?: AbortSignal | undefined;
}

export interface Answer {
  status: number;
  /** First value of a header, by lower-case name. */
  header(name: string): string | null;
  body: Readable;
  /** Origin that answered, for texts. */
  origin: string;
}

export interface Transport {
  /** One exchange over a pooled connection; redirects are not followed. Throws {@link PeerError}. */
  exchange(request: TransportRequest): Promise<Answer>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const HEADERS_TIMEOUT_MS = 30_000;
/** Between two pieces of a body. */
const BODY_IDLE_TIMEOUT_MS = 30_000;
/** Shorter than the five seconds after which Node's own server closes an idle connection. */
const KEEP_ALIVE_MS = 4_000;

/** HTTP/1.1 with keep-alive; every connection goes through the address guard, and certificates are always verified. */
export function createTransport(options: { guard?: AddressGuard | undefined; caPem?: string | undefined }): Transport {
  const agent = new Agent({
    allowH2: false,
    pipelining: 1,
    connections: 64,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    bodyTimeout: BODY_IDLE_TIMEOUT_MS,
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      ...(options.guard === undefined ? {} : { lookup: options.guard.lookup }),
      ...(options.caPem === undefined ? {} : { ca: [...getCACertificates('default'), options.caPem] }),
    },
  });

  return {
    async exchange({ method, url, headers, body, signal }) {
      try {
        // A literal address is never looked up, so the guard has to see it here.
        options.guard?.assertUrl(url);
        const response = await agent.request({
          origin: url.origin,
          path: url.pathname + url.search,
          method,
          headers: { 'accept-encoding': 'identity', 'user-agent': 'exalate-basic-node', ...headers },
          ...(body === undefined ? {} : { body }),
          ...(signal === undefined ? {} : { signal }),
        });
        return {
          status: response.statusCode,
          header(name) {
            const value = response.headers[name];
            return (Array.isArray(value) ? value[0] : value) ?? null;
          },
          body: response.body,
          origin: url.origin,
        };
      } catch (error) {
        throw networkFault(error, url.origin);
      }
    },
    close: () => agent.destroy(),
  };
}
