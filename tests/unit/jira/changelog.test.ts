import { describe, expect, it } from 'vitest';
import { changelogSchema, commentSchema, issueSchema } from '#/jira/issue-schema.ts';

const at = (second: number) => `2026-08-11T10:00:0${second}.000+0000`;

describe('changelog', () => {
  it('is one entry per field, oldest first, and a missing toString is null rather than the method of objects', () => {
    const changes = changelogSchema.parse({
      histories: [
        {
          id: '10',
          created: at(2),
          items: [{ field: 'summary', from: null, fromString: 'a', to: null, toString: 'b' }],
        },
        { id: '9', author: null, created: at(2), items: [{ field: 'description', fromString: 'x' }] },
        { id: '8', author: { name: 'ada', displayName: 'Ada' }, created: at(1), items: [{ field: 'labels' }] },
      ],
    });
    expect(changes.map(({ historyId, field, toString_ }) => [historyId, field, toString_])).toEqual([
      ['8', 'labels', null],
      ['9', 'description', null],
      ['10', 'summary', 'b'],
    ]);
    expect(changes[0]?.author).toEqual({ name: 'ada', key: null, displayName: 'Ada' });
  });
});

describe('lenient reading', () => {
  it('null counts as absent', () => {
    const issue = issueSchema.parse({
      id: 10001,
      key: 'A-1',
      renderedFields: null,
      changelog: null,
      fields: {
        summary: 's',
        description: null,
        issuetype: { id: '1', name: 'Bug' },
        project: { id: '1', key: 'A' },
        parent: null,
        creator: null,
        reporter: undefined,
        created: at(1),
        updated: at(2),
        comment: null,
        attachment: null,
      },
    });
    expect(issue.id).toBe('10001');
    expect(issue.fields).toMatchObject({ attachment: undefined, creator: null, reporter: null, comment: undefined });
  });

  it('an anonymous comment has no author, an unedited one its date of creation', () => {
    expect(commentSchema.parse({ id: '5', body: 'hi', created: at(1) })).toEqual({
      id: '5',
      body: 'hi',
      author: null,
      createdMs: Date.parse('2026-08-11T10:00:01Z'),
      updatedMs: Date.parse('2026-08-11T10:00:01Z'),
      visibility: null,
    });
  });
});
