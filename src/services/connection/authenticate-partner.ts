import { Prisma } from '#/db/generated/client.ts';
import { TokenError } from '#/engine/protocol/protocol-fault.ts';
import {
  assertBody,
  bearerToken,
  claimedChannel,
  type VerifiedToken,
  verifyToken,
} from '#/engine/protocol/verify-token.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { deleteInBatches } from '../node/delete-in-batches.ts';
import { channelTarget } from './channel-target.ts';
import { PartnerRefusal } from './partner-refusal.ts';
import { otherKeys } from './rekey-state.ts';

export interface PartnerRequest {
  method: string;
  /** Path and query. */
  target: string;
  authorization: string | null;
}

export interface Authenticated {
  connection: Connection;
  token: VerifiedToken;
  /** The key that the partner signed with: while one is being rotated there are two. */
  key: string;
}

/**
 * Whose request this is (D2): the connection named by the token, after its signature and all claims but the body's are
 * verified with that connection's key. Throws TokenError, or {@link PartnerRefusal} when the connection is not here.
 */
export async function authenticatePartner(
  ctx: ServiceContext,
  { method, target, authorization }: PartnerRequest,
): Promise<Authenticated> {
  const text = bearerToken(authorization);
  const claimed = claimedChannel(text);
  const connection = await ctx.db.connection.findFirst({
    where: { uid: claimed.connectionUid, type: { not: 'local' }, status: { not: 'deleting' } },
  });
  if (connection === null)
    throw new PartnerRefusal(404, 'connection_gone', 'This connection is not known here. It was probably removed.');
  if (connection.channelKey === null) {
    // Our acceptance reached the partner but its reply did not reach us: it will, at the next try.
    if (connection.handshake !== null)
      throw new PartnerRefusal(503, 'handshake_pending', 'This connection is just being established.', 5);
    throw new TokenError('token_signature');
  }
  // Perhaps this is a copy of the node that the partner means (C10): nothing is taken in its place.
  if (connection.hold === 'moved')
    throw new PartnerRefusal(503, 'not_ready', 'This node waits for its administrator and takes nothing yet.', 60);
  if (connection.partnerUid !== claimed.senderUid) throw new TokenError('token_issuer');
  const { connectionUid, partnerUid, selfUid, key } = channelTarget(ctx, connection);
  const verify = (candidate: string): Promise<VerifiedToken> =>
    verifyToken(
      text,
      { connectionUid, senderUid: partnerUid, receiverUid: selfUid, key: candidate },
      { method, target },
      { nowMs: ctx.clock.now() },
    );
  const first = await verify(key).catch(signatureFault);
  if (!(first instanceof TokenError)) return { connection, token: first, key };
  for (const other of otherKeys(ctx, connection)) {
    const token = await verify(other).catch(signatureFault);
    if (!(token instanceof TokenError)) return { connection, token, key: other };
  }
  throw first;
}

/** Only a signature that does not fit is worth trying another key. */
function signatureFault(error: unknown): TokenError {
  if (error instanceof TokenError && error.code === 'token_signature') return error;
  throw error;
}

/** Admits the body that came with an authenticated request, once. Throws TokenError when it was altered or sent before. */
export async function admitBody(
  ctx: ServiceContext,
  { connection, token }: { connection: { uid: string }; token: VerifiedToken },
  body: Uint8Array,
): Promise<void> {
  assertBody(token, body);
  const { count } = await ctx.db.replayedToken.createMany({
    data: [{ jti: `${connection.uid}:${token.jti}`, expiresAt: new Date(token.forgetAtMs) }],
    skipDuplicates: true,
  });
  if (count === 0) throw new TokenError('token_replayed');
}

/** Removes ids of tokens that are refused by their time alone. Gives how many. For the pruning loop. */
export async function forgetReplayedTokens(ctx: ServiceContext): Promise<number> {
  const expired = Prisma.sql`"expiresAt" < ${new Date(ctx.clock.now())}::timestamptz`;
  return deleteInBatches(ctx, Prisma.sql`replayed_token`, expired);
}
