import { ArrowLeftRight } from 'lucide-react';
import type { ReactNode } from 'react';

/** The two ends of a connection or a twin, side by side. */
export function Pair({ here, there }: { here: ReactNode; there: ReactNode }) {
  return (
    <div className="grid grid-cols-1 items-stretch overflow-hidden rounded-md border border-line bg-surface xs:grid-cols-[minmax(0,1fr)_2.5rem_minmax(0,1fr)]">
      <div className="min-w-0 px-4 py-3">{here}</div>
      <div aria-hidden className="hidden place-items-center border-x border-line bg-sunken text-faint xs:grid">
        <ArrowLeftRight className="size-4" />
      </div>
      <div className="min-w-0 border-t border-line px-4 py-3 xs:border-t-0">{there}</div>
    </div>
  );
}

export function PairEnd({ label, title, children }: { label: string; title: ReactNode; children?: ReactNode }) {
  return (
    <>
      <p className="text-xs text-faint">{label}</p>
      <p className="font-semibold break-words">{title}</p>
      {children && <div className="text-sm text-subtle">{children}</div>}
    </>
  );
}
