import { setTimeout as wait } from 'node:timers/promises';
import { TrackerError } from '#/engine/ports.ts';
import type { Clock, ProxyUser } from '#/engine/ports.ts';
import { authorizationHeader } from './authorization.ts';
import { parseBaseUrl, queryString } from './base-url.ts';
import type { BaseUrl } from './base-url.ts';
import { readText } from './body.ts';
import type { Answer, Call, StreamCall } from './call.ts';
import { AdaptiveLimit } from './concurrency.ts';
import { CredentialGate } from './credential-gate.ts';
import { parseHttpDate } from './dates.ts';
import { parseJson, refusalOf } from './error-response.ts';
import type { AnswerContext, ReceivedAnswer } from './error-response.ts';
import { isTimeout, networkError } from './network-error.ts';
import { silentLogger } from './options.ts';
import type { Delay, JiraLogger, JiraOptions } from './options.ts';
import { Pause } from './pause.ts';
import { parseProxyUser } from './proxy-user.ts';
import { retryDelayMs } from './retry.ts';
import { createTransport } from './transport.ts';
import type { HttpAnswer, HttpRequest, Transport } from './transport.ts';

export const defaultTimeoutMs = 30_000;
const userAgent = 'exalate-basic-console (Jira adapter)';
const slowAnswerMs = 10_000;
/** A larger upload may last for minutes, for which it must not take the place of other requests. */
const largestCountedBytes = 4 * 1024 ** 2;

/** What all clients of one account share, guarded or not. */
interface Shared {
  readonly limit: AdaptiveLimit;
  readonly pause: Pause;
  readonly transport: Transport;
  readonly gate: CredentialGate;
  readonly closing: AbortController;
}

/**
 * HTTP to one Jira as one account: credentials guarded ({@link CredentialGate}), pace adapted, `Retry-After` obeyed,
 * reads repeated when that is safe, every failure a {@link TrackerError}. Writes are repeated only after 429, which is
 * refused before processing.
 */
export class JiraClient {
  readonly base: BaseUrl;
  readonly credentialsKind: 'token' | 'basic';
  readonly clock: Clock;
  readonly logger: JiraLogger;
  readonly #authorization: string | null;
  readonly #options: JiraOptions;
  readonly #shared: Shared;
  readonly #mayWrite: () => void;
  readonly #delay: Delay;
  readonly #random: () => number;
  readonly #onRequest: NonNullable<JiraOptions['onRequest']>;

  constructor(options: JiraOptions, guarded?: { shared: Shared; mayWrite: () => void }) {
    this.#options = options;
    this.#mayWrite = guarded?.mayWrite ?? (() => {});
    this.base = parseBaseUrl(options.baseUrl);
    this.credentialsKind = options.credentials.kind;
    this.clock = options.clock ?? { now: () => Date.now() };
    this.logger = options.logger ?? silentLogger;
    this.#authorization = authorizationHeader(options.credentials);
    this.#delay = options.delay ?? ((ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }));
    this.#random = options.random ?? Math.random;
    this.#onRequest = options.onRequest ?? (() => {});
    this.#shared = guarded?.shared ?? this.#open();
  }

  #open(): Shared {
    const options = this.#options;
    const uncounted = options.tokenRecheckMs ?? 30_000;
    const counted = this.credentialsKind === 'basic' ? (options.passwordRecheckMs ?? 900_000) : uncounted;
    return {
      limit: new AdaptiveLimit(options.concurrency, options.places),
      pause: new Pause(this.clock, this.#delay, options.maxPauseWaitMs ?? 20_000),
      transport: createTransport({
        timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
        caPem: options.caPem,
        lookup: options.connectLookup,
      }),
      gate: new CredentialGate({
        clock: this.clock,
        recheckMs: { counted, uncounted },
        prove: () => this.#askMyself(),
      }),
      closing: new AbortController(),
    };
  }

  /** The same client, which calls `mayWrite` right before it sends what changes something. */
  guarded(mayWrite: () => void): JiraClient {
    return new JiraClient(this.#options, { shared: this.#shared, mayWrite });
  }

  /** Sends a call and returns its success; throws {@link TrackerError}. */
  async call(call: Call): Promise<Answer> {
    return this.repeat(isRead(call), () => this.#attempt(call, true));
  }

  /** Does `work` again after a failure that {@link retryDelayMs} calls safe to repeat. `reads`: it changes nothing. */
  async repeat<T>(reads: boolean, work: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        await this.#beforeRetry(error, attempt, reads);
      }
    }
  }

  /** The account of the credentials, from an authenticated answer at most `maxAgeMs` old (0: asked now). */
  async identity(maxAgeMs: number): Promise<ProxyUser> {
    return this.#shared.gate.identity(maxAgeMs);
  }

  /**
   * Makes sure that an answer was given to our account and not to an anonymous visitor (a bad Bearer token gets 200 with
   * nothing in it, measured on 10.3.24). Without `X-AUSERNAME` (a proxy removed it) `/myself` decides, asked at most
   * `maxAgeMs` ago.
   */
  async confirmOurs(answer: { header(name: string): string | undefined }, maxAgeMs: number): Promise<void> {
    const name = answer.header('x-ausername');
    if (name !== undefined && this.#shared.gate.isOurs(name)) return;
    await this.#shared.gate.identity(name === undefined ? maxAgeMs : 0);
  }

  /** Sends a call with a streamed body in one direction. The answer's status and headers are not judged yet. */
  async stream(call: StreamCall, withCredentials = true): Promise<HttpAnswer> {
    await this.#shared.gate.pass();
    const permit = await this.#shared.limit.acquire();
    const counts = Number(call.request.headers['content-length'] ?? 0) <= largestCountedBytes;
    if (!counts) permit.finish('neutral');
    try {
      await this.#ready();
      this.#shared.gate.check();
      if (!call.request.reads) this.#mayWrite();
      return await this.#send(call.request, call.route, withCredentials);
    } finally {
      if (counts) permit.finish('neutral');
    }
  }

  /** Judges an answer of {@link stream} with its text; throws when it is an error, and notes refused credentials. */
  judge(answer: ReceivedAnswer, call: StreamCall): void {
    const context: AnswerContext = {
      what: `${call.request.method} ${call.route}`,
      reads: call.request.reads,
      address: call.request.origin + call.request.path,
      credentialsKind: this.credentialsKind,
      adminOnly: false,
      nowMs: this.clock.now(),
    };
    this.#judge(answer, context);
  }

  async close(): Promise<void> {
    this.#shared.closing.abort();
    await this.#shared.transport.close();
  }

  async #attempt(call: Call, guarded: boolean): Promise<Answer> {
    if (guarded) await this.#shared.gate.pass();
    const permit = await this.#shared.limit.acquire();
    let outcome: 'ok' | 'congested' | 'neutral' = 'neutral';
    try {
      await this.#ready();
      if (guarded) this.#shared.gate.check();
      if (!isRead(call)) this.#mayWrite();
      const startedMs = performance.now();
      const answer = await this.#exchange(call);
      outcome = performance.now() - startedMs > slowAnswerMs ? 'congested' : 'ok';
      return answer;
    } catch (error) {
      if (isCongestion(error)) outcome = 'congested';
      throw error;
    } finally {
      permit.finish(outcome);
    }
  }

  async #exchange(call: Call): Promise<Answer> {
    const reads = isRead(call);
    const path = this.base.contextPath + call.path + queryString(call.query);
    const request: HttpRequest = {
      method: call.method,
      origin: this.base.origin,
      path,
      reads,
      headers: {
        ...(call.method === 'GET' ? {} : { 'x-atlassian-token': 'no-check' }),
        ...(call.json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      },
      ...(call.json === undefined ? {} : { body: JSON.stringify(call.json) }),
    };
    const raw = await this.#send(request, call.route, true);
    const text = await readText(raw, reads);
    const answer: ReceivedAnswer = { status: raw.status, header: raw.header, text };
    this.#judge(answer, {
      what: `${call.method} ${call.route}`,
      reads,
      address: this.base.origin + path,
      credentialsKind: this.credentialsKind,
      adminOnly: call.adminOnly === true,
      nowMs: this.clock.now(),
    });
    const data = parseJson(text);
    return { status: raw.status, header: raw.header, data, readAtMs: parseHttpDate(raw.header('date')) };
  }

  async #send(request: HttpRequest, route: string, withCredentials: boolean): Promise<HttpAnswer> {
    if (this.#authorization === null) {
      const error = new TrackerError('credentials_refused', {
        message: 'The token contains characters that no token has.',
        outcome: 'not_performed',
      });
      this.#shared.gate.refuse(error, 'uncounted');
      throw error;
    }
    const startedMs = performance.now();
    let status: number | null = null;
    try {
      const answer = await this.#shared.transport.send({
        ...request,
        headers: {
          accept: 'application/json',
          'user-agent': userAgent,
          ...request.headers,
          ...(withCredentials ? { authorization: this.#authorization } : {}),
        },
      });
      status = answer.status;
      return answer;
    } finally {
      const ms = Math.round(performance.now() - startedMs);
      this.#onRequest({ method: request.method, route, status, ms });
      this.logger.debug({ method: request.method, route, status, ms }, 'jira request');
    }
  }

  #judge(answer: ReceivedAnswer, context: AnswerContext): void {
    const refusal = refusalOf(answer, context);
    if (refusal === null) return;
    const { error } = refusal;
    if (refusal.credentials !== null) {
      this.#shared.gate.refuse(error, refusal.credentials);
      this.logger.warn({ code: error.code, status: error.status }, 'jira refused the credentials');
    }
    if ((error.code === 'rate_limited' || error.code === 'unavailable') && error.retryAfterMs !== null) {
      this.#shared.pause.extend(error.retryAfterMs, { code: error.code, status: answer.status });
      this.logger.warn({ status: answer.status, retryAfterMs: error.retryAfterMs }, 'jira asked for a pause');
    }
    throw error;
  }

  async #ready(): Promise<void> {
    await this.#shared.pause.wait(this.#shared.closing.signal).catch((error: unknown) => {
      throw error instanceof TrackerError ? error : networkError(error, { sent: false, reads: true });
    });
    if (this.#shared.closing.signal.aborted)
      throw networkError({ code: 'UND_ERR_CLOSED' }, { sent: false, reads: true });
  }

  async #beforeRetry(error: unknown, attempt: number, reads: boolean): Promise<void> {
    if (!(error instanceof TrackerError)) throw error;
    const ms = retryDelayMs(error, { attempt, reads, random: this.#random });
    if (ms === null || this.#shared.closing.signal.aborted) throw error;
    await this.#delay(ms, this.#shared.closing.signal).catch(() => {
      throw error;
    });
  }

  #askMyself(): Promise<ProxyUser> {
    const call: Call = { method: 'GET', route: '/myself', path: '/rest/api/2/myself' };
    return this.repeat(true, async () => parseProxyUser(await this.#attempt(call, false)));
  }
}

function isRead({ method, reads }: Call): boolean {
  return method === 'GET' || reads === true;
}

function isCongestion(error: unknown): boolean {
  if (!(error instanceof TrackerError)) return false;
  if (error.code === 'rate_limited' || error.code === 'unavailable')
    return error.status !== null && error.outcome !== 'not_performed';
  return error.code === 'unreachable' && (error.status !== null || isTimeout(error.cause));
}
