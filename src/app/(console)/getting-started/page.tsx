import { Check } from 'lucide-react';
import type { Metadata } from 'next';
import { Link } from '#/ui/primitives/link.tsx';
import { adminContext } from '#/server/session.ts';
import { setUpProgress } from '#/services/dashboard/progress.ts';
import { PageHeader } from '#/ui/patterns/page-header.tsx';
import { buttonClass } from '#/ui/primitives/button.tsx';
import { Lozenge } from '#/ui/primitives/lozenge.tsx';

export const metadata: Metadata = { title: 'Getting Started' };

export default async function GettingStartedPage() {
  const { connections, active, synchronized, triggers } = await setUpProgress(await adminContext());
  const cards = [
    {
      title: 'Establish a Connection',
      text: 'Connect this Jira with another one, or two of its projects with each other.',
      done: active > 0,
      state: active > 0 ? `${active} active` : connections > 0 ? 'Pending' : null,
      link: { href: '/connections', label: 'Set up a connection' },
    },
    {
      title: 'Customize Sync Rules',
      text: 'In Basic mode Exalate generates the rules: summary, description, comments, attachments and issue type. There is nothing to write.',
      done: active > 0,
      state: active > 0 ? 'Generated' : null,
      link: { href: '/connections', label: 'View the rules of a connection' },
    },
    {
      title: 'Test Integration',
      text: 'Put one issue under sync by its key and watch it arrive on the other side, step by step.',
      done: synchronized > 0,
      state: synchronized > 0 ? `${synchronized.toLocaleString('en')} synchronized` : null,
      link: { href: '/status', label: 'Put an issue under sync' },
    },
    {
      title: 'Automate Sync',
      text: 'A trigger puts every issue that matches a JQL query under sync by itself.',
      done: triggers > 0,
      state: triggers > 0 ? `${triggers} active` : null,
      link: { href: '/triggers', label: 'Create a trigger' },
    },
  ];
  return (
    <>
      <PageHeader
        title="Getting Started"
        text={`${cards.filter((card) => card.done).length} of ${cards.length} steps done.`}
      />
      <ol className="grid gap-4 md:grid-cols-2">
        {cards.map(({ title, text, done, state, link }, index) => (
          <li key={title} className="flex gap-4 rounded-md border border-line bg-surface p-5">
            <span
              aria-hidden
              className={`grid size-8 shrink-0 place-items-center rounded-full font-semibold ${done ? 'bg-success text-on-brand' : 'bg-neutral-soft text-neutral-ink'}`}
            >
              {done ? <Check className="size-5" strokeWidth={3} /> : index + 1}
            </span>
            <div className="flex min-w-0 flex-1 flex-col items-start gap-2">
              <div className="flex w-full flex-wrap items-center justify-between gap-2">
                <h2 className="text-lg font-semibold">{title}</h2>
                {state && <Lozenge tone={done ? 'success' : 'neutral'}>{state}</Lozenge>}
              </div>
              <p className="flex-1 text-subtle">{text}</p>
              <Link href={link.href} className={buttonClass('link') + ' -ml-3'}>
                {link.label}
              </Link>
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}
