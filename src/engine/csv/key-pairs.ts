/** The file that Bulk Connect reads: local key and remote key in the first two columns, further columns are passed over. */
import { isIssueKey } from '../twin/issue-key.ts';
import { parseCsv } from './parse.ts';
import type { CsvRow, Delimiter } from './parse.ts';

export const mostPairs = 10_000;

export interface KeyPair {
  /** Line of the file. */
  readonly line: number;
  /** In Jira's spelling. */
  readonly localKey: string;
  readonly remoteKey: string;
  /** The key that the local issue has now, when it was moved or its project renamed. */
  readonly localKeyNow?: string;
  /** What is wrong with this line; null when nothing is. */
  readonly problem: string | null;
}

export type KeyPairs =
  | {
      readonly kind: 'pairs';
      readonly delimiter: Delimiter;
      readonly header: boolean;
      readonly pairs: readonly KeyPair[];
    }
  | { readonly kind: 'empty' }
  | { readonly kind: 'too_many' };

export function readKeyPairs(text: string): KeyPairs {
  const { delimiter, rows } = parseCsv(text, mostPairs + 2);
  const header = rows[0] !== undefined && isHeader(rows[0]);
  const body = header ? rows.slice(1) : rows;
  if (body.length === 0) return { kind: 'empty' };
  if (body.length > mostPairs) return { kind: 'too_many' };
  return { kind: 'pairs', delimiter, header, pairs: body.map(toPair) };
}

/** A first row of which no cell could be meant as a key: nothing in it has a number. */
function isHeader({ cells }: CsvRow): boolean {
  return cells.every((cell) => !/\d/.test(cell)) && cells.some((cell) => /\p{L}/u.test(cell));
}

function toPair({ line, cells }: CsvRow): KeyPair {
  const [localKey = '', remoteKey = ''] = cells.map((cell) => cell.replace(/^'/, '').trim().toUpperCase());
  return { line, localKey, remoteKey, problem: problemOf(localKey, remoteKey) };
}

function problemOf(localKey: string, remoteKey: string): string | null {
  if (localKey === '') return 'The local key is missing.';
  if (remoteKey === '') return 'The remote key is missing.';
  for (const key of [localKey, remoteKey]) if (!isIssueKey(key)) return `"${key.slice(0, 60)}" is not an issue key.`;
  return null;
}

/**
 * An issue can be one half of one pair only; the first line that names it keeps it. Call it when all else has been looked at: a
 * line that cannot be used keeps nothing.
 */
export function withDoubles(pairs: readonly KeyPair[]): KeyPair[] {
  const locals = new Map<string, number>();
  const remotes = new Map<string, number>();
  return pairs.map((pair) => {
    if (pair.problem !== null) return pair;
    const { localKey, localKeyNow = localKey, remoteKey } = pair;
    const localLine = locals.get(localKeyNow);
    const named = localKeyNow === localKey ? localKey : `${localKey} is ${localKeyNow} now, which`;
    if (localLine !== undefined) return { ...pair, problem: `${named} is already in line ${localLine}.` };
    const remoteLine = remotes.get(remoteKey);
    if (remoteLine !== undefined) return { ...pair, problem: `${remoteKey} is already in line ${remoteLine}.` };
    locals.set(localKeyNow, pair.line);
    remotes.set(remoteKey, pair.line);
    return pair;
  });
}
