import type { Call } from './call.ts';
import type { Reply } from './reply.ts';

export type Handler = (call: Call) => Reply | Promise<Reply>;

export interface Route {
  method: string;
  /** e.g. `/rest/api/2/issue/{issueIdOrKey}` */
  pattern: string;
  handler: Handler;
  segments: string[];
  /** The handler reads the body itself. */
  rawBody: boolean;
}

/** Finds the handler of a method and path. Literal segments win over placeholders. */
export class Router {
  readonly #routes = new Map<string, Route[]>();

  add(method: string, pattern: string, handler: Handler, options: { rawBody?: boolean } = {}): void {
    const segments = pattern.split('/').slice(1);
    const bucket = `${method} ${segments.length}`;
    const route: Route = { method, pattern, handler, segments, rawBody: options.rawBody ?? false };
    const routes = [...(this.#routes.get(bucket) ?? []), route];
    routes.sort((a, b) => placeholders(a) - placeholders(b));
    this.#routes.set(bucket, routes);
  }

  find(method: string, path: string): { route: Route; params: Record<string, string> } | null {
    const parts = path.split('/').slice(1);
    for (const route of this.#routes.get(`${method} ${parts.length}`) ?? []) {
      const params = match(route.segments, parts);
      if (params !== null) return { route, params };
    }
    return null;
  }

  /** The methods that path knows, for 405. */
  methodsOf(path: string): string[] {
    return ['GET', 'POST', 'PUT', 'DELETE'].filter((method) => this.find(method, path) !== null);
  }
}

function placeholders(route: Route): number {
  return route.segments.filter((segment) => segment.startsWith('{')).length;
}

function match(segments: string[], parts: string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? '';
    if (segment.startsWith('{')) {
      if (part === '') return null;
      params[segment.slice(1, -1)] = decode(part);
    } else if (segment !== part) {
      return null;
    }
  }
  return params;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
