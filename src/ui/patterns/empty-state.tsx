import type { ReactNode } from 'react';

/** An empty list: heading, one line, one action. */
export function EmptyState({ title, text, action }: { title: string; text: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-md border border-dashed border-line bg-surface px-6 py-12 text-center">
      <h2 className="text-lg font-semibold">{title}</h2>
      <p className="max-w-[34rem] text-subtle">{text}</p>
      {action && <div className="pt-2">{action}</div>}
    </div>
  );
}
