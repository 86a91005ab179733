import { createHmac } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalTarget } from '#/engine/protocol/canonical-target.ts';
import { bodyDigest, CLOCK_SKEW_S, signToken, TOKEN_LIFETIME_S, TOKEN_TYPE } from '#/engine/protocol/token.ts';
import { assertBody, bearerToken, claimedChannel, verifyToken } from '#/engine/protocol/verify-token.ts';

const channel = {
  connectionUid: '6f1b0c52-6d0c-4a2b-9f64-0d6a5f0d2c11',
  senderUid: '0b7a4a5e-8a0f-4b0a-9d7e-3a1f0a3c9b01',
  receiverUid: '9d1b8a60-3f5f-4b5e-8f57-6a1f3a5c0e02',
  key: Buffer.alloc(32, 5).toString('base64url'),
};
const other = '33333333-3333-4333-8333-333333333333';
const body = Buffer.from('{"messages":[]}');
const request = { method: 'POST', target: '/api/node/v1/messages', body };
const nowMs = 1_795_000_000_000;
const now = nowMs / 1000;
const sign = (changes: Partial<typeof channel> = {}, at = nowMs) =>
  signToken({ ...channel, ...changes }, request, { nowMs: at, jti: 'a-token-id' });
const verify = (token: string, at = nowMs, changes: Partial<typeof request> = {}) =>
  verifyToken(token, channel, { ...request, ...changes }, { nowMs: at });
const refused = (code: string) => ({ name: 'TokenError', code });

const claims = {
  iss: channel.senderUid,
  aud: channel.receiverUid,
  sub: channel.connectionUid,
  iat: now,
  exp: now + 60,
  jti: 'a-token-id',
  htm: 'POST',
  htu: '/api/node/v1/messages',
  bdh: bodyDigest(body),
};
const forge = (changes: Record<string, unknown>, header: Record<string, unknown> = {}) => {
  const payload = Object.fromEntries(
    Object.entries({ ...claims, ...changes }).filter(([, value]) => value !== undefined),
  );
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256', typ: TOKEN_TYPE, ...header })
    .sign(Buffer.from(channel.key, 'base64url'));
};

describe('token between nodes', () => {
  it('is accepted for exactly the request it was signed for', async () => {
    const token = await verify(await sign());
    expect(token.jti).toBe('a-token-id');
    expect(() => assertBody(token, body)).not.toThrow();
    expect(claimedChannel(await sign())).toEqual({
      connectionUid: channel.connectionUid,
      senderUid: channel.senderUid,
    });
  });

  it('is refused with any other body', async () => {
    const token = await verify(await sign());
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        fc.pre(!Buffer.from(bytes).equals(body));
        expect(() => assertBody(token, bytes)).toThrow(expect.objectContaining({ code: 'token_body' }));
      }),
    );
  });

  it('is refused for another method, path or query', async () => {
    const token = await sign();
    await expect(verify(token, nowMs, { method: 'GET' })).rejects.toMatchObject(refused('token_target'));
    await expect(verify(token, nowMs, { target: '/api/node/v1/connection' })).rejects.toMatchObject(
      refused('token_target'),
    );
    await expect(verify(token, nowMs, { target: '/api/node/v1/messages?a=1' })).rejects.toMatchObject(
      refused('token_target'),
    );
  });

  it('is refused when any character of it is another', async () => {
    const token = await sign();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
    await fc.assert(
      // The last character of a signature carries four unused bits.
      fc.asyncProperty(fc.nat(token.length - 2), fc.constantFrom(...alphabet), async (at, character) => {
        fc.pre(token[at] !== character);
        await expect(verify(token.slice(0, at) + character + token.slice(at + 1))).rejects.toMatchObject({
          name: 'TokenError',
        });
      }),
    );
  });

  it('is refused when made with another key, by another sender, for another receiver or connection', async () => {
    const key = Buffer.alloc(32, 6).toString('base64url');
    await expect(verify(await sign({ key }))).rejects.toMatchObject(refused('token_signature'));
    await expect(verify(await sign({ senderUid: other }))).rejects.toMatchObject(refused('token_issuer'));
    await expect(verify(await sign({ receiverUid: other }))).rejects.toMatchObject(refused('token_audience'));
    await expect(verify(await sign({ connectionUid: other }))).rejects.toMatchObject(refused('token_connection'));
    // What a node would get by sending a partner's own token back to it.
    await expect(
      verify(await sign({ senderUid: channel.receiverUid, receiverUid: channel.senderUid })),
    ).rejects.toMatchObject(refused('token_issuer'));
  });

  it('is refused outside its minute and the allowed difference of the clocks', async () => {
    const token = await sign();
    const lastS = TOKEN_LIFETIME_S + CLOCK_SKEW_S;
    await expect(verify(token, nowMs + (lastS - 1) * 1000)).resolves.toBeDefined();
    await expect(verify(token, nowMs + lastS * 1000)).rejects.toMatchObject(refused('token_expired'));
    await expect(verify(token, nowMs - CLOCK_SKEW_S * 1000)).resolves.toBeDefined();
    await expect(verify(token, nowMs - (CLOCK_SKEW_S + 1) * 1000)).rejects.toMatchObject(
      refused('token_not_yet_valid'),
    );
  });

  it('is remembered for as long as its time would let it in again', async () => {
    const token = await sign();
    const { forgetAtMs } = await verify(token);
    await expect(verify(token, forgetAtMs)).rejects.toMatchObject(refused('token_expired'));
  });

  it('cannot give itself a longer life', async () => {
    await expect(verify(await forge({ exp: now + 3600 }))).rejects.toMatchObject(refused('token_lifetime'));
    await expect(verify(await forge({ exp: now - 1 }))).rejects.toMatchObject(refused('token_lifetime'));
  });

  it('cannot choose its algorithm or purpose', async () => {
    await expect(verify(new UnsecuredJWT(claims).encode())).rejects.toMatchObject({ name: 'TokenError' });
    const none = [Buffer.from('{"alg":"none","typ":"exalate-node+jwt"}'), Buffer.from(JSON.stringify(claims))];
    await expect(verify(`${none.map((part) => part.toString('base64url')).join('.')}.`)).rejects.toMatchObject({
      name: 'TokenError',
    });
    await expect(verify(await forge({}, { typ: 'JWT' }))).rejects.toMatchObject(refused('token_type'));
    await expect(verify(await forge({}, { typ: undefined }))).rejects.toMatchObject(refused('token_type'));
    const strong = { alg: 'HS512', typ: TOKEN_TYPE };
    const input = [strong, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const mac = createHmac('sha512', Buffer.from(channel.key, 'base64url')).update(input).digest('base64url');
    await expect(verify(`${input}.${mac}`)).rejects.toMatchObject(refused('token_algorithm'));
  });

  it.each(Object.keys(claims))('is refused without its claim %s', async (claim) => {
    await expect(forge({ [claim]: undefined }).then((token) => verify(token))).rejects.toMatchObject({
      name: 'TokenError',
    });
  });

  it('is only taken from a bearer header', () => {
    expect(bearerToken('Bearer a.b.c')).toBe('a.b.c');
    expect(() => bearerToken(null)).toThrow(expect.objectContaining({ code: 'token_missing' }));
    expect(() => bearerToken('Basic YWRtaW46YWRtaW4=')).toThrow(expect.objectContaining({ code: 'token_malformed' }));
    expect(() => claimedChannel('a.b.c')).toThrow(expect.objectContaining({ code: 'token_malformed' }));
  });
});

describe('request target', () => {
  it('is the same for both nodes when a proxy adds a context path or encodes otherwise', () => {
    expect(canonicalTarget('/exalate/api/node/v1/attachments/t/initiator:1')).toBe(
      '/api/node/v1/attachments/t/initiator%3A1',
    );
    expect(canonicalTarget('/api/node/v1/attachments/t/initiator%3A1')).toBe(
      '/api/node/v1/attachments/t/initiator%3A1',
    );
    expect(canonicalTarget('/api/node/v1/info?a=%3A')).toBe('/api/node/v1/info?a=%3A');
  });
});
