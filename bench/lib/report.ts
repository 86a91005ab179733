/** What a scenario found, as rows of the table and as data. */
import type { Usage } from './usage.ts';

export interface Row {
  /** What was measured. */
  what: string;
  value: number;
  unit: string;
  /** The same for the bare loop in the same run. */
  bare?: number;
  /** Which of the two is the better: the ratio says how near the figure comes to the bare loop. */
  better?: 'higher' | 'lower';
  target?: { text: string; met: boolean };
}

export interface ScenarioReport {
  title: string;
  rows: Row[];
  usage?: Record<string, Usage>;
  /** Seconds over which `usage` was measured. */
  seconds?: number;
  data?: unknown;
}

export function atLeast(value: number, floor: number, unit: string): NonNullable<Row['target']> {
  return { text: `>= ${floor} ${unit}`.trim(), met: value >= floor };
}

export function atMost(value: number, ceiling: number, unit: string): NonNullable<Row['target']> {
  return { text: `<= ${ceiling} ${unit}`.trim(), met: value <= ceiling };
}

/** Value over bare loop. */
export function ratio(row: Row): number | null {
  return row.bare === undefined || row.bare === 0 ? null : row.value / row.bare;
}
