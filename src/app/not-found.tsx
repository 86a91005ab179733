import { NotFoundMessage } from '#/ui/patterns/not-found.tsx';

export default function NotFound() {
  return (
    <main className="mx-auto max-w-xl px-6 py-14">
      <NotFoundMessage />
    </main>
  );
}
