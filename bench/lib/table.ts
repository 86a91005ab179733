import { ratio } from './report.ts';
import type { Row, ScenarioReport } from './report.ts';

const headings = ['', 'figure', 'bare loop', 'ratio', 'target', ''];
const widths = [58, 16, 16, 8, 22, 4];

export function render(report: ScenarioReport, tookSeconds: number): string {
  const lines = [
    `${report.title} (took ${Math.round(tookSeconds)} s)`,
    line(headings),
    ...report.rows.map((row) => line(cells(row))),
  ];
  const { usage, seconds } = report;
  if (usage !== undefined && seconds !== undefined) lines.push(...usageLines(usage, seconds));
  return `${lines.join('\n')}\n`;
}

function cells(row: Row): string[] {
  const share = ratio(row);
  return [
    `  ${row.what}`,
    `${number(row.value)} ${row.unit}`,
    row.bare === undefined ? '' : `${number(row.bare)} ${row.unit}`,
    share === null ? '' : share.toFixed(2),
    row.target?.text ?? '',
    row.target === undefined ? '' : row.target.met ? 'yes' : 'NO',
  ];
}

function usageLines(usage: NonNullable<ScenarioReport['usage']>, seconds: number): string[] {
  const entries = Object.entries(usage);
  const cpu = entries.map(([name, { cpuSeconds }]) => `${name} ${Math.round((cpuSeconds / seconds) * 100)} %`);
  const memory = entries.map(([name, { peakMiB }]) => `${name} ${peakMiB}`);
  return [`  CPU (100 % = one core): ${cpu.join(', ')}`, `  most memory, MiB: ${memory.join(', ')}`];
}

function line(texts: readonly string[]): string {
  return texts
    .map((text, column) => text.padEnd(widths[column] ?? 0))
    .join(' ')
    .trimEnd();
}

function number(value: number): string {
  return Math.abs(value) >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(value < 10 ? 2 : 1);
}
