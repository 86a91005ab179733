import type { ReactNode } from 'react';
import { Logo } from '#/ui/patterns/logo.tsx';

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col items-center bg-page px-4 pt-[10vh] pb-12">
      <header className="mb-6 flex items-center gap-2">
        <Logo className="size-8" />
        <span className="text-2xl font-semibold tracking-[-0.01em]">Exalate</span>
      </header>
      {children}
    </div>
  );
}
