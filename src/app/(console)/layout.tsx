import type { ReactNode } from 'react';
import { adminContext, requireAdmin } from '#/server/session.ts';
import { nodeOverview } from '#/services/node/overview.ts';
import { FlagsProvider } from '#/ui/patterns/flags.tsx';
import { ProblemMessage } from '#/ui/primitives/messages.tsx';
import { KeepFocus } from './_components/keep-focus.tsx';
import { LiveRefresh } from './_components/live-refresh.tsx';
import { MovedNode } from './_components/moved-node.tsx';
import { Sidebar } from './_components/sidebar.tsx';
import { TopBar } from './_components/top-bar.tsx';

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const [admin, context] = await Promise.all([requireAdmin(), adminContext()]);
  const overview = await nodeOverview(context);
  return (
    <FlagsProvider>
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-24 rounded-sm bg-brand px-3 py-2 font-medium text-on-brand focus:translate-y-0"
      >
        Skip to content
      </a>
      <div className="isolate min-h-dvh md:grid md:grid-cols-[15rem_minmax(0,1fr)]">
        <Sidebar openErrors={overview.openErrors} version={overview.version} />
        <div className="flex min-w-0 flex-col">
          <TopBar overview={overview} displayName={admin.displayName} />
          <main id="content" tabIndex={-1} className="mx-auto w-full max-w-[80rem] flex-1 px-4 pt-6 pb-16 sm:px-8">
            {overview.databaseFull && (
              <div className="mb-6">
                <ProblemMessage problem={{ ...overview.databaseFull, field: null }} />
              </div>
            )}
            {overview.moved && <MovedNode {...overview.moved} />}
            {children}
          </main>
        </div>
      </div>
      <LiveRefresh />
      <KeepFocus />
    </FlagsProvider>
  );
}
