import { diffieHellman, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmation, deriveChannelKey, isConfirmed, type Transcript } from '#/engine/connection/channel-key.ts';
import { x25519PublicKey, x25519Shared } from '#/engine/connection/x25519.ts';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const exchanges = fc
  .record({ initiator: bytes32, acceptor: bytes32, secret: bytes32 })
  .map(({ initiator, acceptor, secret }) => {
    const transcript: Transcript = {
      connectionUid: 'connection',
      initiatorUid: 'initiator',
      acceptorUid: 'acceptor',
      initiatorKey: x25519PublicKey(initiator),
      acceptorKey: x25519PublicKey(acceptor),
    };
    return { initiator, acceptor, transcript, invitationSecret: Buffer.from(secret).toString('base64url') };
  });
type Exchange = typeof exchanges extends fc.Arbitrary<infer T> ? T : never;

const initiatorKeyOf = ({ initiator, invitationSecret, transcript }: Exchange) =>
  deriveChannelKey({ privateBytes: initiator, otherKey: transcript.acceptorKey, invitationSecret, transcript });
const acceptorKeyOf = ({ acceptor, invitationSecret, transcript }: Exchange) =>
  deriveChannelKey({ privateBytes: acceptor, otherKey: transcript.initiatorKey, invitationSecret, transcript });

describe('X25519 over raw bytes', () => {
  it('is what Node computes with its own keys', () => {
    const [ours, theirs] = [generateKeyPairSync('x25519'), generateKeyPairSync('x25519')];
    const raw = (part: string | undefined) => Buffer.from(part ?? '', 'base64url');
    const own = ours.privateKey.export({ format: 'jwk' });
    const other = theirs.publicKey.export({ format: 'jwk' });
    expect(x25519PublicKey(raw(own.d))).toBe(own.x);
    expect(x25519Shared(raw(own.d), other.x ?? '')).toEqual(
      diffieHellman({ privateKey: ours.privateKey, publicKey: theirs.publicKey }),
    );
  });

  it('refuses public keys that would give a known secret, and what is no key', () => {
    const mine = Buffer.alloc(32, 3);
    for (const low of [Buffer.alloc(32), Buffer.concat([Buffer.from([1]), Buffer.alloc(31)])])
      expect(() => x25519Shared(mine, low.toString('base64url'))).toThrow();
    expect(() => x25519Shared(mine, 'abc')).toThrow();
    expect(() => x25519PublicKey(Buffer.alloc(31))).toThrow();
  });
});

describe('channel key', () => {
  it('is the same at both ends and is confirmed', () => {
    fc.assert(
      fc.property(exchanges, (exchange) => {
        const key = initiatorKeyOf(exchange);
        expect(acceptorKeyOf(exchange)).toBe(key);
        expect(Buffer.from(key, 'base64url')).toHaveLength(32);
        expect(key).not.toBe(exchange.invitationSecret);
        expect(isConfirmed(key, exchange.transcript, confirmation(key, exchange.transcript))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('is another one when anything of the transcript or the secret is another', () => {
    fc.assert(
      fc.property(
        exchanges,
        exchanges,
        fc.constantFrom('connectionUid', 'initiatorUid', 'acceptorUid'),
        (exchange, other, member) => {
          fc.pre(exchange.invitationSecret !== other.invitationSecret);
          const key = initiatorKeyOf(exchange);
          const changed = { ...exchange, transcript: { ...exchange.transcript, [member]: 'other' } };
          expect(acceptorKeyOf(changed)).not.toBe(key);
          expect(acceptorKeyOf({ ...exchange, invitationSecret: other.invitationSecret })).not.toBe(key);
          expect(isConfirmed(key, changed.transcript, confirmation(key, exchange.transcript))).toBe(false);
          expect(isConfirmed(key, exchange.transcript, 'x')).toBe(false);
        },
      ),
      { numRuns: 30 },
    );
  });
});
