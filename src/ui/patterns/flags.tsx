'use client';
import { CheckCircle2, CircleAlert, X } from 'lucide-react';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import type { Problem } from '../problem.ts';

interface Flag {
  id: number;
  text: string;
  problem: Problem | null;
}

interface Flags {
  done: (text: string) => void;
  failed: (problem: Problem) => void;
}

const FlagsContext = createContext<Flags>({ done: () => undefined, failed: () => undefined });

/** Says how something ended that was started from a menu. Successes go by themselves, errors stay until they are closed. */
export function useFlags(): Flags {
  return useContext(FlagsContext);
}

const shownMs = 6000;

export function FlagsProvider({ children }: { children: ReactNode }) {
  const [flags, setFlags] = useState<readonly Flag[]>([]);
  const next = useRef(1);
  const remove = useCallback((id: number) => setFlags((all) => all.filter((flag) => flag.id !== id)), []);
  const add = useCallback((text: string, problem: Problem | null) => {
    const id = next.current++;
    setFlags((all) => [...all.slice(-2), { id, text, problem }]);
    return id;
  }, []);
  const value = useMemo<Flags>(
    () => ({
      done: (text) => {
        const id = add(text, null);
        setTimeout(() => remove(id), shownMs);
      },
      failed: (problem) => void add(problem.summary, problem),
    }),
    [add, remove],
  );
  return (
    <FlagsContext value={value}>
      {children}
      <div className="pointer-events-none fixed inset-x-2 bottom-2 z-50 flex flex-col gap-2 sm:right-auto sm:bottom-6 sm:left-6 sm:w-96">
        {flags.map(({ id, text, problem }) => (
          <div
            key={id}
            role={problem ? 'alert' : 'status'}
            className="pointer-events-auto flex gap-3 rounded-md bg-raised p-4 text-ink shadow-overlay"
          >
            {problem ? (
              <CircleAlert aria-hidden className="size-5 shrink-0 text-danger" />
            ) : (
              <CheckCircle2 aria-hidden className="size-5 shrink-0 text-success" />
            )}
            <div className="min-w-0 flex-1 space-y-1 break-words">
              <p className="font-semibold">{text}</p>
              {problem && (
                <p className="text-sm text-subtle">
                  {problem.why} {problem.remedy}
                </p>
              )}
            </div>
            <button
              type="button"
              aria-label="Dismiss"
              onClick={() => remove(id)}
              className="grid size-6 shrink-0 place-items-center rounded-sm text-subtle hover:bg-hover"
            >
              <X aria-hidden className="size-4" />
            </button>
          </div>
        ))}
      </div>
    </FlagsContext>
  );
}
