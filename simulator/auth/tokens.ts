import { createHash, randomBytes } from 'node:crypto';
import type { Jira } from '../core/jira.ts';
import { jiraTimestamp } from '../core/zone.ts';
import type { Call } from '../server/call.ts';
import { fieldErrors, noSuchPath } from '../server/errors.ts';
import { empty, json, ok } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import type { TokenRecord, UserRecord } from '../store/records.ts';

const DAY_MS = 86_400_000;
const hashes = new WeakMap<Jira, Map<string, TokenRecord>>();

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

/** Makes a personal access token; the raw value is shown only here. */
export function createToken(
  jira: Jira,
  user: UserRecord,
  name: string,
  expiresInDays: number | null,
): { record: TokenRecord; raw: string } {
  const raw = Buffer.concat([Buffer.from(`${Date.now()}:`), randomBytes(20)]).toString('base64');
  const created = jira.now();
  const record: TokenRecord = {
    id: String(jira.store.next('token', 1)),
    name,
    hash: hashOf(raw),
    userKey: user.id,
    created,
    expires: expiresInDays === null ? null : created + expiresInDays * DAY_MS,
  };
  jira.store.tokens.put(record);
  return { record, raw };
}

/** The active owner of a token that is neither revoked nor expired. */
export function tokenOwner(jira: Jira, raw: string): UserRecord | null {
  let known = hashes.get(jira);
  if (known === undefined) {
    known = new Map();
    for (const token of jira.store.tokens.values()) known.set(token.hash, token);
    const map = known;
    jira.store.tokens.onChange((_id, now, before) => {
      if (before !== undefined) map.delete(before.hash);
      if (now !== undefined) map.set(now.hash, now);
    });
    hashes.set(jira, known);
  }
  const token = known.get(hashOf(raw));
  if (token === undefined || (token.expires !== null && token.expires <= jira.now())) return null;
  const user = jira.store.users.get(token.userKey);
  return user?.active === true ? user : null;
}

function tokenBean(jira: Jira, token: TokenRecord): Record<string, unknown> {
  const zone = jira.settings.timeZone;
  return {
    id: Number(token.id),
    name: token.name,
    createdAt: jiraTimestamp(token.created, zone),
    ...(token.expires === null ? {} : { expiringAt: jiraTimestamp(token.expires, zone) }),
  };
}

export function addTokenRoutes(router: Router): void {
  // the plug-in that has these paths came with 8.14
  const ownerIn = (call: Call): UserRecord => {
    if (!call.jira.version.hasAccessTokens) throw noSuchPath(call);
    return call.needUser();
  };
  for (const base of ['/rest/pat/latest/tokens', '/rest/pat/1.0/tokens']) {
    router.add('POST', base, (call) => {
      const user = ownerIn(call);
      const { name, expirationDuration } = call.bodyObject();
      if (typeof name !== 'string' || name === '') throw fieldErrors({ name: 'Token name is required.' });
      const days = typeof expirationDuration === 'number' ? expirationDuration : null;
      const { record, raw } = createToken(call.jira, user, name, days);
      return json(201, { ...tokenBean(call.jira, record), rawToken: raw });
    });
    router.add('GET', base, (call) => {
      const user = ownerIn(call);
      const own = [...call.jira.store.tokens.values()].filter((token) => token.userKey === user.id);
      return ok(own.map((token) => tokenBean(call.jira, token)));
    });
    router.add('DELETE', `${base}/{tokenId}`, (call) => {
      const user = ownerIn(call);
      const token = call.jira.store.tokens.get(call.param('tokenId'));
      if (token?.userKey !== user.id) return json(404, { message: 'Token not found', 'status-code': 404 });
      call.jira.store.tokens.remove(token.id);
      return empty();
    });
  }
}
