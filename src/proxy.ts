/**
 * Headers of every page: a content security policy with a nonce per request. Not a security boundary: every page, action and
 * route checks the session itself.
 */
import { type NextRequest, NextResponse } from 'next/server';
import { pathHeader } from '#/server/paths.ts';

export function proxy(request: NextRequest): NextResponse {
  // Browsers ask for this one whatever the page says.
  if (request.nextUrl.pathname === '/favicon.ico') return NextResponse.rewrite(new URL('/icon.svg', request.url));
  const nonce = btoa(crypto.randomUUID());
  // React's development build evaluates code to rebuild stacks, and its style tags carry no nonce.
  const development = process.env.NODE_ENV === 'development';
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    development ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('Content-Security-Policy', policy);
  headers.set(pathHeader, request.nextUrl.pathname + request.nextUrl.search);

  // Next fails on a path that is no UTF-8; behind one there is nothing.
  const response = isReadable(request.nextUrl.pathname)
    ? NextResponse.next({ request: { headers } })
    : NextResponse.rewrite(new URL('/not-found', request.url), { request: { headers } });
  response.headers.set('Content-Security-Policy', policy);
  response.headers.set('X-Content-Type-Options', 'nosniff');
  response.headers.set('X-Frame-Options', 'DENY');
  response.headers.set('Referrer-Policy', 'same-origin');
  response.headers.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
  response.headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  return response;
}

function isReadable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

export const config = { matcher: ['/((?!api/|_next/static|_next/image|icon.svg).*)'] };
