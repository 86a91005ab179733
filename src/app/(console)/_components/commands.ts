import type { Places } from '#/services/palette/search-console.ts';
import { consolePages } from './pages.ts';
import { href } from './search-params.ts';

export interface Command {
  label: string;
  /** What it is, beside the label. */
  kind: string;
  /** Where it leads; no two are the same. */
  href: string;
}

const pages: readonly Command[] = [
  ...consolePages.map(({ name, href: to }) => ({ label: name, kind: 'Page', href: to })),
  { label: 'Audit log', kind: 'Page', href: '/audit' },
  { label: 'Notifications', kind: 'General Settings', href: '/settings#notifications' },
  { label: 'Initiate connection', kind: 'Action', href: '/connections/new' },
  { label: 'Accept invitation', kind: 'Action', href: '/connections/accept' },
  { label: 'Create Trigger', kind: 'Action', href: '/triggers?dialog=create' },
];

const keyLike = /^[A-Z][A-Z0-9_]+-[1-9][0-9]*$/;

/**
 * What the palette offers for a text: pairs of that issue key or, where it is not under sync, the place to exalate it;
 * pages and actions by their words; connections. `places` is null until the server has answered.
 */
export function commandsFor(text: string, places: Places | null): Command[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [...pages];
  const key = wanted.toUpperCase();
  const words = wanted.split(/\s+/);
  return [
    ...(keyLike.test(key) ? issueCommands(key, places) : []),
    ...pages.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word))),
    ...(places?.connections ?? []).map(({ id, name }) => ({
      label: name,
      kind: 'Connection',
      href: `/connections/${id}`,
    })),
  ];
}

function issueCommands(key: string, places: Places | null): Command[] {
  const search = href('/status', { key });
  const pairs = places?.pairs ?? null;
  if (pairs === null) return [{ label: key, kind: 'Entity Sync Status', href: search }];
  if (pairs.length === 0) return [{ label: `Exalate ${key}`, kind: 'Not under sync', href: search }];
  return [
    ...pairs.map(({ twinId, keys, connection, status }) => ({
      label: keys,
      kind: `${status}, ${connection}`,
      href: href('/status', { key, twin: twinId }),
    })),
    { label: `${key} in all connections`, kind: 'Entity Sync Status', href: search },
  ];
}
