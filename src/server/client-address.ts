/**
 * Where a request comes from. Behind a reverse proxy the last entry of X-Forwarded-For is the one that the proxy itself wrote;
 * earlier ones are whatever the client sent.
 */
export function clientAddress(headers: { get(name: string): string | null }): string {
  const forwarded = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim();
  return (forwarded || headers.get('x-real-ip') || 'unknown').slice(0, 64);
}
