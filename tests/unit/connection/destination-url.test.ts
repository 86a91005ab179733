import { readJiraUrl } from '#/engine/connection/destination-url.ts';
import { describe, expect, it } from 'vitest';
import { isWithin, mayUse, readDestinationUrl } from '#/engine/connection/destination-url.ts';

describe('typed address of a destination', () => {
  it.each([
    ['https://jira.example.com/', ['https://jira.example.com']],
    ['  https://jira.example.com/jira/?x=1#y ', ['https://jira.example.com/jira']],
    ['jira.example.com', ['https://jira.example.com']],
    ['HTTPS://Jira.Example.com', ['https://jira.example.com']],
    ['localhost:3002', ['https://localhost:3002', 'http://localhost:3002']],
    ['127.0.0.1:3002/exalate', ['https://127.0.0.1:3002/exalate', 'http://127.0.0.1:3002/exalate']],
    ['http://node-b:3000', ['http://node-b:3000']],
    ['http://10.1.2.3', ['http://10.1.2.3']],
    ['http://[::1]:3002', ['http://[::1]:3002']],
    ['http://jira.corp', ['http://jira.corp']],
  ])('%s is read as %j', (typed, candidates) => {
    expect(readDestinationUrl(typed)).toEqual({ ok: true, candidates });
  });

  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['hello world', 'not_a_url'],
    ['ftp://example.com', 'not_a_url'],
    ['javascript://alert(1)', 'not_a_url'],
    ['https://', 'not_a_url'],
    ['http://jira.example.com', 'not_https'],
    ['http://8.8.8.8', 'not_https'],
    ['https://me:secret@jira.example.com', 'has_credentials'],
    ['me@jira.example.com', 'has_credentials'],
  ])('%s is refused as %s', (typed, fault) => {
    expect(readDestinationUrl(typed)).toEqual({ ok: false, fault });
  });

  it('belongs to a base only at or below it, on the same host and port', () => {
    expect(isWithin('https://h/jira/browse/A-1', 'https://h/jira')).toBe(true);
    expect(isWithin('https://H/jira', 'https://h/jira/')).toBe(true);
    expect(isWithin('http://h/jira', 'https://h/jira')).toBe(true);
    expect(isWithin('https://h/jira2', 'https://h/jira')).toBe(false);
    expect(isWithin('https://h', 'https://h/jira')).toBe(false);
    expect(isWithin('https://h:8443/jira', 'https://h/jira')).toBe(false);
    expect(isWithin('https://h.evil/jira', 'https://h/jira')).toBe(false);
  });

  it('is allowed plain http only within networks that are not public', () => {
    const allowed = (url: string) => mayUse(new URL(url));
    expect(['https://x.com', 'http://localhost', 'http://192.168.1.1', 'http://a.internal'].map(allowed)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['http://x.com', 'http://localhost.evil.com', 'http://1.1.1.1', 'ftp://localhost'].map(allowed)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('the address of the own Jira', () => {
  it.each([
    ['localhost:8081', 'http://localhost:8081'],
    ['jira.company.example', 'https://jira.company.example'],
    ['http://jira:8080/jira/browse/TEST-1?focused=1#x', 'http://jira:8080/jira'],
    ['https://jira.company.example/secure/Dashboard.jspa', 'https://jira.company.example'],
    ['ftp://jira.company.example', null],
    ['https://user:secret@jira.company.example', null],
    ['not an address', null],
    ['', null],
  ])('%s is %s', (typed, url) => expect(readJiraUrl(typed)).toBe(url));
});
