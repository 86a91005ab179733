/** Codes by which a node refuses a request of another node; they travel as `{error: {code, summary}}`. */
import { isErrorNamed } from '#/kernel/error-name.ts';
import { fileFaults } from './file-fault.ts';

export const tokenFaults = [
  'token_missing',
  'token_malformed',
  'token_algorithm',
  'token_type',
  'token_signature',
  'token_issuer',
  'token_audience',
  'token_connection',
  'token_expired',
  'token_not_yet_valid',
  'token_lifetime',
  'token_target',
  'token_body',
  'token_replayed',
] as const;
export type TokenFault = (typeof tokenFaults)[number];

export const tokenFaultTexts: Readonly<Record<TokenFault, string>> = {
  token_missing: 'The request carries no token.',
  token_malformed: 'The token cannot be read.',
  token_algorithm: 'The token is not signed with HS256.',
  token_type: 'The token is not one for requests between nodes.',
  token_signature: 'The signature does not match this connection.',
  token_issuer: 'The token comes from another node than this connection’s partner.',
  token_audience: 'The token is meant for another node.',
  token_connection: 'The token belongs to another connection.',
  token_expired: 'The token has expired: the clocks of the two nodes may differ.',
  token_not_yet_valid: 'The token is from the future: the clocks of the two nodes may differ.',
  token_lifetime: 'The token claims a longer life than is allowed.',
  token_target: 'The token was made for another request.',
  token_body: 'The body is not the one that was signed.',
  token_replayed: 'The token was used before.',
};

/** A token that is not accepted. Carries no part of the token. */
export class TokenError extends Error {
  override readonly name = 'TokenError';

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isErrorNamed(value, 'TokenError');
  }

  readonly code: TokenFault;

  constructor(code: TokenFault, cause?: unknown) {
    super(tokenFaultTexts[code], cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** Further codes, beside those of tokens and invitations, that a node answers with. */
export const refusalCodes = [
  'connection_gone',
  'connection_deactivated',
  'handshake_pending',
  'protocol_unsupported',
  'invalid_request',
  'too_large',
  'too_many_requests',
  'not_found',
  'not_ready',
  ...fileFaults,
  'internal',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];
