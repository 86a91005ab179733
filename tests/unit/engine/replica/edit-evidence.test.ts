import { describe, expect, it } from 'vitest';
import type { TrackerChange, TrackerIssue } from '#/engine/ports.ts';
import { editWasPerformed } from '#/engine/replica/read-back.ts';
import type { FieldName } from '#/engine/replica/state.ts';

const texts = new Map<FieldName, string>([
  ['summary', 'new summary'],
  ['description', 'new description'],
]);
const asked = { lastChange: '7', proxyName: 'exalate' };

function change(historyId: string, field: string, to: string, author: string): TrackerChange {
  return {
    historyId,
    field,
    author: { name: author, key: author, displayName: author },
    atMs: 0,
    from: null,
    fromString: 'old',
    to: null,
    toString_: to,
  };
}

function issue(shown: { summary: string; description: string }, changes: TrackerChange[]): TrackerIssue {
  return {
    id: '10000',
    key: 'TEST-1',
    projectId: '1',
    projectKey: 'TEST',
    issueType: { id: '1', name: 'Task', subtask: false },
    parentId: null,
    parentKey: null,
    creator: null,
    reporter: null,
    createdMs: 0,
    updatedMs: 0,
    comments: [],
    attachments: [],
    readAtMs: null,
    ...shown,
    changes: [change('7', 'summary', 'old', 'jane'), ...changes],
  };
}

describe('an edit of two fields whose answer was lost', () => {
  it('was performed when both show the texts, or did before somebody went on', () => {
    expect(editWasPerformed(texts, issue({ summary: 'new summary', description: 'new description' }, []), asked)).toBe(
      true,
    );
    const gone = issue({ summary: 'newer', description: 'newer' }, [
      change('8', 'summary', 'new summary', 'exalate'),
      change('8', 'description', 'new description', 'exalate'),
      change('9', 'summary', 'newer', 'jane'),
      change('9', 'description', 'newer', 'jane'),
    ]);
    expect(editWasPerformed(texts, gone, asked)).toBe(true);
  });

  it('was not performed because a person wrote the same into one of them', () => {
    const agreed = issue({ summary: 'new summary', description: 'old' }, [
      change('8', 'summary', 'new summary', 'jane'),
    ]);
    expect(editWasPerformed(texts, agreed, asked)).toBe(false);
  });

  it('was performed when one of the texts came by the proxy user, whatever became of the other', () => {
    const partly = issue({ summary: 'new summary', description: 'old' }, [
      change('8', 'summary', 'new summary', 'exalate'),
    ]);
    expect(editWasPerformed(texts, partly, asked)).toBe(true);
  });

  it('was not performed when the proxy user wrote that text before', () => {
    const before = issue({ summary: 'old', description: 'old' }, []);
    const changes = [change('6', 'summary', 'new summary', 'exalate'), ...before.changes];
    expect(editWasPerformed(texts, { ...before, changes }, asked)).toBe(false);
  });
});
