import type { LookupFunction } from 'node:net';
import { getCACertificates } from 'node:tls';
import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import { TrackerError } from '#/engine/ports.ts';
import { networkError } from './network-error.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface HttpRequest {
  method: Method;
  origin: string;
  /** Full path with context path and query. */
  path: string;
  headers: Readonly<Record<string, string>>;
  /** Changes nothing at Jira, so its failure leaves nothing in doubt. */
  reads: boolean;
  body?: string | AsyncIterable<Uint8Array>;
  /** Overrides the client's wait for headers, milliseconds. */
  headersTimeoutMs?: number;
  signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  status: number;
  /** First value of a header, by lower-case name. */
  header(name: string): string | undefined;
  body: Dispatcher.ResponseData['body'];
}

/** Marks the moment at which undici hands a request to a connected socket: before it, an error cannot have had an effect. */
interface Exchange {
  started: boolean;
}

export interface Transport {
  /** One exchange over a pooled connection, redirects not followed. Throws {@link TrackerError} `unreachable`. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

const connectTimeoutMs = 10_000;
const bodyIdleTimeoutMs = 60_000;

/** HTTP/1.1 with keep-alive (undici). Keeps no cookies: a stale session beside valid credentials gives odd 401s. */
export function createTransport(options: {
  timeoutMs: number;
  caPem?: string | undefined;
  lookup?: LookupFunction | undefined;
}): Transport {
  let agent: Dispatcher | null = null;
  let owner: Agent | null = null;

  function dispatcher(): Dispatcher {
    if (agent !== null) return agent;
    owner = new Agent({
      allowH2: false,
      headersTimeout: options.timeoutMs,
      bodyTimeout: bodyIdleTimeoutMs,
      connect: {
        timeout: Math.min(connectTimeoutMs, options.timeoutMs),
        ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
        ...(options.caPem === undefined ? {} : { ca: [...getCACertificates('default'), options.caPem] }),
      },
    });
    agent = owner.compose(noteStart);
    return agent;
  }

  return {
    async send(request) {
      const exchange: Exchange = { started: false };
      try {
        const { statusCode, headers, body } = await dispatcher().request({
          origin: request.origin,
          path: request.path,
          method: request.method,
          headers: request.headers,
          opaque: exchange,
          // undici takes any async iterable; its types name Readable only.
          ...(request.body === undefined ? {} : { body: request.body as string }),
          ...(request.headersTimeoutMs === undefined ? {} : { headersTimeout: request.headersTimeoutMs }),
          ...(request.signal === undefined ? {} : { signal: request.signal }),
        });
        const header = (name: string) => {
          const value = headers[name];
          return Array.isArray(value) ? value[0] : value;
        };
        // A body that is thrown away half-read fails with an error nobody waits for; readers get it all the same.
        body.on('error', () => {});
        return { status: statusCode, header, body };
      } catch (error) {
        if (error instanceof TrackerError) throw error;
        throw networkError(error, { sent: exchange.started, reads: request.reads });
      }
    },

    async close() {
      await owner?.destroy();
    },
  };
}

const noteStart: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (request, handler) => {
  const exchange = 'opaque' in request ? (request.opaque as Exchange) : null;
  return dispatch(request, {
    ...forwarding(handler),
    onRequestStart(controller, context) {
      if (exchange !== null) exchange.started = true;
      handler.onRequestStart?.(controller, context);
    },
  });
};

function forwarding(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
  return {
    onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
    onResponseStart: (...args) => handler.onResponseStart?.(...args),
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  };
}
