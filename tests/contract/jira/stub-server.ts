import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IssueTracker } from '#/engine/ports.ts';
import { createJira } from '#/jira/index.ts';
import type { JiraOptions } from '#/jira/index.ts';

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export type Handler = (request: SeenRequest, response: ServerResponse) => unknown;

/** A server that answers by hand, for what no well-behaved Jira does. `/myself` is answered unless the handler takes it. */
export class StubServer implements AsyncDisposable {
  readonly seen: SeenRequest[] = [];
  readonly url: string;
  readonly #server: ReturnType<typeof createServer>;
  readonly #trackers: IssueTracker[] = [];

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jira`;
  }

  static async start(handler: Handler, options: { readBody?: boolean } = {}): Promise<StubServer> {
    let stub: StubServer | null = null;
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      if (options.readBody !== false) for await (const chunk of request) chunks.push(chunk as Buffer);
      const seen: SeenRequest = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      stub?.seen.push(seen);
      await handler(seen, response);
      if (!response.headersSent && !response.writableEnded && !response.destroyed && seen.url.endsWith('/myself')) {
        myself(response);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stub = new StubServer(server);
    return stub;
  }

  /** Requests other than the proof of identity. */
  get calls(): SeenRequest[] {
    return this.seen.filter(({ url }) => !url.endsWith('/myself'));
  }

  tracker(options: Partial<JiraOptions> = {}): IssueTracker {
    const tracker = createJira({
      baseUrl: this.url,
      credentials: { kind: 'basic', username: 'ada', password: 'correct horse' },
      concurrency: 16,
      delay: async () => {},
      random: () => 0,
      ...options,
    });
    this.#trackers.push(tracker);
    return tracker;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#trackers.map((tracker) => tracker.close()));
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', 'x-ausername': 'ada', ...headers });
  response.end(JSON.stringify(body));
}

export function html(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'text/html;charset=UTF-8', ...headers });
  response.end('<!DOCTYPE html><html>page</html>');
}

export function myself(response: ServerResponse, headers: Record<string, string> = {}): void {
  json(response, 200, { name: 'ada', key: 'JIRAUSER1', displayName: 'Ada', timeZone: 'Europe/Berlin' }, headers);
}

export function wrongPassword(response: ServerResponse): void {
  html(response, 401, { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' });
}

/** Clock moved by hand; its `delay` moves it. */
export function handClock(startMs = 1_700_000_000_000) {
  let nowMs = startMs;
  const waited: number[] = [];
  return {
    waited,
    clock: { now: () => nowMs },
    advance(ms: number) {
      nowMs += ms;
    },
    delay: async (ms: number) => {
      waited.push(ms);
      nowMs += ms;
    },
  };
}

export const issueBody = {
  id: '10001',
  key: 'A-1',
  fields: {
    summary: 'one',
    description: null,
    issuetype: { id: '1', name: 'Bug', subtask: false },
    project: { id: '10', key: 'A', name: 'Alpha' },
    creator: { name: 'ada', key: 'ada', displayName: 'Ada' },
    reporter: null,
    created: '2026-08-11T10:00:00.000+0000',
    updated: '2026-08-11T10:00:01.500+0000',
    comment: { comments: [], total: 0, maxResults: 0, startAt: 0 },
    attachment: [],
  },
};
