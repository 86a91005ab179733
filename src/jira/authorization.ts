import type { JiraCredentials } from './options.ts';

/** Value of the `Authorization` header; null when the credentials cannot be sent at all (a token with characters no header carries). */
export function authorizationHeader(credentials: JiraCredentials): string | null {
  switch (credentials.kind) {
    case 'basic':
      return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`, 'utf8').toString('base64')}`;
    case 'token': {
      const token = credentials.token.trim();
      return /^[\x21-\x7e]+$/.test(token) ? `Bearer ${token}` : null;
    }
  }
}
