import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkInvitation } from '#/engine/invitation/check-invitation.ts';
import { decodeInvitation } from '#/engine/invitation/decode-invitation.ts';
import { encodeInvitation } from '#/engine/invitation/encode-invitation.ts';
import type { InvitationContent } from '#/engine/invitation/invitation.ts';

const invitation: InvitationContent = {
  invitationSecret: 'A'.repeat(42) + 'E',
  invitedInstanceUid: null,
  connection: {
    uid: '6f1b0c52-6d0c-4a2b-9f64-0d6a5f0d2c11',
    name: 'Company A to partner',
    mode: 'BASIC',
    type: 'public',
    expiresAt: '2026-11-29T10:00:00.000Z',
  },
  nodeInfo: {
    name: 'Company Ä',
    callbackUrl: 'https://a.example.com/exalate',
    issueTrackerUrl: 'https://jira.a.example.com',
    nodeType: 'JIRA_SERVER',
    issueTrackerVersion: '9.12.0',
    nodeVersion: '0.1.0',
    protocol: { min: 1, max: 1 },
    modes: ['BASIC'],
    instanceUid: '0b7a4a5e-8a0f-4b0a-9d7e-3a1f0a3c9b01',
    pollOnly: false,
  },
};
const code = encodeInvitation(invitation);
const fault = (text: string) => {
  const decoded = decodeInvitation(text);
  return decoded.ok ? null : decoded.fault;
};
const encodeText = (text: string) => Buffer.from(text, 'utf8').toString('base64');

const invitations = fc
  .record({
    name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((name) => name.trim() !== ''),
    secret: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
  })
  .map(({ name, secret }): InvitationContent => ({
    ...invitation,
    invitationSecret: secret,
    connection: { ...invitation.connection, name },
    nodeInfo: { ...invitation.nodeInfo, name },
  }));

describe('invitation code', () => {
  it('gives back what was encoded, whatever the names are', () => {
    fc.assert(
      fc.property(invitations, (one) => {
        expect(decodeInvitation(encodeInvitation(one))).toEqual({ ok: true, invitation: one });
      }),
    );
  });

  it('begins like the codes of the product and needs no padding', () => {
    fc.assert(
      fc.property(invitations, (one) => {
        expect(encodeInvitation(one)).toMatch(/^eyJpbnZpdGF0aW9uU2VjcmV0I[A-Za-z0-9+/]+$/);
      }),
    );
  });

  it.each([
    ['a link with which it is accepted', `https://b.example.com/connections/accept#${code}`],
    ['a sentence around it', `Hello, the code is ${code}. Regards, Jane`],
  ])('is found in %s', (_name, text) => expect(decodeInvitation(text)).toEqual({ ok: true, invitation }));

  it('forgives what mail programs do to it', () => {
    const breaks = fc.constantFrom(
      '\n',
      '\r\n',
      ' ',
      '\t',
      '\n> ',
      '\r\n>> ',
      '\u00a0',
      '\u200b',
      '=\r\n',
      '\n\n > > ',
    );
    const quotes = fc.constantFrom('', '"', "'", '“', '`', '> ', '\ufeff');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(code.length - 1), breaks), { maxLength: 20 }),
        quotes,
        fc.boolean(),
        (cuts, quote, urlSafe) => {
          let text = urlSafe ? code.replaceAll('+', '-').replaceAll('/', '_') : code;
          for (const [at, what] of cuts.toSorted((a, b) => b[0] - a[0]))
            text = text.slice(0, at) + what + text.slice(at);
          expect(fault(`  ${quote}${text}${quote}\n`)).toBeNull();
        },
      ),
    );
  });

  it('accepts padding that somebody added', () => {
    expect(fault(`${code}==`)).toBeNull();
  });

  it('never accepts a code of which a piece is missing, and says that it is not complete', () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: code.length - 4 }), (length) => {
        expect(fault(code.slice(0, length))).toBe('truncated');
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: code.length - 40 }), (start) => {
        expect(fault(code.slice(start))).not.toBeNull();
      }),
    );
    expect(fault(code.slice(40))).toBe('truncated');
  });

  it('never accepts a code with one other character', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    fc.assert(
      fc.property(fc.nat(code.length - 5), fc.constantFrom(...alphabet), (at, character) => {
        fc.pre(code[at] !== character);
        expect(fault(code.slice(0, at) + character + code.slice(at + 1))).not.toBeNull();
      }),
    );
    const at = Math.floor(code.length / 2);
    const other = code[at] === 'w' ? 'x' : 'w';
    expect(['altered', 'truncated', 'not_exalate']).toContain(fault(code.slice(0, at) + other + code.slice(at + 1)));
  });

  it('never throws, whatever is pasted', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void decodeInvitation(text)));
    fc.assert(fc.property(fc.json(), (text) => void expect(fault(encodeText(text))).not.toBeNull()));
  });

  it('names each other way of being wrong', () => {
    expect(fault('')).toBe('empty');
    expect(fault(' \n > \n')).toBe('empty');
    expect(fault('Please accept: eyJhIjoxfQ!')).toBe('not_base64');
    expect(fault('{"invitationSecret":"x"}')).toBe('not_base64');
    expect(fault(encodeText('hello world'))).toBe('not_exalate');
    expect(fault(encodeText('{"alg":"HS256","typ":"JWT"}'))).toBe('not_exalate');
    expect(fault('A'.repeat(70_000))).toBe('not_exalate');
  });

  it('recognises codes of other versions, and of the original product', () => {
    const other = (protocol: { min: number; max: number }) =>
      fault(encodeInvitation({ ...invitation, nodeInfo: { ...invitation.nodeInfo, protocol } }));
    expect(other({ min: 2, max: 3 })).toBe('newer_version');
    expect(other({ min: 1, max: 7 })).toBeNull();
    const original = {
      invitationSecret: 'x',
      invitedInstanceUid: 'y',
      nodeInfo: { name: 'naboo', nodeType: 'JIRA_CLOUD' },
    };
    expect(fault(encodeText(JSON.stringify(original)))).toBe('older_version');
  });
});

describe('whether an invitation may be accepted here', () => {
  const self = '9d1b8a60-3f5f-4b5e-8f57-6a1f3a5c0e02';
  const expiresMs = Date.parse(invitation.connection.expiresAt);
  it('is refused at the very moment it expires, not before', () => {
    expect(checkInvitation(invitation, { selfUid: self, nowMs: expiresMs - 1 })).toBeNull();
    expect(checkInvitation(invitation, { selfUid: self, nowMs: expiresMs })).toBe('expired');
  });
  it('is refused on the node that made it and on any node it was not made for', () => {
    expect(checkInvitation(invitation, { selfUid: invitation.nodeInfo.instanceUid, nowMs: 0 })).toBe('own_code');
    const bound = { ...invitation, invitedInstanceUid: '11111111-1111-4111-8111-111111111111' };
    expect(checkInvitation(bound, { selfUid: self, nowMs: 0 })).toBe('other_node');
    expect(checkInvitation({ ...bound, invitedInstanceUid: self }, { selfUid: self, nowMs: 0 })).toBeNull();
  });
});
