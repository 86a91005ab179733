/** The e-mail about errors, as plain text: what happened, why, what to do, and where to look. Nothing that issues contain. */
import { errorText } from '../fault/reported.ts';
import { oneLine } from './one-line.ts';

export interface DigestError {
  id: string;
  code: string;
  summary: string;
  /** Name of the connection. */
  connection: string | null;
  /** Key of the issue. */
  issue: string | null;
  count: number;
  firstAt: Date;
  lastAt: Date;
}

export interface DigestPlace {
  nodeName: string;
  exalateUrl: string;
}

const keysShown = 5;
const groupsShown = 50;

/** One mail for all of them; errors of one kind in one connection are one paragraph. Needs at least one. */
export function digestMail(errors: readonly DigestError[], place: DigestPlace): { subject: string; text: string } {
  const groups = [...Map.groupBy(errors, ({ code, connection }) => JSON.stringify([code, connection])).values()];
  const node = oneLine(place.nodeName, 60);
  const first = groups[0]?.[0]?.summary ?? '';
  const subject =
    groups.length === 1 ? `Exalate, ${node}: ${first}` : `Exalate, ${node}: ${groups.length} problems need attention`;
  const text = [
    `${groups.length === 1 ? 'A problem needs' : `${groups.length} problems need`} attention at the Exalate node "${node}".`,
    ...groups.slice(0, groupsShown).map((group) => paragraph(group, place)),
    ...(groups.length > groupsShown ? [`… and ${groups.length - groupsShown} more.`] : []),
    `All open errors: ${place.exalateUrl}/errors\nWhat is sent to whom: ${place.exalateUrl}/settings#notifications`,
  ];
  return { subject: oneLine(subject, 150), text: `${text.join('\n\n')}\n` };
}

/** Shows that the settings work. */
export function testMail(place: DigestPlace): { subject: string; text: string } {
  const node = oneLine(place.nodeName, 60);
  return {
    subject: `Exalate, ${node}: test e-mail`,
    text: [
      `This is a test: the Exalate node "${node}" can send e-mail to this address.`,
      'Errors will be sent in this form, with their cause and what to do.',
      `What is sent to whom: ${place.exalateUrl}/settings#notifications\n`,
    ].join('\n\n'),
  };
}

function paragraph(group: readonly DigestError[], { exalateUrl }: DigestPlace): string {
  const [one] = group;
  if (one === undefined) return '';
  const { code, summary, connection } = one;
  const told = errorText(code) ?? { why: 'The node’s log has the details.', remedy: 'Look at it on the Errors page.' };
  const where = [issues(group), connection === null ? '' : `connection "${oneLine(connection, 100)}"`].filter(Boolean);
  return [
    summary,
    `  Where:      ${where.join(', ') || 'this node'}`,
    `  When:       ${when(group)}`,
    `  Cause:      ${told.why}`,
    `  What to do: ${told.remedy}`,
    `  Look at it: ${exalateUrl}/errors${group.length === 1 ? `?error=${one.id}` : ''}`,
  ].join('\n');
}

function issues(group: readonly DigestError[]): string {
  const keys = group.flatMap(({ issue }) => (issue === null ? [] : [oneLine(issue, 40)]));
  const more = keys.length - keysShown;
  return keys.slice(0, keysShown).join(', ') + (more > 0 ? ` and ${more} more issue${more === 1 ? '' : 's'}` : '');
}

function when(group: readonly DigestError[]): string {
  const times = group.reduce((sum, { count }) => sum + count, 0);
  const first = time(Math.min(...group.map(({ firstAt }) => firstAt.getTime())));
  const last = time(Math.max(...group.map(({ lastAt }) => lastAt.getTime())));
  if (times === 1) return `${first} UTC`;
  return first === last ? `${times} times, ${first} UTC` : `${times} times, ${first} to ${last} UTC`;
}

function time(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}
