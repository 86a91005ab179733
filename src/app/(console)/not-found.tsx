import { Link } from '#/ui/primitives/link.tsx';
import { buttonClass } from '#/ui/primitives/button.tsx';

/** What was asked for inside the console; the frame around it stays. */
export default function NotFound() {
  return (
    <div className="space-y-3 py-10">
      <h1 className="text-2xl font-semibold">This page does not exist</h1>
      <p className="text-subtle">The address is wrong, or what it showed was deleted.</p>
      <Link href="/connections" className={buttonClass('primary')}>
        Open Connections
      </Link>
    </div>
  );
}
