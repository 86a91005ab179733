import { TrackerError } from '#/engine/ports.ts';
import { certificateReason, certificateWhy } from '#/kernel/certificate.ts';

/**
 * The error for an exchange without an answer. `sent`: the request had reached a connected socket, so a write may have
 * happened (`unknown`); before that, or for a read, nothing was changed (`not_performed`). The text is made from the error
 * code alone, since foreign texts could carry parts of a request.
 */
export function networkError(error: unknown, facts: { sent: boolean; reads: boolean }): TrackerError {
  const code = errorCode(error);
  const reason = explain(code);
  return new TrackerError('unreachable', {
    message: `Jira could not be reached: ${reason}.`,
    outcome: facts.sent && !facts.reads ? 'unknown' : 'not_performed',
    reason: certificateReason(code),
    cause: error,
  });
}

/** Whether an error means that Jira was too slow, rather than not there. */
export function isTimeout(error: unknown): boolean {
  return ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'].includes(errorCode(error));
}

function errorCode(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  if (typeof error === 'object' && error !== null) {
    if ('code' in error && typeof error.code === 'string') return error.code;
    if ('name' in error && typeof error.name === 'string') return error.name;
  }
  return 'unknown error';
}

const explanations: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
  ETIMEDOUT: 'the connection timed out',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_CONNECT_TIMEOUT: 'connecting took too long',
  UND_ERR_HEADERS_TIMEOUT: 'no answer came in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped half-way',
  UND_ERR_ABORTED: 'the request was cancelled',
  AbortError: 'the request was cancelled',
  TimeoutError: 'the request took too long',
  UND_ERR_DESTROYED: 'this client is closed',
  UND_ERR_CLOSED: 'this client is closed',
  EPROTO: 'it does not speak TLS at this address',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS at this address',
};

function explain(code: string): string {
  if (certificateReason(code) !== null) return certificateWhy(code);
  const known = explanations[code];
  if (known !== undefined) return `${known} (${code})`;
  return code.startsWith('HPE_') ? `it does not speak HTTP at this address (${code})` : code;
}
