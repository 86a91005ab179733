import { Spinner } from '#/ui/primitives/spinner.tsx';

export default function Loading() {
  return (
    <p role="status" className="flex items-center gap-2 text-subtle">
      <Spinner /> Loading
    </p>
  );
}
