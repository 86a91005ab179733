/** Those who may not do anything at a console, and what they try. */
import { randomUUID } from 'node:crypto';
import { encode } from 'next-auth/jwt';
import { cookieNames } from '../src/server/cookies.ts';
import { type Action, builtActions } from './attack-surface.ts';
import type { Company, Page } from './fixtures.ts';

/** Not to count against the addresses of other journeys. */
export const attacker = { 'x-forwarded-for': '198.51.100.9' };

export interface Caller {
  who: string;
  headers: Record<string, string>;
  /** A read with a real session but without Origin: browsers send none with their own reads. */
  mayRead?: true;
}

/** Everybody who is not an administrator on a page of this console. */
export async function callersOf(company: Company, page: Page): Promise<Caller[]> {
  const cookie = await cookieOf(page);
  const own = { origin: company.url };
  const name = cookieNames(company.url).session;
  const claims = {
    administrator: true,
    name: 'jonas',
    displayName: 'Jonas',
    node: company.url,
    signedInMs: Date.now(),
  };
  const forged = async (changes: object, secret = company.secrets.nextauthSecret): Promise<Record<string, string>> => ({
    ...own,
    cookie: `${name}=${await encode({ token: { sub: 'jonas', ...claims, ...changes }, secret, maxAge: 3600 })}`,
  });
  return [
    { who: 'nobody', headers: own },
    { who: 'a session of somebody who is no administrator', headers: await forged({ administrator: false }) },
    { who: 'a session of another node', headers: await forged({ node: 'http://other.example' }) },
    { who: 'a session older than 8 hours', headers: await forged({ signedInMs: Date.now() - 9 * 3_600_000 }) },
    { who: 'a session signed with another secret', headers: await forged({}, 'y'.repeat(40)) },
    { who: 'another site', headers: { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } },
    { who: 'a sandboxed frame', headers: { cookie, origin: 'null' } },
    { who: 'no Origin', headers: { cookie }, mayRead: true },
  ];
}

export async function cookieOf(page: Page): Promise<string> {
  const host = new URL(page.url());
  const name = cookieNames(host.origin).session;
  const found = (await page.context().cookies(host.origin)).find((cookie) => cookie.name === name);
  return `${name}=${found?.value ?? ''}`;
}

/** Calls an action as React does, with arguments that fit most of them. */
export async function callAction(
  company: Company,
  action: Action,
  id: string,
  headers: Record<string, string>,
): Promise<{ status: number; text: string }> {
  const input = {
    id,
    connectionId: id,
    twinId: id,
    ids: [id],
    draftId: randomUUID(),
    active: false,
    name: `Taken over ${randomUUID()}`,
    description: '',
    issueKey: 'TEST-1',
    projectId: '10000',
    destinationUrl: null,
    mode: 'BASIC',
    code: 'x',
  };
  const answer = await fetch(company.url + action.url, {
    method: 'POST',
    headers: { ...attacker, ...headers, 'next-action': action.id, 'content-type': 'text/plain;charset=UTF-8' },
    body: JSON.stringify([input]),
    redirect: 'manual',
  });
  return { status: answer.status, text: await answer.text() };
}

/** The sign-in form as a browser sends it to `/login`; the caller adds where it comes from. */
export async function signInForm(
  company: Company,
  username: string,
  password: string,
): Promise<{ headers: Record<string, string>; body: FormData }> {
  const signIn = (await builtActions()).find(({ name }) => name === 'signInAction');
  if (signIn === undefined) throw new Error('The build has no action for signing in.');
  const body = new FormData();
  body.set('_1_kind', 'basic');
  body.set('_1_username', username);
  body.set('_1_password', password);
  body.set('0', '[{"problem":null,"username":""},"$K1"]');
  return { headers: { 'next-action': signIn.id, origin: company.url }, body };
}

/** Tries to sign in through a reverse proxy; what the page says then. */
export async function trySignIn(
  company: Company,
  { username, password, from }: { username: string; password: string; from: string },
): Promise<string> {
  const { headers, body } = await signInForm(company, username, password);
  const answer = await fetch(`${company.url}/login`, {
    method: 'POST',
    headers: { ...headers, 'x-forwarded-for': from },
    body,
  });
  return answer.text();
}
