'use client';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { focusFirstElement } from '#/ui/primitives/dialog.tsx';

type Changes = Record<string, string | null>;

export interface Wizard {
  /** Value of a parameter, '' when absent. */
  get: (name: string) => string;
  /** Goes to a step, with Back leading to the one before; `set` changes parameters on the way. */
  go: (step: string, set?: Changes) => void;
  /** Changes parameters of this step. */
  keep: (set: Changes) => void;
  leave: () => void;
}

/**
 * State of a wizard: it lives in the address, so that reload and Back keep it, and there in the fragment. The router takes a
 * changed query for another page: a refresh that comes then fetches everything twice, or loads the document anew and throws
 * away what is being typed. The fragment also never reaches the server's logs. Each entry of the history has the fragment of
 * its time: going back changes the step only, so that nothing that was chosen since is lost.
 */
export function useWizard(draftId: string): Wizard {
  const router = useRouter();
  // Kept beside the address as well: the router may write an older one there for a moment, while a refresh ends.
  const [text, setText] = useState('');
  const latest = useRef('');
  const params = new URLSearchParams(text);
  const step = params.get('step');

  useLayoutEffect(() => {
    const take = (fragment: string): void => {
      latest.current = fragment;
      setText(fragment);
    };
    const { pathname } = window.location;
    take(wizardFragment());
    const moved = (): void => {
      if (window.location.pathname !== pathname || latest.current === '') return;
      take(changed(latest.current, { step: wizardParameter('step') }));
      window.history.replaceState(null, '', `#${latest.current}`);
    };
    window.addEventListener('popstate', moved);
    return () => window.removeEventListener('popstate', moved);
  }, []);

  useEffect(() => {
    const frame = requestAnimationFrame(() => focusFirstElement()?.focus());
    return () => cancelAnimationFrame(frame);
  }, [step]);

  const change = useCallback(
    (set: Changes, push: boolean) => {
      // The draft makes repeated submissions one connection, also after a reload: the first one stays.
      const draft = new URLSearchParams(latest.current).get('draft') ?? draftId;
      const next = changed(latest.current, { draft, ...set });
      latest.current = next;
      if (push) window.history.pushState(null, '', `#${next}`);
      else window.history.replaceState(null, '', `#${next}`);
      setText(next);
    },
    [draftId],
  );
  const go = useCallback((next: string, set: Changes = {}) => change({ ...set, step: next }, true), [change]);
  const keep = useCallback((set: Changes) => change(set, false), [change]);
  const leave = useCallback(() => router.push('/connections'), [router]);
  return { get: (name) => params.get(name) ?? '', go, keep, leave };
}

/** Value of a wizard's parameter in the address, '' when absent. */
export function wizardParameter(name: string): string {
  return new URLSearchParams(wizardFragment()).get(name) ?? '';
}

/** '' when what is there is something else, such as the code of an invitation. */
function wizardFragment(): string {
  const fragment = window.location.hash.slice(1);
  return new URLSearchParams(fragment).has('draft') ? fragment : '';
}

function changed(text: string, set: Changes): string {
  const next = new URLSearchParams(text);
  for (const [name, value] of Object.entries(set)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
  }
  return next.toString();
}
