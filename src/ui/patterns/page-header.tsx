import type { ReactNode } from 'react';

export interface PageHeaderProps {
  title: string;
  text?: ReactNode;
  actions?: ReactNode;
  /** Above the title: where this page belongs. */
  above?: ReactNode;
  /** Beside the title, for instance a status. */
  beside?: ReactNode;
}

export function PageHeader({ title, text, actions, above, beside }: PageHeaderProps) {
  return (
    <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="max-w-[46rem] min-w-0 flex-1 basis-72 space-y-1">
        {above && <div className="text-sm">{above}</div>}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-2xl font-semibold tracking-[-0.01em] break-words">{title}</h1>
          {beside}
        </div>
        {text && <p className="text-subtle">{text}</p>}
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </header>
  );
}
