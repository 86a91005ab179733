/**
 * What people do in two Jiras while sync runs, chosen by a seed. They act as `jane`, never as the proxy user, and every text
 * carries a token, so that the oracle can tell people from sync and one comment from another.
 */
import type { Random } from './random.ts';

/** Somebody's hands in one Jira: REST as a person. Throws when Jira does not do it. */
export interface Hands {
  name: string;
  rest(method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }>;
  attach(key: string, filename: string, bytes: number, seed: number): Promise<{ id: string }>;
}

export interface LoadComment {
  token: string;
  id: string;
  /** Who wrote it, and where it can be edited and deleted as one's own. */
  hands: Hands;
  key: string;
}

export interface Load {
  /** An issue with its comments and files; its key. */
  newIssue(hands: Hands, size: { comments: number; attachments: number; project?: string }): Promise<string>;
  editFields(hands: Hands, key: string): Promise<void>;
  changeType(hands: Hands, key: string): Promise<void>;
  comment(hands: Hands, key: string): Promise<void>;
  editComment(): Promise<void>;
  deleteComment(): Promise<void>;
  attach(hands: Hands, key: string): Promise<void>;
  deleteAttachment(): Promise<void>;
  readonly operations: number;
  /** For the oracle: the last text of each comment by its token, null for deleted ones. */
  readonly expected: ReadonlyMap<string, string | null>;
}

export const issueTypes = ['Task', 'Bug', 'Improvement', 'Story'] as const;

/** `firstToken` keeps the tokens of several loads apart. */
export function createLoad(random: Random, firstToken = 0): Load {
  const expected = new Map<string, string | null>();
  const comments: LoadComment[] = [];
  const files: { id: string; hands: Hands }[] = [];
  let operations = 0;
  let tokens = firstToken;

  const token = (kind: string): string => `[${kind}${(tokens += 1)}]`;
  const words = (): string =>
    random.pick(['short', 'with {code}markup{code}', 'two\nlines', 'Grüße aus 東京 🙂', 'h1. Title\r\ntext']);
  /** Any of the list, taken out of it when it is to be deleted. */
  const any = <Item>(items: Item[], remove: boolean): Item | null => {
    if (items.length === 0) return null;
    const index = random.below(items.length);
    return (remove ? items.splice(index, 1)[0] : items[index]) ?? null;
  };

  async function comment(hands: Hands, key: string): Promise<void> {
    const mark = token('c');
    const body = `${mark} ${words()}`;
    const { json } = await hands.rest('POST', `/issue/${key}/comment`, { body });
    operations += 1;
    expected.set(mark, body);
    comments.push({ token: mark, id: (json as { id: string }).id, hands, key });
  }

  async function attach(hands: Hands, key: string): Promise<void> {
    const filename = random.pick(['same name.txt', 'Übersicht 税率 (1).txt', 'shot.png']);
    const { id } = await hands.attach(key, filename, random.pick([0, 10, 10, 3000]), (tokens += 1));
    operations += 1;
    files.push({ id, hands });
  }

  return {
    async newIssue(hands, size) {
      const mark = token('i');
      const { json } = await hands.rest('POST', '/issue', {
        fields: {
          project: { key: size.project ?? 'TEST' },
          issuetype: { name: random.pick(issueTypes) },
          // The same summary many times: nothing may be recognised by it.
          summary: random.pick(['Printer does not print', `Order ${mark}`]),
          description: random.chance(0.3) ? '' : `${mark} ${words()}`,
        },
      });
      operations += 1;
      const { key } = json as { key: string };
      for (let n = 0; n < size.comments; n += 1) await comment(hands, key);
      for (let n = 0; n < size.attachments; n += 1) await attach(hands, key);
      return key;
    },
    async editFields(hands, key) {
      const text = `${token('e')} by ${hands.name}`;
      const fields = random.pick([
        { summary: text },
        { description: `${text}\n${words()}` },
        { summary: text, description: text },
      ]);
      await hands.rest('PUT', `/issue/${key}`, { fields });
      operations += 1;
    },
    async changeType(hands, key) {
      await hands.rest('PUT', `/issue/${key}`, { fields: { issuetype: { name: random.pick(issueTypes) } } });
      operations += 1;
    },
    comment,
    async editComment() {
      const chosen = any(comments, false);
      if (chosen === null) return;
      const body = `${chosen.token} ${words()} (${(tokens += 1)})`;
      await chosen.hands.rest('PUT', `/issue/${chosen.key}/comment/${chosen.id}`, { body });
      operations += 1;
      expected.set(chosen.token, body);
    },
    async deleteComment() {
      const chosen = any(comments, true);
      if (chosen === null) return;
      await chosen.hands.rest('DELETE', `/issue/${chosen.key}/comment/${chosen.id}`);
      operations += 1;
      expected.set(chosen.token, null);
    },
    attach,
    async deleteAttachment() {
      const chosen = any(files, true);
      if (chosen === null) return;
      await chosen.hands.rest('DELETE', `/attachment/${chosen.id}`);
      operations += 1;
    },
    get operations() {
      return operations;
    },
    get expected() {
      return expected;
    },
  };
}
