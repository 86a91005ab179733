import { describe, expect, it } from 'vitest';
import type { Delta } from '#/engine/protocol/messages.ts';
import { emptyDelta, entryCount, isEmptyDelta, portion, sizeOf } from '#/engine/replica/delta.ts';

const stamp = { time: 1, side: 'initiator' } as const;

function delta({ comments = 0, attachments = 0, text = 'x' }): Delta {
  return {
    fields: { summary: { value: 'A summary', stamp } },
    comments: Array.from({ length: comments }, (_, n) => ({
      uid: `initiator:${n}`,
      body: text,
      authorName: 'Ada',
      createdMs: n,
      stamp,
      deleted: null,
    })),
    attachments: Array.from({ length: attachments }, (_, n) => ({
      uid: `initiator:${n}`,
      filename: `${n}.bin`,
      mimeType: 'text/plain',
      sizeBytes: 1,
      authorName: 'Ada',
      createdMs: n,
      deleted: false,
    })),
  };
}

/** All portions, as one message after the other would carry them. */
function portions(whole: Delta, room: { bytes: number; entries: number }): Delta[] {
  const parts: Delta[] = [];
  for (let from = 0; parts.length === 0 || from < entryCount(whole);) {
    const part = portion(whole, room, from);
    parts.push(part);
    from += entryCount(part);
  }
  return parts;
}

describe('the portions of a delta', () => {
  it.each([
    ['nothing but fields', {}],
    ['comments and files', { comments: 25, attachments: 13 }],
    ['files only', { attachments: 13 }],
    ['entries that are each larger than the room', { comments: 5, attachments: 2, text: 'x'.repeat(5_000) }],
  ])('are together the whole, in order: %s', (_name, content) => {
    const whole = delta(content);
    const parts = portions(whole, { bytes: 1_000, entries: 4 });
    expect(parts[0]?.fields).toEqual(whole.fields);
    expect(parts.slice(1).every(({ fields }) => Object.keys(fields).length === 0)).toBe(true);
    expect(parts.flatMap(({ comments }) => comments)).toEqual(whole.comments);
    expect(parts.flatMap(({ attachments }) => attachments)).toEqual(whole.attachments);
  });

  it('stay within the room unless a single entry is larger', () => {
    for (const part of portions(delta({ comments: 50, attachments: 50 }), { bytes: 1_000, entries: 100 }))
      expect(sizeOf(part)).toBeLessThan(1_100);
    for (const part of portions(delta({ comments: 50, attachments: 50 }), { bytes: 1_000_000, entries: 7 }))
      expect(entryCount(part)).toBeLessThanOrEqual(7);
  });

  it('are never empty, however small the room', () => {
    const whole = { ...delta({ comments: 3 }), fields: {} };
    expect(portions(whole, { bytes: 1, entries: 1 }).map(entryCount)).toEqual([1, 1, 1]);
    expect(isEmptyDelta(portion(emptyDelta(), { bytes: 1, entries: 1 }))).toBe(true);
  });
});
