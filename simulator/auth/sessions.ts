import { randomBytes } from 'node:crypto';

const MOST_SESSIONS = 20_000;

/** Cookie sessions: id -> user key. The oldest ones go when there are too many. */
export class Sessions {
  readonly #users = new Map<string, string>();

  create(userKey: string): string {
    const id = randomBytes(16).toString('hex').toUpperCase();
    this.#users.set(id, userKey);
    if (this.#users.size > MOST_SESSIONS) {
      for (const oldest of this.#users.keys()) {
        this.#users.delete(oldest);
        break;
      }
    }
    return id;
  }

  userKey(id: string): string | undefined {
    return this.#users.get(id);
  }

  end(id: string): void {
    this.#users.delete(id);
  }

  clear(): void {
    this.#users.clear();
  }
}

/** The value of one cookie of a Cookie header. */
export function cookie(header: string | undefined, name: string): string | null {
  if (header === undefined) return null;
  for (const part of header.split(';')) {
    const [key, value] = part.trim().split('=');
    if (key === name && value !== undefined) return value;
  }
  return null;
}
