import { describe, expect, it } from 'vitest';
import { auditText } from '#/services/audit/audit-text.ts';
import { decodeText } from '#/ui/decode-text.ts';
import { counted, durationText } from '#/ui/duration.ts';

describe('durationText', () => {
  it.each([
    [0, '1 second'],
    [59, '59 seconds'],
    [60, '1 minute'],
    [3599, '60 minutes'],
    [7200, '2 hours'],
  ])('%i seconds are %s', (seconds, text) => expect(durationText(seconds)).toBe(text));

  it('counts', () => expect([counted(1, 'issue'), counted(1200, 'pair')]).toEqual(['1 issue', '1,200 pairs']));
});

describe('decodeText', () => {
  it.each([
    ['UTF-8', Buffer.from('Grüße,Ж')],
    ['UTF-8 with a mark', Buffer.from('\uFEFFGrüße,Ж')],
    ['UTF-16 of a spreadsheet', Buffer.from('\uFEFFGrüße,Ж', 'utf16le')],
  ])('reads %s', (_name, bytes) => expect(decodeText(bytes)).toBe('Grüße,Ж'));

  it('takes what is no UTF-8 for what Windows writes', () =>
    expect(decodeText(Buffer.from([0x47, 0x72, 0xfc, 0xdf, 0x65]))).toBe('Grüße'));
});

describe('auditText', () => {
  const id = 'a1b2c3d4-0000-4000-8000-000000000001';

  it('says in words what was done to what, and leaves ids out', () =>
    expect(
      auditText({
        verb: 'trigger.create',
        target: id,
        data: { connection: 'A to B', jql: 'labels = x', run: id },
        names: new Map(),
      }),
    ).toEqual({ what: 'Created a trigger', target: 'A to B', details: [{ name: 'Query', value: 'labels = x' }] }));

  it('keeps what a run is about beside the name of its connection', () =>
    expect(
      auditText({
        verb: 'bulk.connect',
        target: id,
        data: { subject: 'pairs.csv', existing: { comments: true, attachments: false } },
        names: new Map([[id, 'A to B']]),
      }),
    ).toMatchObject({
      target: 'A to B',
      details: [
        { name: 'Subject', value: 'pairs.csv' },
        { name: 'Existing', value: 'comments' },
      ],
    }));

  it('names a connection that is still there, and shows an unknown verb as it is', () =>
    expect(auditText({ verb: 'new.verb', target: id, data: null, names: new Map([[id, 'A to B']]) })).toEqual({
      what: 'new.verb',
      target: 'A to B',
      details: [],
    }));
});
