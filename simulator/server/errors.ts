import { json } from './reply.ts';
import type { Reply } from './reply.ts';

/** A refusal in Jira's normal envelope: `errorMessages` and `errors` by field. */
export class JiraError extends Error {
  readonly status: number;
  readonly messages: string[];
  readonly errors: Record<string, string>;

  constructor(status: number, messages: string | string[], errors: Record<string, string> = {}) {
    super(typeof messages === 'string' ? messages : messages.join(' '));
    this.name = 'JiraError';
    this.status = status;
    this.messages = typeof messages === 'string' ? [messages] : messages;
    this.errors = errors;
  }
}

/** Stops the handling of a request with a ready answer. */
export class ReplyError extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`HTTP ${reply.status}`);
    this.name = 'ReplyError';
    this.reply = reply;
  }
}

/** The 400 of a create or edit with its message per field. */
export function fieldErrors(errors: Record<string, string>): JiraError {
  return new JiraError(400, [], errors);
}

/** Errors of the REST framework itself and of authentication plug-ins have this shape. */
export function messageError(status: number, message: string): ReplyError {
  return new ReplyError(json(status, { message, 'status-code': status }));
}

/** 404 of a path that the server does not know; the text names it whole. */
export function noSuchPath(call: { jira: { baseUrl: string }; path: string }): ReplyError {
  return messageError(404, `null for uri: ${call.jira.baseUrl}${call.path}`);
}

export function loginRequired(): ReplyError {
  return messageError(401, 'Client must be authenticated to access this resource.');
}
