/**
 * A proxy that spoils what passes between two nodes, in the words of Toxiproxy: it stands where the partner's address says
 * that the partner is. One request in one exchange; bodies are held in memory, so it is for messages and small files.
 */
import { createServer, request as send } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export type Toxic =
  | { kind: 'latency'; ms: number; jitterMs?: number }
  /** The connection is cut before the request reaches the partner. */
  | { kind: 'reset' }
  /** The partner does what it was asked, and the answer never arrives. */
  | { kind: 'lostReply' }
  /** Half of the answer's body, then the connection is cut. */
  | { kind: 'truncate' }
  /** Nothing is answered, until the sender gives up. */
  | { kind: 'hang' }
  /** The request reaches the partner twice; the second answer is given. */
  | { kind: 'doubled' }
  | { kind: 'respond'; status: number; headers?: Record<string, string>; body?: string };

export interface ToxicMatch {
  /** On the path; everything unless given. */
  path?: RegExp;
  /** So many requests only. */
  count?: number;
  probability?: number;
}

export interface FaultProxy {
  readonly url: string;
  /** Requests that arrived, by what became of them. */
  readonly seen: { passed: number; spoiled: number };
  add(toxic: Toxic, match?: ToxicMatch): void;
  clear(): void;
  /** Refuses connections, as if the partner's machine were off. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

export const htmlPage: Toxic = {
  kind: 'respond',
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><title>Log in</title>',
};

export async function startFaultProxy(targetUrl: string, random: () => number = Math.random): Promise<FaultProxy> {
  let toxics: { toxic: Toxic; match: ToxicMatch; left: number }[] = [];
  const seen = { passed: 0, spoiled: 0 };
  const server = createServer((incoming, outgoing) => {
    outgoing.on('error', () => {});
    handle(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;

  function spoil(path: string): Toxic[] {
    const hits = toxics.filter(
      ({ match, left }) => left > 0 && (match.path?.test(path) ?? true) && random() < (match.probability ?? 1),
    );
    for (const hit of hits) hit.left -= 1;
    return hits.map(({ toxic }) => toxic);
  }

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const hits = spoil(incoming.url ?? '');
    seen[hits.length > 0 ? 'spoiled' : 'passed'] += 1;
    for (const toxic of hits) {
      if (toxic.kind === 'latency') await delay(toxic.ms + random() * (toxic.jitterMs ?? 0));
    }
    const toxic = hits.find(({ kind }) => kind !== 'latency');
    switch (toxic?.kind) {
      case 'reset':
        return void incoming.socket.destroy();
      case 'hang':
        return;
      case 'respond':
        return void outgoing.writeHead(toxic.status, toxic.headers ?? {}).end(toxic.body ?? '');
      default:
        break;
    }
    if (toxic?.kind === 'doubled') await forward(targetUrl, incoming, body);
    const answer = await forward(targetUrl, incoming, body);
    if (toxic?.kind === 'lostReply') return void incoming.socket.destroy();
    outgoing.writeHead(answer.status, answer.headers);
    if (toxic?.kind !== 'truncate') return void outgoing.end(answer.body);
    outgoing.write(answer.body.subarray(0, answer.body.length / 2), () => incoming.socket.destroy());
  }

  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    add: (toxic, match = {}) => void toxics.push({ toxic, match, left: match.count ?? Number.POSITIVE_INFINITY }),
    clear: () => void (toxics = []),
    down: close,
    up: () => listen(port),
    stop: () => (server.listening ? close() : Promise.resolve()),
  };
}

interface Forwarded {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** The same request to the partner: path, headers and body decide whether its signature holds. */
async function forward(targetUrl: string, incoming: IncomingMessage, body: Buffer): Promise<Forwarded> {
  return new Promise((resolve, reject) => {
    const { connection: _hop, ...headers } = incoming.headers;
    const outgoing = send(
      new URL(incoming.url ?? '/', targetUrl),
      { method: incoming.method ?? 'GET', headers, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const { connection: _own, 'transfer-encoding': _coding, ...kept } = answer.headers;
          const own = Object.entries(kept).flatMap(([name, value]) =>
            value === undefined ? [] : [[name, value] as const],
          );
          resolve({ status: answer.statusCode ?? 502, headers: Object.fromEntries(own), body: Buffer.concat(chunks) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
