import type { LookupFunction } from 'node:net';
import type { Clock } from '#/engine/ports.ts';
import type { Places } from '#/kernel/places.ts';

/** How the node logs in: a Personal Access Token (Jira 8.14+) or a user name and password (refused by a default Jira 11). */
export type JiraCredentials = { kind: 'token'; token: string } | { kind: 'basic'; username: string; password: string };

/** The part of a logger (pino's calling convention) that the adapter uses. Never given credentials, queries or bodies. */
export interface JiraLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** One finished HTTP exchange; `route` is a template without ids, `status` null when no answer came. */
export interface RequestInfo {
  method: string;
  route: string;
  status: number | null;
  ms: number;
}

/** Waits `ms` milliseconds, or rejects when `signal` is aborted. Replaced in tests. */
export type Delay = (ms: number, signal?: AbortSignal) => Promise<void>;

export interface JiraOptions {
  /** Address of Jira with its context path, such as `https://jira.example/jira`. A user name in it is dropped. */
  baseUrl: string;
  credentials: JiraCredentials;
  /** PEM text of further certificate authorities, added to those Node trusts. */
  caPem?: string | undefined;
  /** Upper bound of requests in flight; the client goes lower by itself when Jira struggles. */
  concurrency: number;
  /** Where several processes share that bound: what this one may take of it. */
  places?: Places | undefined;
  logger?: JiraLogger | undefined;
  clock?: Clock | undefined;
  /** Longest wait for the answer's headers, milliseconds (default 30 000). Connecting is limited to 10 s, silence in a body to 60 s. */
  timeoutMs?: number | undefined;
  onRequest?: ((info: RequestInfo) => void) | undefined;
  /** Replaces the DNS look-up, for instance to refuse private addresses. Not asked for hosts that are IP addresses. */
  connectLookup?: LookupFunction | undefined;
  /** Wait before a refused password is tried again, milliseconds (default 15 min: about three failures lock the account). */
  passwordRecheckMs?: number | undefined;
  /** The same for a token, and for answers given to nobody (default 30 s: those lock nothing). */
  tokenRecheckMs?: number | undefined;
  /** Longest pause (`Retry-After`) that a call waits out, milliseconds (default 20 s); a longer one fails the call at once. */
  maxPauseWaitMs?: number | undefined;
  delay?: Delay | undefined;
  /** Random number in [0, 1) for the jitter of retries. */
  random?: (() => number) | undefined;
}

export const silentLogger: JiraLogger = { debug: () => {}, info: () => {}, warn: () => {} };
