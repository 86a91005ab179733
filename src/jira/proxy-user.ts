import type { ProxyUser } from '#/engine/ports.ts';
import type { Answer } from './call.ts';
import { parseAnswer } from './parse.ts';
import { myselfSchema } from './schemas.ts';

/** The account of a `/myself` answer; `unexpected` for anything else that is JSON. */
export function parseProxyUser(answer: Answer): ProxyUser {
  return parseAnswer(myselfSchema, answer, { what: 'GET /myself', reads: true });
}
