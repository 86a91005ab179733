import { describe, expect, test } from 'vitest';
import { call, newIssue, withSimulator } from './support.ts';

const notOnScreen = (id: string): string =>
  `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`;

describe('comments', () => {
  test.each([
    [
      { type: 'ROLE', value: 'Administrators' },
      'comment',
      "Can not construct instance of com.atlassian.jira.issue.fields.rest.json.beans.VisibilityJsonBean$VisibilityType from String value 'ROLE': value not one of declared Enum instance names",
    ],
    [{ value: 'Administrators' }, 'comment', 'Can not construct instance of'],
    ['Administrators', 'comment', 'Can not construct instance of'],
    [{ type: 'role' }, 'commentLevel', 'Invalid role level specified.'],
    [{ type: 'role', value: 'Nobody' }, 'commentLevel', 'Invalid role level specified.'],
    [{ type: 'group', value: '' }, 'commentLevel', 'Group:'],
  ])('a restriction that is not whole is refused, never a public comment: %j', async (visibility, field, text) => {
    await withSimulator({}, async (simulator) => {
      const { key } = await newIssue(simulator);
      const comment = { body: 'secret', visibility };
      const posted = await call(simulator, `/rest/api/2/issue/${key}/comment`, { body: comment });
      expect([posted.status, posted.body.errors]).toEqual([400, { [field]: expect.stringContaining(text) }]);
      const body = { transition: { id: '21' }, update: { comment: [{ add: comment }] } };
      expect((await call(simulator, `/rest/api/2/issue/${key}/transitions`, { body })).status).toBe(400);
      const { fields } = (await call(simulator, `/rest/api/2/issue/${key}`)).body;
      expect([fields.comment.total, fields.status.name]).toEqual([0, 'To Do']);
    });
  });

  test('the update part of an edit adds, edits and removes them; a link brings one to its first issue', async () => {
    await withSimulator({}, async (simulator) => {
      const [{ key }, other] = [await newIssue(simulator), await newIssue(simulator)];
      const update = async (operation: unknown): Promise<number> => {
        const body = { update: { comment: [operation] } };
        return (await call(simulator, `/rest/api/2/issue/${key}`, { method: 'PUT', body })).status;
      };
      const bodies = async (): Promise<string[]> =>
        (await call(simulator, `/rest/api/2/issue/${key}/comment`)).body.comments.map(
          (one: { body: string }) => one.body,
        );
      expect(await update({ add: { body: 'one' } })).toBe(204);
      expect(await update({ edit: { id: '10000', body: 'one, edited' } })).toBe(204);
      expect(await bodies()).toEqual(['one, edited']);
      const link = {
        type: { name: 'Relates' },
        inwardIssue: { key },
        outwardIssue: { key: other.key },
        comment: { body: 'linked' },
      };
      expect((await call(simulator, '/rest/api/2/issueLink', { body: link })).status).toBe(201);
      expect(await bodies()).toEqual(['one, edited', 'linked']);
      expect([await update({ remove: { id: '10000' } }), await update({ remove: { id: '10000' } })]).toEqual([
        204, 400,
      ]);
      expect(await bodies()).toEqual(['linked']);
    });
  });
});

describe('edits', () => {
  test('fields that have operations of their own cannot be set', async () => {
    await withSimulator({}, async (simulator) => {
      const { key } = await newIssue(simulator);
      const fields = { attachment: [], issuelinks: [], comment: [] };
      const refused = await call(simulator, `/rest/api/2/issue/${key}`, { method: 'PUT', body: { fields } });
      expect([refused.status, refused.body.errors]).toEqual([
        400,
        {
          attachment: "Field does not support update 'attachment'",
          issuelinks: "Field does not support update 'issuelinks'",
          comment: "Field does not support update 'comment'",
        },
      ]);
    });
  });

  test('a transition without a screen takes no fields, only a comment; one transition can be asked for', async () => {
    await withSimulator({}, async (simulator) => {
      const { key } = await newIssue(simulator);
      const path = `/rest/api/2/issue/${key}/transitions`;
      const transition = { id: '31' };
      const body = { transition, fields: { resolution: { name: 'Done' } }, update: { labels: [{ add: 'x' }] } };
      const refused = await call(simulator, path, { body });
      expect([refused.status, refused.body.errors]).toEqual([
        400,
        { resolution: notOnScreen('resolution'), labels: notOnScreen('labels') },
      ]);
      const comment = { transition, update: { comment: [{ add: { body: 'done' } }] } };
      expect((await call(simulator, path, { body: comment })).status).toBe(204);
      const { fields } = (await call(simulator, `/rest/api/2/issue/${key}`)).body;
      expect([fields.status.name, fields.comment.comments[0].body]).toEqual(['Done', 'done']);
      const one = (await call(simulator, `${path}?transitionId=21`)).body.transitions;
      expect(one.map(({ name }: { name: string }) => name)).toEqual(['In Progress']);
      expect((await call(simulator, `${path}?transitionId=99`)).body.transitions).toEqual([]);
    });
  });

  test('the automatic assignee is -1, as text or as a number', async () => {
    await withSimulator({}, async (simulator) => {
      for (const name of ['-1', -1]) {
        const { key } = await newIssue(simulator);
        const path = `/rest/api/2/issue/${key}`;
        expect((await call(simulator, `${path}/assignee`, { method: 'PUT', body: { name } })).status).toBe(204);
        expect((await call(simulator, path)).body.fields.assignee.name).toBe('admin');
      }
    });
  });
});
