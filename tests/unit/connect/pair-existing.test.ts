import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TracePairs } from '#/engine/protocol/messages.ts';
import type { TrackerAttachment, TrackerComment, TrackerIssue } from '#/engine/ports.ts';
import { acknowledge, isEmptyDelta, unsentDelta } from '#/engine/replica/delta.ts';
import { merge } from '#/engine/replica/merge.ts';
import { observe } from '#/engine/replica/observe.ts';
import { plan, settle } from '#/engine/replica/plan.ts';
import { emptyState } from '#/engine/replica/state.ts';
import type { TwinState } from '#/engine/replica/state.ts';
import {
  alikeFiles,
  keepAtHome,
  pairExisting,
  recogniseCopies,
  withLosingFields,
} from '#/engine/twin/pair-existing.ts';
import type { Carried } from '#/engine/twin/pair-existing.ts';

const proxy = { name: 'proxy', key: 'proxy', displayName: 'Proxy User' };
const person = (displayName: string) => ({ name: displayName.toLowerCase(), key: null, displayName });

function issueOf(parts: {
  summary?: string;
  comments?: readonly [author: string, body: string][];
  files?: readonly [name: string, sizeBytes: number, content?: string][];
  base?: number;
}): TrackerIssue {
  const base = parts.base ?? 1_000;
  return {
    id: '1', key: 'AA-1', projectId: '1', projectKey: 'AA', summary: parts.summary ?? 's', description: null,
    issueType: { id: '1', name: 'Task', subtask: false }, parentId: null, parentKey: null, creator: null, reporter: null,
    createdMs: base, updatedMs: base + 500, changes: [], readAtMs: null,
    comments: (parts.comments ?? []).map(([author, body], index): TrackerComment => ({
      id: String(base + index), body, author: author === 'proxy' ? proxy : person(author),
      createdMs: base + index, updatedMs: base + index, visibility: null,
    })),
    // What these files hold is in their type, where both sides see it.
    attachments: (parts.files ?? []).map(([filename, sizeBytes, content = 'x'], index): TrackerAttachment => ({
      id: String(base + index), filename, sizeBytes, mimeType: content, author: null, createdMs: base + index, contentUrl: 'http://x/',
    })),
  }; // prettier-ignore
}

const seen = (side: TwinState['side'], issue: TrackerIssue): TwinState =>
  recogniseCopies(observe(emptyState(side), issue).state, issue, 'proxy');

/** Both nodes after the request, the comparison and the answer. */
function connected(
  a: TrackerIssue,
  b: TrackerIssue,
  carried: Carried,
  winner: 'a' | 'b' = 'a',
): { a: TwinState; b: TwinState; pairs: TracePairs } {
  let here = seen('initiator', a);
  let there = seen('acceptor', b);
  if (winner === 'a') there = withLosingFields(there);
  else here = withLosingFields(here);
  const request = unsentDelta(here);
  here = acknowledge(here, request);
  const alike = alikeFiles(there, request);
  const hashes = new Map([...alike.own, ...alike.theirs].map(({ uid, mimeType }) => [uid, mimeType]));
  const pairing = pairExisting(there, request, carried, hashes);
  there = merge(pairing.state, pairing.delta).state;
  here = keepAtHome(
    here,
    { comments: new Set(pairing.pairs.comments), attachments: new Set(pairing.pairs.attachments) },
    carried,
    (entry) => entry.acked !== null && entry.acked !== false,
  );
  const answer = unsentDelta(there);
  there = acknowledge(there, answer);
  here = merge(here, answer).state;
  return { a: settle(here), b: settle(there), pairs: pairing.pairs };
}

const all: Carried = { comments: true, attachments: true };
const none: Carried = { comments: false, attachments: false };

describe('pairing what exists on both sides', () => {
  it('pairs equal comments of the same author once each, and leaves the rest to be added', () => {
    const a = issueOf({
      comments: [
        ['Jane', 'same'],
        ['Jane', 'same'],
        ['Jane', 'only a'],
        ['Joe', 'whose?'],
      ],
    });
    const b = issueOf({
      comments: [
        ['Jane', 'same\r\n'],
        ['Jane', 'only b'],
        ['Jane', 'whose?'],
      ],
      base: 5_000,
    });
    const result = connected(a, b, all);
    expect(result.pairs.comments).toEqual(['initiator:1000']);
    expect(plan(result.a).addComments.map(({ body }) => body)).toEqual(['only b', 'whose?']);
    expect(plan(result.b).addComments.map(({ body }) => body)).toEqual(['same', 'only a', 'whose?']);
  });

  it('knows a copy by its author line, whichever side holds it, and only from the proxy user', () => {
    const a = issueOf({
      comments: [
        ['Jane_X', 'text'],
        ['proxy', '*Joe:*\nanswer'],
      ],
    });
    const b = issueOf({
      comments: [
        ['proxy', '*Jane\\_X:*\ntext'],
        ['Joe', 'answer'],
        ['Mallory', '*Jane\\_X:*\nfake'],
      ],
      base: 5_000,
    });
    const result = connected(a, b, all);
    expect(result.pairs.comments).toHaveLength(2);
    expect(plan(result.b).addComments).toEqual([]);
    expect(plan(result.b).editComments).toEqual([]);
    expect(plan(result.a).editComments).toEqual([]);
    expect(plan(result.a).addComments.map(({ authorName, body }) => [authorName, body])).toEqual([
      ['Mallory', '*Jane\\_X:*\nfake'],
    ]);
  });

  it('pairs files of equal name, size and content', () => {
    const a = issueOf({
      files: [
        ['a.bin', 1],
        ['a.bin', 2],
        ['é.txt'.normalize('NFD'), 3],
      ],
    });
    const b = issueOf({
      files: [
        ['a.bin', 1],
        ['a.bin', 3],
        ['é.txt'.normalize('NFC'), 3],
      ],
      base: 5_000,
    });
    const result = connected(a, b, all);
    expect(result.pairs.attachments).toEqual(['initiator:1000', 'initiator:1002']);
    expect(plan(result.b).addAttachments.map(({ sizeBytes }) => sizeBytes)).toEqual([2]);
    expect(plan(result.a).addAttachments.map(({ sizeBytes }) => sizeBytes)).toEqual([3]);
  });

  it('leaves files of equal name and size two when their content differs, or nobody could read it', () => {
    const [a, b] = [
      issueOf({ files: [['shot.bmp', 5, 'one'], ['shot.bmp', 5, 'two']] }),
      issueOf({ files: [['shot.bmp', 5, 'three'], ['shot.bmp', 5, 'one']], base: 5_000 }),
    ]; // prettier-ignore
    const result = connected(a, b, all);
    expect(result.pairs.attachments).toEqual(['initiator:1000']);
    expect(result.b.attachments.get('initiator:1000')).toMatchObject({ localId: '5001', sha256: 'one' });
    expect(plan(result.a).addAttachments.map(({ mimeType }) => mimeType)).toEqual(['three']);
    expect(plan(result.b).addAttachments.map(({ mimeType }) => mimeType)).toEqual(['two']);
    const unread = pairExisting(seen('acceptor', b), unsentDelta(seen('initiator', a)), all, new Map());
    expect(unread.pairs.attachments).toEqual([]);
  });

  it('asks for the content of no other files than those of equal name and size', () => {
    const delta = unsentDelta(seen('initiator', issueOf({ files: [['a', 1], ['a', 2], ['b', 1]] }))); // prettier-ignore
    const alike = alikeFiles(seen('acceptor', issueOf({ files: [['a', 1], ['a', 3]], base: 5_000 })), delta); // prettier-ignore
    expect(alike.own.map(({ uid }) => uid)).toEqual(['acceptor:5000']);
    expect(alike.theirs.map(({ uid }) => uid)).toEqual(['initiator:1000']);
  });

  it.each(['a', 'b'] as const)('shows the fields of side %s', (winner) => {
    const result = connected(
      issueOf({ summary: 'from a' }),
      issueOf({ summary: 'from b', base: winner === 'a' ? 9_000 : 100 }),
      all,
      winner,
    );
    for (const side of [result.a, result.b]) expect(side.fields.summary?.value).toBe(`from ${winner}`);
    expect(plan(winner === 'a' ? result.b : result.a).fields).toEqual(['summary']);
    expect(plan(winner === 'a' ? result.a : result.b).fields).toEqual([]);
  });
});

describe('for any two issues', () => {
  const comment = fc.tuple(
    fc.constantFrom('Jane', 'Joe', 'proxy'),
    fc.constantFrom('x', 'y', 'z', '*Jane:*\nx', '*Joe:*\ny'),
  );
  const file = fc.tuple(fc.constantFrom('f', 'g'), fc.constantFrom(1, 2), fc.constantFrom('x', 'y'));
  const parts = fc.record({ comments: fc.array(comment, { maxLength: 6 }), files: fc.array(file, { maxLength: 5 }) });
  const carried = fc.record({ comments: fc.boolean(), attachments: fc.boolean() });

  it('both nodes agree in the end, nothing is left to tell, and nothing is edited or deleted', () => {
    fc.assert(
      fc.property(parts, parts, carried, fc.constantFrom('a', 'b'), (one, two, choice, winner) => {
        const { a, b, pairs } = connected(issueOf(one), issueOf({ ...two, base: 5_000 }), choice, winner);
        for (const side of [a, b]) {
          expect(isEmptyDelta(unsentDelta(side))).toBe(true);
          expect(plan(side)).toMatchObject({ editComments: [], deleteComments: [], deleteAttachments: [] });
        }
        for (const side of [a, b]) {
          for (const uid of pairs.comments) expect(side.comments.get(uid)?.localId).toEqual(expect.any(String));
          for (const uid of pairs.attachments) expect(side.attachments.get(uid)?.localId).toEqual(expect.any(String));
        }
        if (choice.comments) {
          const bag = (state: TwinState) =>
            [...state.comments.values()].map(({ uid, authorName, body }) => `${uid} ${authorName} ${body}`).toSorted();
          expect(bag(a)).toEqual(bag(b));
        } else for (const side of [a, b]) expect(plan(side).addComments).toEqual([]);
        if (!choice.attachments) for (const side of [a, b]) expect(plan(side).addAttachments).toEqual([]);
      }),
    );
  });

  it('every comment is on each side at most once: as many as there were, less the pairs', () => {
    fc.assert(
      fc.property(parts, parts, (one, two) => {
        const { a, b, pairs } = connected(issueOf(one), issueOf({ ...two, base: 5_000 }), all);
        const paired = pairs.comments.length;
        expect(a.comments.size).toBe(one.comments.length + two.comments.length - paired);
        expect(b.comments.size).toBe(a.comments.size);
        const ids = [...b.comments.values()].flatMap(({ localId }) => localId ?? []);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.length).toBe(two.comments.length);
      }),
    );
  });

  it('what stays at home never travels, edited or deleted', () => {
    fc.assert(
      fc.property(parts, parts, (one, two) => {
        const b = issueOf({ ...two, base: 5_000 });
        const result = connected(issueOf(one), b, none);
        const home = [...result.b.comments.values()]
          .filter(({ uid }) => !result.pairs.comments.includes(uid))
          .map(({ localId }) => localId);
        const edited = {
          ...b,
          comments: b.comments
            .filter((_, index) => index % 2 === 0)
            .map((entry) => (home.includes(entry.id) ? { ...entry, body: 'edited', updatedMs: 1e12 } : entry)),
        };
        const changed = {
          ...edited,
          comments: [
            ...edited.comments,
            ...b.comments.filter(({ id }) => !home.includes(id) && !edited.comments.some((other) => other.id === id)),
          ],
        };
        expect(unsentDelta(observe(result.b, changed).state).comments).toEqual([]);
      }),
    );
  });
});
