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
  /** What is wrong with this line by itself or beside the others; null when nothing is. */
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
  return { kind: 'pairs', delimiter, header, pairs: withDoubles(body.map(toPair)) };
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

/** An issue can be one half of one pair only; the first line that names it keeps it. */
function withDoubles(pairs: readonly KeyPair[]): KeyPair[] {
  const locals = new Map<string, number>();
  const remotes = new Map<string, number>();
  return pairs.map((pair) => {
    if (pair.problem !== null) return pair;
    const before = [
      [pair.localKey, locals.get(pair.localKey)] as const,
      [pair.remoteKey, remotes.get(pair.remoteKey)] as const,
    ].find(([, line]) => line !== undefined);
    if (before !== undefined) return { ...pair, problem: `${before[0]} is already in line ${before[1]}.` };
    locals.set(pair.localKey, pair.line);
    remotes.set(pair.remoteKey, pair.line);
    return pair;
  });
}
