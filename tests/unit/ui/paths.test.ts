import { describe, expect, it } from 'vitest';
import { safePath } from '#/server/paths.ts';

describe('the page to come back to after sign-in', () => {
  it.each([
    '/errors?show=resolved',
    '/connections/accept',
    '/status?key=TEST-1&twin=1',
    '/connections/new#step=mode&url=http%3A%2F%2Fb',
  ])('keeps %s', (path) => {
    expect(safePath(path)).toBe(path);
  });

  it.each([
    ['another origin', 'https://evil.example/'],
    ['another origin without scheme', '//evil.example/'],
    ['a backslash, which browsers read as a slash', '/\\evil.example'],
    ['a tab, which browsers drop', '/\t/evil.example'],
    ['the sign-in page itself', '/login?callbackUrl=%2F'],
    ['an endpoint', '/api/events'],
    ['nothing', ''],
    ['a missing value', null],
    ['a script', 'javascript:alert(1)'],
    ['something endless', `/${'a'.repeat(3000)}`],
  ])('refuses %s', (_, path) => {
    expect(safePath(path)).toBe('/');
  });

  it('drops what the router adds', () => {
    expect(safePath('/queue?tab=incoming-sync&_rsc=abc')).toBe('/queue?tab=incoming-sync');
  });
});
