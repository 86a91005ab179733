import { X } from 'lucide-react';
import { Link } from '#/ui/primitives/link.tsx';
import { adminContext } from '#/server/session.ts';
import { getError } from '#/services/error/get-error.ts';
import { Fact, Facts, Section } from '#/ui/patterns/section.tsx';
import { buttonClass } from '#/ui/primitives/button.tsx';
import { Time } from '#/ui/primitives/time.tsx';
import { RowActions } from './error-actions.tsx';

/** Cause, remedy, where it happened, and the technical detail of one error. */
export async function ErrorDetail({ id, closeHref }: { id: string; closeHref: string }) {
  const error = await getError(await adminContext(), { id });
  const close = (
    <Link href={closeHref} scroll={false} aria-label="Close details" className={buttonClass('subtle', true)}>
      <X aria-hidden className="size-4" />
    </Link>
  );
  if (error === null)
    return (
      <Section title="This error is no longer there" actions={close}>
        <p className="text-subtle">Its issue or connection was removed meanwhile.</p>
      </Section>
    );
  return (
    <Section title={error.summary} actions={close}>
      <Facts>
        <Fact name="Cause">{error.why}</Fact>
        <Fact name="What to do">{error.remedy}</Fact>
        <Fact name="Impact">{error.impact}</Fact>
        {error.connection && (
          <Fact name="Connection">
            <Link href={`/connections/${error.connection.id}`} className="text-link hover:underline">
              {error.connection.name}
            </Link>
          </Fact>
        )}
        {error.twin && (
          <Fact name="Issue">
            <Link
              href={`/status?key=${encodeURIComponent(error.twin.key)}&twin=${error.twin.id}`}
              className="text-link hover:underline"
            >
              {error.twin.key}
            </Link>
          </Fact>
        )}
        <Fact name="Time">
          <Time at={error.lastAt.toISOString()} />
          {error.count > 1 && (
            <>
              , {error.count} times since <Time at={error.firstAt.toISOString()} />
            </>
          )}
        </Fact>
        {error.resolvedAt && (
          <Fact name="Resolved">
            <Time at={error.resolvedAt.toISOString()} /> by{' '}
            {error.resolvedBy === 'sync' ? 'the next try, which succeeded' : error.resolvedBy}
          </Fact>
        )}
      </Facts>
      <details className="mt-4">
        <summary className="text-link">Technical detail</summary>
        <pre
          tabIndex={0}
          className="mt-2 max-h-80 overflow-auto rounded-sm bg-sunken p-3 font-mono text-xs whitespace-pre-wrap"
        >
          {`${error.code}\n${error.detail}`.trim()}
        </pre>
      </details>
      {error.resolvedAt === null && (
        <div className="mt-4 flex gap-2">
          <RowActions id={error.id} compact={false} />
        </div>
      )}
    </Section>
  );
}
