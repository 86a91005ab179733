'use client';
import { useRouter, useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';
import { focusFirstElement } from '#/ui/primitives/dialog.tsx';

export interface Wizard {
  /** Value of a URL parameter, '' when absent. */
  get: (name: string) => string;
  /** Goes to a step, with Back leading to the one before; `set` changes parameters on the way. */
  go: (step: string, set?: Record<string, string | null>) => void;
  /** Changes parameters of this step. */
  keep: (set: Record<string, string | null>) => void;
  leave: () => void;
}

/** State of a wizard: it lives in the URL, so that reload and Back keep it. */
export function useWizard(draftId: string): Wizard {
  const router = useRouter();
  // Kept beside the URL as well: a choice has to show at once, and the router hands a changed URL back a moment later.
  const [query, setQuery] = useState(useSearchParams().toString());
  const params = new URLSearchParams(query);
  const step = params.get('step');

  const change = useCallback((set: Record<string, string | null>, push: boolean) => setQuery(writeUrl(set, push)), []);

  useEffect(() => {
    const back = (): void => setQuery(window.location.search.slice(1));
    window.addEventListener('popstate', back);
    return () => window.removeEventListener('popstate', back);
  }, []);

  // The draft makes repeated submissions one connection, also after a reload: the first one stays.
  useEffect(() => {
    if (!new URLSearchParams(window.location.search).has('draft')) writeUrl({ draft: draftId }, false);
  }, [draftId]);

  useEffect(() => {
    const frame = requestAnimationFrame(() => focusFirstElement()?.focus());
    return () => cancelAnimationFrame(frame);
  }, [step]);

  const go = useCallback(
    (next: string, set: Record<string, string | null> = {}) => change({ ...set, step: next }, true),
    [change],
  );
  const keep = useCallback((set: Record<string, string | null>) => change(set, false), [change]);
  const leave = useCallback(() => router.push('/connections'), [router]);
  return { get: (name) => params.get(name) ?? '', go, keep, leave };
}

/** Changes parameters in the address bar; gives the new query. */
function writeUrl(set: Record<string, string | null>, push: boolean): string {
  const next = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(set)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
  }
  // The fragment stays: an invitation code may be in it that was not taken yet.
  const { pathname, hash } = window.location;
  const url = `${pathname}${next.size > 0 ? `?${next}` : ''}${hash}`;
  if (push) window.history.pushState(null, '', url);
  else window.history.replaceState(null, '', url);
  return next.toString();
}
