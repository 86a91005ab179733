import { expect, it } from 'vitest';
import { usePair } from '../../support/pair.ts';
import { quickNode, verdictOf } from '../../support/reliability.ts';

const pair = usePair({ nodeA: quickNode, nodeB: quickNode });

it('characters that cannot be stored arrive as replacement characters, and are no edit afterwards', async () => {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'odd', description: 'a\u0000b' },
  });
  const { key } = json as { key: string };
  await pair.a.rest('POST', `/issue/${key}/comment`, { body: 'a\ud83db' });
  const twin = await pair.sync(key);
  expect(await pair.b.issue(twin)).toMatchObject({
    description: 'a\uFFFDb',
    comments: [{ body: '*Jane Doe:*\na\uFFFDb' }],
  });
  await pair.a.rest('PUT', `/issue/${key}`, { fields: { summary: 'read once more' } });
  const { echoes } = await verdictOf(pair);
  expect(echoes).toBe(0);
  expect((await pair.a.issue(key)).description).toBe('a\u0000b');
});
