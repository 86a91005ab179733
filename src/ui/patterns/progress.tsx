import { Check, Minus, X } from 'lucide-react';
import { classes } from '../primitives/classes.ts';
import { Spinner } from '../primitives/spinner.tsx';

export interface Step {
  id: string;
  label: string;
  state: 'done' | 'active' | 'waiting' | 'failed';
  done: number | null;
  total: number | null;
}

const words: Record<Step['state'], string> = {
  done: 'done',
  active: 'under way',
  waiting: 'waiting',
  failed: 'failed',
};

/** Steps of a sync from top to bottom, with n/m where there are several things to do. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol className="relative">
      {steps.map((step, index) => (
        <li key={step.id} className="relative flex gap-3 pb-3 last:pb-0">
          {index < steps.length - 1 && (
            <span
              aria-hidden
              className={classes(
                'absolute top-6 bottom-0 left-[11px] w-0.5',
                step.state === 'done' ? 'bg-success' : 'bg-line',
              )}
            />
          )}
          <Mark state={step.state} />
          <span
            className={classes(
              'pt-0.5',
              step.state === 'waiting' && 'text-faint',
              step.state === 'active' && 'font-semibold',
            )}
          >
            {step.label}
            {step.total !== null && step.total > 0 && (
              <span className="ml-2 font-normal tabular-nums text-subtle">
                {step.done ?? 0}/{step.total}
              </span>
            )}
            <span className="sr-only">, {words[step.state]}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}

function Mark({ state }: { state: Step['state'] }) {
  const look = {
    done: 'bg-success text-on-brand',
    active: 'bg-selected text-link',
    waiting: 'bg-neutral-soft text-faint',
    failed: 'bg-danger text-on-brand',
  }[state];
  return (
    <span aria-hidden className={classes('grid size-6 shrink-0 place-items-center rounded-full', look)}>
      {state === 'done' && <Check className="size-4" strokeWidth={3} />}
      {state === 'active' && <Spinner />}
      {state === 'waiting' && <Minus className="size-3" />}
      {state === 'failed' && <X className="size-4" strokeWidth={3} />}
    </span>
  );
}
