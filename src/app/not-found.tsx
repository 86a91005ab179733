import { Link } from '#/ui/primitives/link.tsx';
import { buttonClass } from '#/ui/primitives/button.tsx';

export default function NotFound() {
  return (
    <main className="mx-auto max-w-xl space-y-3 px-6 py-24">
      <h1 className="text-2xl font-semibold">This page does not exist</h1>
      <p className="text-subtle">The address is wrong, or what it showed was deleted.</p>
      <Link href="/connections" className={buttonClass('primary')}>
        Open Connections
      </Link>
    </main>
  );
}
