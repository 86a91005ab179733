/** The connections of the seed: one that has most of the twins, small ones, and one in each state. */
import { generateBasicRules } from '../../../src/engine/rules/basic-rules.ts';

interface SeededConnection {
  name: string;
  type: 'public' | 'private' | 'local';
  status: 'pending' | 'active' | 'deactivated' | 'error';
  /** Of a hundred twins so many are in it. */
  share: number;
  side?: 'acceptor';
  /** The number of the other end of a local connection, which has the same uid. */
  otherEnd?: number;
}

const connections: readonly SeededConnection[] = [
  { name: 'Company B', type: 'public', status: 'active', share: 50 },
  { name: 'Customer portal', type: 'public', status: 'active', share: 20 },
  { name: 'Supplier West', type: 'public', status: 'active', share: 10 },
  { name: 'Supplier East', type: 'public', status: 'active', share: 8, side: 'acceptor' },
  { name: 'Development', type: 'public', status: 'active', share: 5, side: 'acceptor' },
  { name: 'Behind the firewall', type: 'private', status: 'active', share: 3 },
  { name: 'Support to Operations', type: 'local', status: 'active', share: 1 },
  { name: 'Support to Operations', type: 'local', status: 'active', share: 1, side: 'acceptor', otherEnd: 7 },
  { name: 'Old helpdesk', type: 'public', status: 'deactivated', share: 1 },
  { name: 'Out of order', type: 'public', status: 'error', share: 1 },
  { name: 'Not accepted yet', type: 'public', status: 'pending', share: 0 },
];

/** Rows of the table, numbered from 1; the shares of a hundred twins are `from` up to before `to`. */
export function connectionRows(): object[] {
  let from = 0;
  return connections.map((connection, index) => {
    const { name, type, status, share, side = 'initiator', otherEnd = null } = connection;
    const number = index + 1;
    const local = type === 'local';
    const row = {
      number,
      uidOf: otherEnd ?? number,
      name,
      type,
      status,
      side,
      from,
      to: from + share,
      projectKey: `P${number}`,
      projectName: `${name}, here`,
      partnerName: local || status === 'pending' ? null : name,
      partnerUrl: local || status === 'pending' ? null : `https://node-${number}.partner.example`,
      partnerJiraUrl: local || status === 'pending' ? null : `https://jira-${number}.partner.example`,
      partnerProjectKey: `R${number}`,
      rules: generateBasicRules(),
    };
    from += share;
    return row;
  });
}
