import { AlertTriangle, CheckCircle2, CircleAlert, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import type { Problem } from '../problem.ts';

/** An error: what happened, why, and what to do next. */
export function ProblemMessage({ problem, action }: { problem: Problem; action?: ReactNode }) {
  return (
    <div role="alert" className="flex gap-3 rounded-sm bg-danger-soft p-3 text-ink">
      <CircleAlert aria-hidden className="size-5 shrink-0 text-danger" />
      <div className="min-w-0 space-y-1 wrap-anywhere">
        <p className="font-semibold">{problem.summary}</p>
        <p>{problem.why}</p>
        <p>{problem.remedy}</p>
        {action && <div className="pt-1">{action}</div>}
      </div>
    </div>
  );
}

/** The same, at the field it belongs to. */
export function FieldError({ id, problem }: { id: string; problem: Problem }) {
  return (
    <div id={id} role="alert" className="flex gap-1.5 text-sm text-danger-ink">
      <CircleAlert aria-hidden className="mt-px size-4 shrink-0" />
      <p className="min-w-0 wrap-anywhere">
        <span className="font-semibold">{problem.summary}</span> {problem.why} {problem.remedy}
      </p>
    </div>
  );
}

const notes = {
  info: { look: 'bg-info-soft', icon: Info, ink: 'text-info-ink' },
  warning: { look: 'bg-warning-soft', icon: AlertTriangle, ink: 'text-warning-ink' },
  success: { look: 'bg-success-soft', icon: CheckCircle2, ink: 'text-success-ink' },
} as const;

/** Something to know, no error. */
export function Note({
  tone = 'info',
  title,
  children,
}: {
  tone?: keyof typeof notes;
  title?: string;
  children?: ReactNode;
}) {
  const { look, icon: Icon, ink } = notes[tone];
  return (
    <div className={classes('flex gap-3 rounded-sm p-3', look)}>
      <Icon aria-hidden className={classes('size-5 shrink-0', ink)} />
      <div className="min-w-0 space-y-1 wrap-anywhere">
        {title && <p className="font-semibold">{title}</p>}
        {children}
      </div>
    </div>
  );
}
