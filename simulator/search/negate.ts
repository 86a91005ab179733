import type { Clause, Operator } from './parser.ts';

const OPPOSITE: Record<Operator, Operator> = {
  '=': '!=',
  '!=': '=',
  '>': '<=',
  '>=': '<',
  '<': '>=',
  '<=': '>',
  '~': '!~',
  '!~': '~',
  in: 'not in',
  'not in': 'in',
  is: 'is not',
  'is not': 'is',
};

/**
 * The clause with every NOT pushed down into the operators, as Jira rewrites a query before it searches. So `NOT assignee = x` is
 * `assignee != x`, which leaves out the issues that have no assignee.
 */
export function withoutNot(clause: Clause, negated = false): Clause {
  switch (clause.kind) {
    case 'not':
      return withoutNot(clause.part, !negated);
    case 'and':
    case 'or': {
      const kind = negated === (clause.kind === 'and') ? 'or' : 'and';
      return { kind, parts: clause.parts.map((part) => withoutNot(part, negated)) };
    }
    case 'term':
      return negated ? { ...clause, operator: OPPOSITE[clause.operator] } : clause;
  }
}
