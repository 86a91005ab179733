'use client';
import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { type Answer, attempt } from '#/ui/ask-server.ts';
import { useFlags } from '#/ui/patterns/flags.tsx';

export interface RunAction {
  pending: boolean;
  /**
   * Says how it ended in a flag; `done` may look at the answer. When it worked `after` comes and the page is refreshed, when
   * not everything stays as it was.
   */
  run: <T extends object>(
    work: () => Promise<Answer<T>>,
    done: string | ((answer: T) => string),
    after?: (answer: T) => void,
  ) => void;
}

/** A server action that is started by a button. */
export function useAction(): RunAction {
  const router = useRouter();
  const flags = useFlags();
  const [pending, startTransition] = useTransition();
  return {
    pending,
    run: (work, done, after) =>
      startTransition(async () => {
        const answer = await attempt(work());
        if (!answer.ok) return flags.failed(answer.error);
        flags.done(typeof done === 'string' ? done : done(answer));
        after?.(answer);
        router.refresh();
      }),
  };
}
