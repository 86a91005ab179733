/** Names of this node's cookies. Cookies know no ports: two nodes on one host must not share a session cookie. */
import { createHash } from 'node:crypto';

export interface CookieNames {
  session: string;
  csrf: string;
  callbackUrl: string;
  secure: boolean;
}

export function cookieNames(exalateUrl: string): CookieNames {
  const secure = exalateUrl.startsWith('https://');
  const prefix = secure ? '__Host-' : '';
  const node = createHash('sha256').update(exalateUrl).digest('hex').slice(0, 8);
  return {
    session: `${prefix}exalate-session-${node}`,
    csrf: `${prefix}exalate-csrf-${node}`,
    callbackUrl: `${prefix}exalate-callback-${node}`,
    secure,
  };
}
