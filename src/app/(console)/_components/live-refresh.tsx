'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState, useTransition } from 'react';
import { type LivePage, watchChanges } from '#/ui/live.ts';
import { ProblemMessage } from '#/ui/primitives/messages.tsx';
import { signedOut } from '#/ui/problem.ts';

/**
 * Keeps the page as it is on the server: refreshes it when something changed, at most every 300 ms. When the session ends
 * the page stays, with what was typed in it, and says so until the admin has signed in again in another tab.
 */
export function LiveRefresh() {
  const router = useRouter();
  const [refreshing, startTransition] = useTransition();
  const [ended, setEnded] = useState(false);
  const page = useRef<LivePage | null>(null);

  useEffect(() => {
    const watched = watchChanges({ refresh: () => startTransition(() => router.refresh()), signedOut: setEnded });
    page.current = watched;
    return () => watched.stop();
  }, [router]);

  useEffect(() => {
    if (!refreshing) page.current?.refreshed();
  }, [refreshing]);

  if (!ended) return null;
  return (
    <div className="fixed inset-x-2 top-2 z-40 mx-auto max-w-xl rounded-sm shadow-overlay">
      <ProblemMessage
        problem={signedOut}
        action={
          <a href="/login" target="_blank" className="font-medium text-link hover:underline">
            Open the sign-in page
          </a>
        }
      />
    </div>
  );
}
