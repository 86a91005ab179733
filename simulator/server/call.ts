import type { IncomingMessage } from 'node:http';
import type { Jira } from '../core/jira.ts';
import type { Json, JsonObject, UserRecord } from '../store/records.ts';
import { JiraError, ReplyError, loginRequired, noSuchPath } from './errors.ts';
import { html } from './reply.ts';

const BODY_LIMIT = 64 * 1024 * 1024;

export type AuthKind = 'none' | 'basic' | 'bearer' | 'session';

/** One request on its way through the server. */
export class Call {
  readonly jira: Jira;
  readonly req: IncomingMessage;
  readonly method: string;
  /** After the context path. */
  readonly path: string;
  readonly query: URLSearchParams;
  params: Record<string, string> = {};
  user: UserRecord | null = null;
  auth: AuthKind = 'none';
  /** Headers that authentication wants on the answer. */
  readonly answerHeaders: Record<string, string | string[]> = {};
  sessionId: string | null = null;
  body: Json | undefined = undefined;
  /** For the write log. */
  issueKey: string | null = null;

  constructor(jira: Jira, req: IncomingMessage, path: string, query: URLSearchParams) {
    this.jira = jira;
    this.req = req;
    this.method = req.method ?? 'GET';
    this.path = path;
    this.query = query;
  }

  /** Gives the client one more cookie. */
  setCookie(cookie: string): void {
    const others = this.answerHeaders['Set-Cookie'] ?? [];
    this.answerHeaders['Set-Cookie'] = [...[others].flat(), cookie];
  }

  param(name: string): string {
    return this.params[name] ?? '';
  }

  header(name: string): string | undefined {
    const value = this.req.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** The signed-in user, or 401. */
  needUser(): UserRecord {
    if (this.user === null) throw loginRequired();
    return this.user;
  }

  /** The JSON body as an object; an absent one as an empty object. */
  bodyObject(): JsonObject {
    const body = this.body;
    if (body === undefined) return {};
    if (body === null || typeof body !== 'object' || Array.isArray(body)) {
      throw new JiraError(400, 'Can not deserialize instance of the request bean out of the given token');
    }
    return body;
  }

  async readBytes(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.req) {
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > BODY_LIMIT) throw new JiraError(413, 'Request too large');
      chunks.push(bytes);
    }
    return Buffer.concat(chunks);
  }

  /** Reads a JSON body; anything else is refused as the REST framework does. */
  async readJson(): Promise<void> {
    const bytes = await this.readBytes();
    if (bytes.length === 0) return;
    const type = this.header('content-type') ?? '';
    if (!/^application\/(json|[\w.-]+\+json)/i.test(type)) {
      throw new ReplyError(html(415, '<html><head><title>Unsupported Media Type</title></head><body></body></html>'));
    }
    try {
      this.body = JSON.parse(bytes.toString('utf8'));
    } catch (error) {
      throw new JiraError(400, `Unexpected character: ${error instanceof Error ? error.message : 'invalid JSON'}`);
    }
  }

  integer(name: string, fallback: number): number {
    const text = this.query.get(name);
    if (text === null || text === '') return fallback;
    const value = Number(text);
    // a number that does not parse is a missing resource to the REST framework
    if (!Number.isInteger(value)) throw noSuchPath(this);
    return value;
  }
}
