'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useTransition } from 'react';
import { type LivePage, watchChanges } from '#/ui/live.ts';

/** Keeps the page as it is on the server: refreshes it when something changed, at most every 300 ms. */
export function LiveRefresh() {
  const router = useRouter();
  const [refreshing, startTransition] = useTransition();
  const page = useRef<LivePage | null>(null);

  useEffect(() => {
    const watched = watchChanges(() => startTransition(() => router.refresh()));
    page.current = watched;
    return () => watched.stop();
  }, [router]);

  useEffect(() => {
    if (!refreshing) page.current?.refreshed();
  }, [refreshing]);

  return null;
}
