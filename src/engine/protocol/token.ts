import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import { canonicalTarget } from './canonical-target.ts';

export const TOKEN_TYPE = 'exalate-node+jwt';
/** Seconds for which a token may be used, and by how many the two nodes' clocks may differ. */
export const TOKEN_LIFETIME_S = 60;
export const CLOCK_SKEW_S = 120;

/** The ends of the channel and its key (32 bytes, base64url). */
export interface TokenChannel {
  connectionUid: string;
  senderUid: string;
  receiverUid: string;
  key: string;
}

/** The request to which a token is bound. */
export interface SignedRequest {
  method: string;
  /** Path and query; see {@link canonicalTarget}. */
  target: string;
  /** The exact bytes that are sent; empty for a request without body. */
  body: Uint8Array;
}

/** Signs one request (D2). `jti` must never be used twice; `nowMs` is the sender's clock. */
export async function signToken(
  channel: TokenChannel,
  request: SignedRequest,
  { nowMs, jti }: { nowMs: number; jti: string },
): Promise<string> {
  const issuedAt = Math.floor(nowMs / 1000);
  return new SignJWT({ htm: request.method, htu: canonicalTarget(request.target), bdh: bodyDigest(request.body) })
    .setProtectedHeader({ alg: 'HS256', typ: TOKEN_TYPE })
    .setIssuer(channel.senderUid)
    .setAudience(channel.receiverUid)
    .setSubject(channel.connectionUid)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + TOKEN_LIFETIME_S)
    .setJti(jti)
    .sign(Buffer.from(channel.key, 'base64url'));
}

/** SHA-256 of the body, base64url. */
export function bodyDigest(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('base64url');
}
