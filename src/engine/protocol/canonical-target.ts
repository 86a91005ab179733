/** Where the endpoints for partner nodes lie below a node's base URL. */
export const NODE_API = '/api/node/v1';

/**
 * The request target as both nodes sign it: the path from {@link NODE_API} on, and the query. What is before it (a
 * context path) may be changed by a reverse proxy, and so may the way a character is percent-encoded.
 */
export function canonicalTarget(pathAndQuery: string): string {
  const start = Math.max(0, pathAndQuery.indexOf(`${NODE_API}/`));
  const [path = '', ...query] = pathAndQuery.slice(start).split('?');
  const segments = path.split('/').map((segment) => encodeURIComponent(decode(segment)));
  return [segments.join('/'), ...query].join('?');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
