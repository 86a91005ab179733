import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { confirmation, deriveChannelKey, transcriptHash } from '#/engine/connection/channel-key.ts';
import { deriveNextKey, rekeyConfirmation, rekeyProof, sameProof } from '#/engine/connection/channel-rekey.ts';
import { x25519PublicKey, x25519Shared } from '#/engine/connection/x25519.ts';
import { decodeInvitation } from '#/engine/invitation/decode-invitation.ts';
import { encodeInvitation } from '#/engine/invitation/encode-invitation.ts';
import { invitationSchema } from '#/engine/invitation/invitation.ts';
import { secretHash } from '#/engine/invitation/secret-hash.ts';
import { appendDigest } from '#/engine/protocol/attachment-frame.ts';
import { bodyDigest, signToken } from '#/engine/protocol/token.ts';
import { assertBody, verifyToken } from '#/engine/protocol/verify-token.ts';

const text = z.string();
const vectorsSchema = z.object({
  handshake: z.object({
    initiatorPrivate: text,
    acceptorPrivate: text,
    invitationSecret: text,
    secretHash: text,
    transcript: z.object({
      connectionUid: text,
      initiatorUid: text,
      acceptorUid: text,
      initiatorKey: text,
      acceptorKey: text,
    }),
    transcriptSha256: text,
    shared: text,
    channelKey: text,
    confirm: text,
  }),
  token: z.object({
    method: text,
    target: text,
    body: text,
    nowMs: z.number(),
    jti: text,
    bodyDigest: text,
    token: text,
  }),
  rekey: z.object({ atMs: z.number(), proof: text, nextKey: text, answerConfirm: text, useConfirm: text }),
  attachmentFrame: z.object({ file: text, frame: text }),
  invitation: z.object({ content: invitationSchema, code: text }),
});

const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');
const block = /<!-- vectors -->\n+```json\n([\s\S]*?)\n```/.exec(page)?.[1] ?? '';
const { handshake, token, rekey, attachmentFrame, invitation } = vectorsSchema.parse(JSON.parse(block));
const bytes = (value: string) => Buffer.from(value, 'base64url');

describe('test vectors of docs/protocol.md', () => {
  it('hold for the handshake', () => {
    const { transcript, invitationSecret } = handshake;
    expect(x25519PublicKey(bytes(handshake.initiatorPrivate))).toBe(transcript.initiatorKey);
    expect(x25519PublicKey(bytes(handshake.acceptorPrivate))).toBe(transcript.acceptorKey);
    expect(x25519Shared(bytes(handshake.acceptorPrivate), transcript.initiatorKey)).toEqual(bytes(handshake.shared));
    expect(transcriptHash(transcript)).toEqual(bytes(handshake.transcriptSha256));
    const privateBytes = bytes(handshake.acceptorPrivate);
    const key = deriveChannelKey({ privateBytes, otherKey: transcript.initiatorKey, invitationSecret, transcript });
    expect(key).toBe(handshake.channelKey);
    expect(confirmation(key, transcript)).toBe(handshake.confirm);
    expect(secretHash(invitationSecret)).toBe(handshake.secretHash);
  });

  it('hold for a new channel key, and for nobody who has the old key only', () => {
    const { connectionUid, initiatorUid, acceptorUid, initiatorKey, acceptorKey } = handshake.transcript;
    const presentKey = handshake.channelKey;
    const proposal = { key: initiatorKey, atMs: rekey.atMs };
    expect(rekeyProof(presentKey, connectionUid, proposal)).toBe(rekey.proof);
    const transcript = {
      connectionUid,
      proposerUid: initiatorUid,
      answererUid: acceptorUid,
      proposerKey: initiatorKey,
      answererKey: acceptorKey,
    };
    const next = (privateKey: string, otherKey: string, present = presentKey): string =>
      deriveNextKey({ privateBytes: bytes(privateKey), otherKey, presentKey: present, transcript });
    expect(next(handshake.initiatorPrivate, acceptorKey)).toBe(rekey.nextKey);
    expect(next(handshake.acceptorPrivate, initiatorKey)).toBe(rekey.nextKey);
    expect(rekeyConfirmation('answer', rekey.nextKey, transcript)).toBe(rekey.answerConfirm);
    expect(rekeyConfirmation('use', rekey.nextKey, transcript)).toBe(rekey.useConfirm);
    // The old key and the whole exchange are not enough, nor are the private keys without the old key.
    expect(next(Buffer.alloc(32, 9).toString('base64url'), acceptorKey)).not.toBe(rekey.nextKey);
    expect(next(handshake.initiatorPrivate, acceptorKey, rekey.nextKey)).not.toBe(rekey.nextKey);
    expect(sameProof(rekey.proof, rekey.useConfirm)).toBe(false);
  });

  it('hold for the token', async () => {
    const { connectionUid, initiatorUid, acceptorUid } = handshake.transcript;
    const channel = { connectionUid, senderUid: initiatorUid, receiverUid: acceptorUid, key: handshake.channelKey };
    const request = { method: token.method, target: token.target, body: Buffer.from(token.body) };
    expect(bodyDigest(request.body)).toBe(token.bodyDigest);
    expect(await signToken(channel, request, token)).toBe(token.token);
    assertBody(await verifyToken(token.token, channel, request, token), request.body);
  });

  it('hold for the attachment frame', async () => {
    const file = Buffer.from(attachmentFrame.file);
    const frame = await buffer(Readable.from([file]).pipe(appendDigest(file.length)));
    expect(frame.toString('base64')).toBe(attachmentFrame.frame);
  });

  it('hold for the invitation code', () => {
    expect(encodeInvitation(invitation.content)).toBe(invitation.code);
    expect(decodeInvitation(invitation.code)).toEqual({ ok: true, invitation: invitation.content });
  });
});
