import type { Readable } from 'node:stream';

/** An answer as data: the fault switches decide what of it reaches the wire. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
  /** Said by something in front of Jira: it carries no header of Jira. */
  inFront?: boolean;
  /** Instead of a body; `length` is what Content-Length announces. */
  stream?: { open: () => Readable; length: number };
}

export const JSON_TYPE = 'application/json;charset=UTF-8';
export const HTML_TYPE = 'text/html;charset=UTF-8';

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'Content-Type': JSON_TYPE, ...headers }, body: JSON.stringify(value) };
}

export function ok(value: unknown): Reply {
  return json(200, value);
}

/** 204 and the empty 201 carry text/html on a real server. */
export function empty(status = 204): Reply {
  return { status, headers: { 'Content-Type': HTML_TYPE }, body: '' };
}

export function html(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'Content-Type': HTML_TYPE, ...headers }, body };
}

export function plain(status: number, body: string): Reply {
  return { status, headers: { 'Content-Type': 'text/plain;charset=UTF-8' }, body };
}

export function redirect(location: string, status = 302): Reply {
  return { status, headers: { Location: location, 'Content-Type': HTML_TYPE }, body: '' };
}
