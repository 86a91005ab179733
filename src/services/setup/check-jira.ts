import type { IssueTracker, TrackerError } from '#/engine/ports.ts';
import { certificateRemedies } from '#/kernel/certificate.ts';
import { globalPermissions, projectPermissions } from '../settings/permissions.ts';

/** One line of the set-up page. */
export interface SetupLine {
  name: string;
  /** null: could not be looked at, because something before it failed. */
  ok: boolean | null;
  /** What was found. */
  text: string;
  /** What to do; null when nothing is. */
  remedy: string | null;
  /** Without it nothing is saved. */
  required: boolean;
}

const OLDEST_MAJOR = 7;
const REQUIRED = new Set(['BROWSE_PROJECTS', 'CREATE_ISSUES']);

/** Looks at a Jira line by line: reachable, version, credentials, permissions. Sends a wrong password once. */
export async function checkJira(
  jira: IssueTracker,
): Promise<{ lines: SetupLine[]; complete: boolean; refused: boolean }> {
  const user = await outcome(jira.myself());
  const lines: SetupLine[] = [reachable(user)];
  const server = user.ok ? await outcome(jira.server()) : null;
  lines.push(version(server), credentials(user));
  const granted = user.ok ? await outcome(jira.permissions()) : null;
  for (const { key, name, text } of [...projectPermissions, ...globalPermissions]) {
    const ok = granted?.ok === true ? granted.value.has(key) : null;
    const optional = key === 'ADMINISTER';
    lines.push({
      name,
      ok,
      text,
      remedy:
        ok === false && !optional
          ? 'Give it to the proxy user in the permission scheme of the projects to be synced, then check again.'
          : null,
      required: REQUIRED.has(key),
    });
  }
  return {
    lines,
    complete: lines.every(({ ok, required }) => !required || ok === true),
    refused: !user.ok && isRefused(user.error),
  };
}

/** Jira said no, rather than something in its place. */
function isRefused({ code, webPage }: TrackerError): boolean {
  return (code === 'credentials_refused' && !webPage) || code === 'captcha';
}

type Outcome<T> = { ok: true; value: T } | { ok: false; error: TrackerError };

async function outcome<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    if (error instanceof Error && error.name === 'TrackerError') return { ok: false, error: error as TrackerError };
    throw error;
  }
}

function reachable(user: Outcome<unknown>): SetupLine {
  const line = { name: 'Jira answers', required: true };
  if (user.ok || isRefused(user.error))
    return { ...line, ok: true, text: 'A Jira answers at this address.', remedy: null };
  const { code, message, reason } = user.error;
  return {
    ...line,
    ok: false,
    text: message,
    remedy:
      reason !== null
        ? certificateRemedies[reason]
        : code === 'unreachable'
          ? 'Check the address, its port and that no firewall is in between.'
          : code === 'unavailable' || code === 'rate_limited'
            ? 'Jira is starting or overloaded: check again in a minute.'
            : 'Give the base URL of Jira with its context path, as a browser shows it before /secure or /browse.',
  };
}

function version(server: Outcome<Awaited<ReturnType<IssueTracker['server']>>> | null): SetupLine {
  const line = { name: 'Version', required: true };
  if (server === null) return { ...line, ok: null, text: 'Known once Jira lets the proxy user in.', remedy: null };
  if (!server.ok)
    return {
      ...line,
      ok: false,
      text: server.error.message,
      remedy: 'Check that this is a Jira Server or Data Center.',
    };
  const { serverTitle, version: number, versionNumbers } = server.value;
  const ok = (versionNumbers[0] ?? 0) >= OLDEST_MAJOR;
  return {
    ...line,
    ok,
    text: `${serverTitle}, version ${number}`,
    remedy: ok ? null : `Update Jira to version ${OLDEST_MAJOR} or later.`,
  };
}

function credentials(user: Outcome<{ name: string; displayName: string }>): SetupLine {
  const line = { name: 'Credentials', required: true };
  if (user.ok)
    return { ...line, ok: true, text: `Jira knows ${user.value.displayName} (${user.value.name}).`, remedy: null };
  switch (isRefused(user.error) ? user.error.code : null) {
    case 'credentials_refused':
      return {
        ...line,
        ok: false,
        text: 'Jira does not accept them.',
        remedy: 'Check name and password, or make a new personal access token in Jira and paste it whole.',
      };
    case 'captcha':
      return {
        ...line,
        ok: false,
        text: 'Jira asks this account for a CAPTCHA.',
        remedy: 'Log in to Jira once in the browser with this account, or use a personal access token.',
      };
    default:
      return { ...line, ok: null, text: 'Looked at once Jira answers.', remedy: null };
  }
}
