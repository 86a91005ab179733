import type { HttpRequest, Method } from './transport.ts';

/** One REST call. */
export interface Call {
  method: Method;
  /** Template for texts and metrics, such as `/issue/{id}`. */
  route: string;
  /** Path below the context path, such as `/rest/api/2/issue/10001`. */
  path: string;
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  json?: unknown;
  /** Changes nothing although it is no GET (search): safe to repeat. */
  reads?: boolean;
  /** 401 also means "not an administrator" here (webhooks, issue type schemes). */
  adminOnly?: boolean;
}

/** A success: 2xx, made for our account, no web page. */
export interface Answer {
  status: number;
  header(name: string): string | undefined;
  /** The JSON value; undefined for an empty body. */
  data: unknown;
  /** Jira's clock (HTTP `Date`), epoch milliseconds. */
  readAtMs: number | null;
}

/** An exchange whose body is a stream. It counts as in flight until the answer begins, unless it sends a large file. */
export interface StreamCall {
  request: HttpRequest;
  route: string;
}
