import type { ReactNode } from 'react';
import { Lozenge, type Tone } from '../primitives/lozenge.tsx';
import { durationText } from '../duration.ts';

export interface RunProgressProps {
  title: string;
  /** What is counted, in the plural. */
  things: string;
  status: 'queued' | 'running' | 'cancelled' | 'done';
  done: number;
  total: number;
  failed: number;
  /** False while `total` may still change. */
  counted: boolean;
  estimateSeconds: number | null;
  /** Why it does not go on at the moment. */
  waitingFor: string | null;
  /** What it is about, who started it, when. */
  about: ReactNode;
  actions: ReactNode;
  /** Below the figures: the rows that failed. */
  children?: ReactNode;
}

const states: Record<RunProgressProps['status'], { label: string; tone: Tone }> = {
  queued: { label: 'Queued', tone: 'neutral' },
  running: { label: 'Under way', tone: 'info' },
  cancelled: { label: 'Cancelled', tone: 'warning' },
  done: { label: 'Done', tone: 'success' },
};

const barClass =
  'block h-2 w-full appearance-none overflow-hidden rounded-full border-0 bg-neutral-soft ' +
  '[&::-webkit-progress-bar]:bg-neutral-soft [&::-webkit-progress-value]:bg-brand [&::-moz-progress-bar]:bg-brand';

/** How far long work is: "Done: 3 of 10 issues", what failed, how long it still takes. */
export function RunProgress(props: RunProgressProps) {
  const { title, things, status, done, total, failed, counted, estimateSeconds, waitingFor, about, actions, children } =
    props;
  const { label, tone } = states[status];
  const finished = done + failed;
  const text = `Done: ${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${things}`;
  const ended = status === 'done' || status === 'cancelled';
  return (
    <article className="space-y-2 rounded-md border border-line bg-surface p-4" aria-label={title}>
      <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 space-y-0.5">
          <h3 className="flex flex-wrap items-center gap-2 font-semibold">
            {title} <Lozenge tone={tone}>{label}</Lozenge>
          </h3>
          <div className="text-sm break-words text-subtle">{about}</div>
        </div>
        <div className="flex flex-wrap gap-2">{actions}</div>
      </header>
      <progress
        aria-label={text}
        max={Math.max(total, finished, 1)}
        value={ended && total === 0 ? 1 : finished}
        className={barClass}
      />
      <p role="status" className="flex flex-wrap gap-x-4 gap-y-1 text-sm tabular-nums">
        <span>{text}</span>
        {failed > 0 && <span className="font-semibold text-danger-ink">{failed.toLocaleString('en')} failed</span>}
        {!ended && !counted && <span className="text-subtle">Still counting</span>}
        {!ended && estimateSeconds !== null && (
          <span className="text-subtle">About {durationText(estimateSeconds)} left</span>
        )}
      </p>
      {waitingFor !== null && <p className="text-sm break-words text-warning-ink">{waitingFor}</p>}
      {children}
    </article>
  );
}
