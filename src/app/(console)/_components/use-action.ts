'use client';
import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { type Answer, attempt } from '#/ui/ask-server.ts';
import { useFlags } from '#/ui/patterns/flags.tsx';
import type { Problem } from '#/ui/problem.ts';

export interface RunAction {
  pending: boolean;
  /** Why it was refused, for the dialog that it was started from. */
  problem: Problem | null;
  /** The dialog is closed, or opened anew. */
  forget: () => void;
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

/**
 * A server action that is started by a button. Why it was refused is told in a flag or, when it is started from a dialog, left
 * to that: what is outside of a modal dialog is hidden from assistive technology.
 */
export function useAction({ fromDialog = false } = {}): RunAction {
  const [problem, setProblem] = useState<Problem | null>(null);
  const router = useRouter();
  const flags = useFlags();
  const [pending, startTransition] = useTransition();
  return {
    pending,
    problem,
    forget: () => setProblem(null),
    run: (work, done, after) =>
      startTransition(async () => {
        setProblem(null);
        const answer = await attempt(work());
        if (!answer.ok) return fromDialog ? setProblem(answer.error) : flags.failed(answer.error);
        flags.done(typeof done === 'string' ? done : done(answer));
        after?.(answer);
        router.refresh();
      }),
  };
}
