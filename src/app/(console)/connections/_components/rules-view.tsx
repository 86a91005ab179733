import type { ConnectionRules } from '#/services/settings/default-rules.ts';

const names: Record<string, string> = {
  summary: 'Summary',
  description: 'Description',
  issueType: 'Issue type',
  comments: 'Comments',
  attachments: 'Attachments',
};

/** Sync rules, to be read only. */
export function RulesView({ rules, level = 'h2' }: { rules: ConnectionRules; level?: 'h2' | 'h4' }) {
  return (
    <div className="space-y-5">
      <RuleList title="Outgoing sync" rules={rules.outgoing} level={level} />
      <RuleList title="Incoming sync" rules={rules.incoming} level={level} />
    </div>
  );
}

function RuleList({
  title,
  rules,
  level: Level,
}: {
  title: string;
  rules: ConnectionRules['outgoing'];
  level: 'h2' | 'h4';
}) {
  return (
    <div>
      <Level className="mb-1.5 font-semibold">{title}</Level>
      <ul className="divide-y divide-line overflow-hidden rounded-md border border-line bg-surface">
        {rules.map((rule) => (
          <li key={rule.field} className="grid gap-x-4 gap-y-1 px-3 py-2.5 sm:grid-cols-[7rem_minmax(0,1fr)]">
            <span className="font-medium">{names[rule.field] ?? rule.field}</span>
            <div className="min-w-0 space-y-1">
              <code className="block font-mono text-xs break-words text-selected-ink">{rule.statement}</code>
              <p>{rule.text}</p>
              {rule.note && <p className="text-sm text-subtle">{rule.note}</p>}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
