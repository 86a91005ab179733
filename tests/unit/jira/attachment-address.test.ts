import { describe, expect, it } from 'vitest';
import { attachmentAddress, redirectTarget } from '#/jira/attachment-address.ts';
import { parseBaseUrl, path } from '#/jira/base-url.ts';

const base = parseBaseUrl('https://jira.internal:8443/jira/');

function address(contentUrl: string) {
  return attachmentAddress(base, { id: '10', contentUrl });
}

describe('where an attachment is fetched', () => {
  it.each([
    ['below the configured address', 'https://jira.internal:8443/jira/secure/attachment/10/a+b.txt'],
    ['Jira names its public address', 'https://jira.example.com/secure/attachment/10/a+b.txt'],
    ['public address with another context path', 'http://jira.example.com/tracker/secure/attachment/10/a+b.txt'],
    ['the same host without the context path', 'https://jira.internal:8443/secure/attachment/10/a+b.txt'],
    ['another port', 'https://jira.internal:9999/jira/secure/attachment/10/a+b.txt'],
    ['a relative link', '/jira/secure/attachment/10/a+b.txt'],
  ])('%s: at the configured address, with credentials', (_name, contentUrl) => {
    expect(address(contentUrl)).toEqual({
      origin: 'https://jira.internal:8443',
      path: '/jira/secure/attachment/10/a+b.txt',
      withCredentials: true,
    });
  });

  it.each([
    [
      'https://bucket.example/x/10?sig=1',
      { origin: 'https://bucket.example', path: '/x/10?sig=1', withCredentials: false },
    ],
    [
      'https://jira.internal:8443/jirafake/x',
      { origin: 'https://jira.internal:8443', path: '/jirafake/x', withCredentials: false },
    ],
    ['http://bucket.example/x/10', null],
    ['file:///etc/passwd', null],
    [
      'https://jira.example.com/secure/attachment/11/other',
      { origin: 'https://jira.example.com', path: '/secure/attachment/11/other', withCredentials: false },
    ],
  ])('%s never gets credentials', (contentUrl, expected) => {
    expect(address(contentUrl)).toEqual(expected);
  });

  it('a redirect on Jira itself is no place to go, one elsewhere is without credentials', () => {
    const from = 'https://jira.internal:8443/jira/secure/attachment/10/a';
    expect(redirectTarget(base, '/jira/login.jsp?permissionViolation=true', from)).toBeNull();
    expect(redirectTarget(base, 'http://169.254.169.254/x', from)).toBeNull();
    expect(redirectTarget(base, 'https://bucket.example/k?sig=1', from)?.withCredentials).toBe(false);
  });
});

describe('addresses', () => {
  it('keep the context path and lose user name, slash and query', () => {
    expect(parseBaseUrl('http://u:p@h:8080/jira//?x=1#y')).toEqual({
      href: 'http://h:8080/jira',
      origin: 'http://h:8080',
      contextPath: '/jira',
    });
    expect(() => parseBaseUrl('ftp://h')).toThrow();
    expect(() => parseBaseUrl('jira.example')).toThrow();
  });

  it('a value cannot leave its segment of a path', () => {
    expect(path`/issue/${'../../admin?x#y'}/c/${'..'}`).toBe('/issue/..%2F..%2Fadmin%3Fx%23y/c/%2E%2E');
  });
});
