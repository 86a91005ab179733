import { describe, expect, it } from 'vitest';
import { cookieNames } from '#/server/cookies.ts';

describe('the names of cookies', () => {
  it('differ between two nodes on one host, because cookies know no ports', () => {
    expect(cookieNames('http://localhost:3001').session).not.toBe(cookieNames('http://localhost:3002').session);
  });

  it('bind the session to this host and to https where there is https', () => {
    expect(cookieNames('https://exalate.example')).toMatchObject({
      secure: true,
      session: expect.stringMatching(/^__Host-/),
    });
    expect(cookieNames('http://localhost:3001')).toMatchObject({ secure: false });
  });
});
