import type { NextConfig } from 'next';

// Pages get their headers from src/proxy.ts, with a nonce for each request; these are for all the rest.
const answersThatAreNoPages = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Content-Security-Policy', value: "default-src 'none'; frame-ancestors 'none'" },
];

export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm test` checks the types of the whole project; a start should not fail, or wait, for the types of a test.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['pino', 'pg', '@prisma/client', '@prisma/adapter-pg', 'pg-boss', 'undici', 'prom-client'],
  headers: () => Promise.resolve([{ source: '/api/:path*', headers: answersThatAreNoPages }]),
} satisfies NextConfig;
