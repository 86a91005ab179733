import { z } from 'zod';
import {
  type DestinationUrl,
  isWithin,
  mayUse,
  readDestinationUrl,
  withoutPage,
} from '#/engine/connection/destination-url.ts';
import { type ModeChoice, modeChoices, ownModes } from '#/engine/connection/modes.ts';
import type { NodeInfo } from '#/engine/invitation/invitation.ts';
import { oldestPartnerVersion, protocolFit } from '#/engine/protocol/version.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { PeerError } from '../peer-channel.ts';
import { discoveryOf } from './discovery.ts';
import { ownJira } from './own-node-info.ts';
import { parseInput } from './parse-input.ts';
import { partnerError } from './partner-error.ts';
import { requireAdmin } from './require-admin.ts';
import { plainText } from '../plain-text.ts';

export type Destination =
  | { kind: 'node'; info: NodeInfo; modes: ModeChoice[] }
  /** The own Exalate or Jira URL: a local connection. */
  | { kind: 'own'; modes: ModeChoice[] }
  | { kind: 'jira_without_node'; title: string; version: string };

const LONGEST_WAIT_MS = 10_000;
const FIELD = 'destinationUrl';

const inputSchema = z.object({ url: plainText(2000) });

/**
 * Finds out what is at an address an admin typed: a node, this node itself, or a Jira without one. Takes ten seconds at
 * most; `signal` ends it earlier. Everything else that may be there is an error at the field `destinationUrl`.
 */
export async function lookUpDestination(
  ctx: ServiceContext,
  input: { url: string; signal?: AbortSignal | undefined },
): Promise<Destination> {
  requireAdmin(ctx);
  const { url } = parseInput(inputSchema, { url: input.url });
  const typed = readDestinationUrl(url);
  if (!typed.ok) throw wrongUrl(typed.fault);
  if (typed.candidates.some((candidate) => isOwn(ctx, candidate))) return own(ctx);

  const limit = AbortSignal.timeout(LONGEST_WAIT_MS);
  const signal = input.signal === undefined ? limit : AbortSignal.any([input.signal, limit]);
  let failure: PeerError | null = null;
  for (const candidate of typed.candidates) {
    try {
      return await inspect(ctx, candidate, signal);
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      failure = limit.aborted ? tooSlow(candidate, error) : error;
    }
  }
  throw failure === null ? wrongUrl('not_a_url') : partnerError(failure, FIELD);
}

async function inspect(ctx: ServiceContext, url: string, signal: AbortSignal): Promise<Destination> {
  const partnerUrl = await knownPartner(ctx, url);
  const info = await firstNode(
    ctx,
    partnerUrl === null ? nodeAddresses(url) : [...nodeAddresses(url), partnerUrl],
    signal,
  );
  if (info instanceof PeerError) {
    const jira = await findJira(ctx, url, signal);
    if (jira === null) throw info;
    return { kind: 'jira_without_node', ...jira };
  }
  if (info.instanceUid === ctx.node.instanceUid) return own(ctx);
  assertUsable(info);
  return { kind: 'node', info, modes: modeChoices(info) };
}

/** A page of a console may have been typed, so its origin is asked too. */
function nodeAddresses(url: string): string[] {
  return [...new Set([url, new URL(url).origin])];
}

/** The first node that answers, or the first error. Only "something else answered" leads to the next address. */
async function firstNode(
  ctx: ServiceContext,
  urls: readonly string[],
  signal: AbortSignal,
): Promise<NodeInfo | PeerError> {
  let first: PeerError | null = null;
  for (const url of urls) {
    try {
      return await ctx.peer.info(url, signal);
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      if (error.code !== 'not_a_node') throw error;
      first ??= error;
    }
  }
  return first ?? new PeerError('not_a_node', { message: 'No address was given.' });
}

/** The node of the partner whose Jira this is, if we are connected already. */
async function knownPartner(ctx: ServiceContext, url: string): Promise<string | null> {
  const partners = await ctx.db.connection.findMany({
    where: { type: { not: 'local' }, partnerUrl: { not: null }, partnerJiraUrl: { not: null } },
    select: { partnerUrl: true, partnerJiraUrl: true },
    distinct: ['partnerJiraUrl', 'partnerUrl'],
    orderBy: { createdAt: 'desc' },
  });
  return (
    partners.find(({ partnerJiraUrl }) => partnerJiraUrl !== null && isWithin(url, partnerJiraUrl))?.partnerUrl ?? null
  );
}

async function findJira(
  ctx: ServiceContext,
  url: string,
  signal: AbortSignal,
): Promise<{ title: string; version: string } | null> {
  const discovery = discoveryOf(ctx.peer);
  if (discovery === null) return null;
  for (const base of jiraAddresses(url)) {
    try {
      return await discovery.jiraServer(base, signal);
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
    }
  }
  return null;
}

/** The address itself, what is before a page of Jira, and the origin. */
function jiraAddresses(url: string): string[] {
  return [...new Set([withoutPage(url), new URL(url).origin])];
}

function isOwn(ctx: ServiceContext, url: string): boolean {
  const jira = ownJira(ctx);
  return isWithin(url, ctx.node.exalateUrl) || (jira !== null && isWithin(url, jira.baseUrl));
}

function own(ctx: ServiceContext): Destination {
  return { kind: 'own', modes: modeChoices({ name: ctx.node.name, modes: ownModes }) };
}

/** Throws unless this build can work with the node. */
export function assertUsable(info: NodeInfo, field = FIELD): void {
  const fit = protocolFit(info.protocol);
  if (fit !== 'same')
    throw new ServiceError('partner_refused', {
      summary: fit === 'partner_older' ? `${info.name} runs an older version.` : `${info.name} runs a newer version.`,
      why: `It is version ${info.nodeVersion}, whose protocol this node does not speak.`,
      remedy:
        fit === 'partner_older'
          ? `Let its administrator update that node to version ${oldestPartnerVersion} or later.`
          : `Update this node to version ${info.nodeVersion}, then try again.`,
      field,
    });
  if (!mayUse(new URL(info.callbackUrl)))
    throw new ServiceError('partner_refused', {
      summary: `${info.name} is not reached by https.`,
      why: `Its Exalate URL is ${info.callbackUrl}; issues and secrets would cross the Internet in plain text.`,
      remedy: 'Let its administrator set an https address as EXALATE_URL.',
      field,
    });
}

function tooSlow(url: string, cause: PeerError): PeerError {
  const message = `${new URL(url).host} did not answer within ${LONGEST_WAIT_MS / 1000} seconds.`;
  return new PeerError('unreachable', { message, reason: 'timeout', cause });
}

function wrongUrl(fault: Extract<DestinationUrl, { ok: false }>['fault']): ServiceError {
  const texts = {
    empty: {
      summary: 'Enter the address of the destination.',
      why: 'The field is empty.',
      remedy: 'Enter its Jira URL or its Exalate URL, or tick "I don\'t have a URL".',
    },
    not_a_url: {
      summary: 'This is not an address.',
      why: 'An address has two slashes after https:, a host, and a port of at most 65535 if there is one.',
      remedy: 'Enter something like https://jira.example.com or jira.example.com:8443.',
    },
    has_credentials: {
      summary: 'The address must not contain a user name or password.',
      why: 'Addresses are stored and shown.',
      remedy: 'Enter the address without them.',
    },
    not_https: {
      summary: 'This address must begin with https://.',
      why: 'Over plain http everybody on the way could read issues and secrets.',
      remedy: 'Enter the https address. Plain http is accepted on networks that are not public.',
    },
  };
  return new ServiceError('invalid_input', { ...texts[fault], field: FIELD });
}
