/** One line of JSON for each chaos run, and what they come to in all. */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { counts, isClean } from '../../tests/support/oracle.ts';
import type { Verdict } from '../../tests/support/oracle.ts';

/** What a scenario tells of itself. */
export interface ChaosOutcome {
  verdict: Verdict;
  /** What people did. */
  operations: number;
  issues: number;
  /** Processes that were killed with SIGKILL, by their kind. */
  kills: Record<string, number>;
  /** Every other fault by its kind, with how often it struck. */
  faults: Record<string, number>;
  /** Writes of sync that both Jiras performed, and how many of their answers were lost. */
  writes: number;
  lostReplies: number;
  /** Anything else that is worth a line, such as times. */
  notes: string[];
}

export interface ChaosResult extends ChaosOutcome {
  at: string;
  scenario: string;
  seed: number;
  /** The options that made it. */
  options: Record<string, unknown>;
  seconds: number;
  clean: boolean;
}

interface BrokenRun {
  scenario: string;
  seed: number;
  error: string;
}

const file = (directory: string): string => join(directory, 'runs.jsonl');

export async function appendResult(directory: string, result: ChaosResult | BrokenRun): Promise<void> {
  await appendFile(file(directory), `${JSON.stringify(result)}\n`);
}

export function resultOf(
  outcome: ChaosOutcome,
  run: Pick<ChaosResult, 'scenario' | 'seed' | 'options' | 'seconds'>,
): ChaosResult {
  return { at: new Date().toISOString(), ...run, clean: isClean(outcome.verdict), ...outcome };
}

/** What is printed of a run. */
export function linesOf(result: ChaosResult): string[] {
  const { scenario, seed, operations, issues, kills, faults, writes, lostReplies, verdict, seconds } = result;
  const { twins, comments, attachments } = verdict.compared;
  return [
    `${scenario}, seed ${seed}: ${operations} operations on ${issues} issues in ${Math.round(seconds)} s`,
    `kills: ${sum(kills)} ${JSON.stringify(kills)}`,
    `other faults: ${sum(faults)} ${JSON.stringify(faults)}`,
    `lost replies: ${lostReplies} of ${writes} writes (${percent(lostReplies, writes)})`,
    ...result.notes,
    `compared ${twins} pairs of issues, ${comments} of comments, ${attachments} of attachments`,
    counts.map((count) => `${count} ${verdict[count]}`).join(', '),
    ...verdict.details.slice(0, 100).map((line) => `  ${line}`),
  ];
}

/** The table of all runs that were stored, by scenario; `clean` says whether all of them were. */
export async function summary(directory: string): Promise<{ lines: string[]; clean: boolean }> {
  const text = await readFile(file(directory), 'utf8').catch(() => '');
  const runs = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ChaosResult | BrokenRun);
  const broken = runs.filter((run) => 'error' in run).length;
  const whole = runs.filter((run): run is ChaosResult => !('error' in run));
  const head = [
    'scenario',
    'runs',
    'clean',
    'operations',
    'kills',
    'other faults',
    'writes',
    'replies lost',
    ...counts,
  ];
  const rows = [...Map.groupBy(whole, ({ scenario }) => scenario)].map(([scenario, group]) => {
    const total = (of: (run: ChaosResult) => number): number => group.reduce((all, run) => all + of(run), 0);
    const writes = total((run) => run.writes);
    const lost = total((run) => run.lostReplies);
    return [
      scenario,
      group.length,
      group.filter(({ clean }) => clean).length,
      total((run) => run.operations),
      total((run) => sum(run.kills)),
      total((run) => sum(run.faults)),
      writes,
      `${lost} (${percent(lost, writes)})`,
      ...counts.map((count) => total((run) => run.verdict[count])),
    ];
  });
  const unclean = whole.filter(({ clean }) => !clean);
  const lines = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  for (const { scenario, seed, at } of unclean) lines.push(`not clean: ${scenario}, seed ${seed}, ended ${at}`);
  if (broken > 0) lines.push(`${broken} runs broke off`);
  return { lines, clean: unclean.length === 0 && broken === 0 && whole.length > 0 };
}

function sum(counted: Record<string, number>): number {
  return Object.values(counted).reduce((all, one) => all + one, 0);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;
}
