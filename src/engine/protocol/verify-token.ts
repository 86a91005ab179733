import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { canonicalTarget } from './canonical-target.ts';
import { TokenError, type TokenFault } from './protocol-fault.ts';
import {
  bodyDigest,
  CLOCK_SKEW_S,
  type SignedRequest,
  TOKEN_LIFETIME_S,
  TOKEN_TYPE,
  type TokenChannel,
} from './token.ts';

export interface VerifiedToken {
  jti: string;
  /** SHA-256 (base64url) of the only body this token allows; see {@link assertBody}. */
  bodyDigest: string;
  /** Epoch milliseconds after which the token is refused by its time alone, so that its id may be forgotten. */
  forgetAtMs: number;
}

const requestClaims = z.object({
  jti: z.string().min(8).max(100),
  htm: z.string(),
  htu: z.string(),
  bdh: z.string(),
  iat: z.number(),
  exp: z.number(),
});

/**
 * What a token says about who sent it, NOT verified: only good for finding the connection whose key and identities
 * {@link verifyToken} then demands. Throws {@link TokenError}.
 */
export function claimedChannel(token: string): { connectionUid: string; senderUid: string } {
  let claims: JWTPayload;
  try {
    claims = decodeJwt(token);
  } catch (cause) {
    throw new TokenError('token_malformed', cause);
  }
  const found = z.object({ sub: z.uuid(), iss: z.uuid() }).safeParse(claims);
  if (!found.success) throw new TokenError('token_malformed');
  return { connectionUid: found.data.sub, senderUid: found.data.iss };
}

/** The token in an `Authorization: Bearer` header. Throws {@link TokenError}. */
export function bearerToken(authorization: string | null): string {
  const token = /^Bearer ([A-Za-z0-9_.-]{1,4096})$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new TokenError(authorization === null ? 'token_missing' : 'token_malformed');
  return token;
}

/**
 * Verifies everything but the body, so that only a partner can make this node read one, and replay, which needs a store.
 * Algorithm, type, sender, receiver, connection and the allowed life are the receiver's, never the token's choice.
 * Throws {@link TokenError}.
 */
export async function verifyToken(
  token: string,
  channel: TokenChannel,
  request: Omit<SignedRequest, 'body'>,
  { nowMs }: { nowMs: number },
): Promise<VerifiedToken> {
  const { payload } = await jwtVerify(token, Buffer.from(channel.key, 'base64url'), {
    algorithms: ['HS256'],
    typ: TOKEN_TYPE,
    issuer: channel.senderUid,
    audience: channel.receiverUid,
    subject: channel.connectionUid,
    clockTolerance: CLOCK_SKEW_S,
    currentDate: new Date(nowMs),
    requiredClaims: ['iss', 'aud', 'sub', 'iat', 'exp', 'jti', 'htm', 'htu', 'bdh'],
  }).catch((cause: unknown) => {
    throw new TokenError(faultOf(cause), cause);
  });
  const parsed = requestClaims.safeParse(payload);
  if (!parsed.success) throw new TokenError('token_malformed');
  const claims = parsed.data;
  if (claims.iat > nowMs / 1000 + CLOCK_SKEW_S) throw new TokenError('token_not_yet_valid');
  if (claims.exp - claims.iat > TOKEN_LIFETIME_S || claims.exp < claims.iat) throw new TokenError('token_lifetime');
  if (claims.htm !== request.method || claims.htu !== canonicalTarget(request.target))
    throw new TokenError('token_target');
  return { jti: claims.jti, bodyDigest: claims.bdh, forgetAtMs: (claims.exp + CLOCK_SKEW_S + 1) * 1000 };
}

/** Throws {@link TokenError} `token_body` unless these are the bytes that were signed. */
export function assertBody(token: VerifiedToken, body: Uint8Array): void {
  if (token.bodyDigest !== bodyDigest(body)) throw new TokenError('token_body');
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWTExpired) return 'token_expired';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'token_algorithm';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'token_signature';
  if (error instanceof errors.JWTClaimValidationFailed) return claimFaults[error.claim] ?? 'token_malformed';
  return 'token_malformed';
}

const claimFaults: Readonly<Record<string, TokenFault>> = {
  typ: 'token_type',
  iss: 'token_issuer',
  aud: 'token_audience',
  sub: 'token_connection',
  exp: 'token_expired',
  nbf: 'token_not_yet_valid',
  iat: 'token_not_yet_valid',
};
