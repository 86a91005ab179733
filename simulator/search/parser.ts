import { syntaxError, tokenize, unknownHere } from './lexer.ts';
import type { Token } from './lexer.ts';

export type Operand =
  | { kind: 'value'; text: string; quoted: boolean }
  | { kind: 'function'; name: string; args: string[] }
  | { kind: 'empty' };
export type Operator = '=' | '!=' | '>' | '>=' | '<' | '<=' | '~' | '!~' | 'in' | 'not in' | 'is' | 'is not';

export type Clause =
  | { kind: 'and' | 'or'; parts: Clause[] }
  | { kind: 'not'; part: Clause }
  | { kind: 'term'; field: string; operator: Operator; operands: Operand[] };

export interface Query {
  where: Clause | null;
  orderBy: { field: string; descending: boolean }[];
}

const RESERVED = new Set(['and', 'or', 'not', 'in', 'is', 'order', 'by', 'was', 'changed', 'empty', 'null']);

class Parser {
  readonly #tokens: Token[];
  #at = 0;

  constructor(jql: string) {
    this.#tokens = tokenize(jql);
  }

  get #now(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '', at: 0 };
  }

  #isWord(...words: string[]): boolean {
    return this.#now.kind === 'word' && words.includes(this.#now.text.toLowerCase());
  }

  #isOperator(text: string): boolean {
    return this.#now.kind === 'operator' && this.#now.text === text;
  }

  #take(): Token {
    const token = this.#now;
    this.#at += 1;
    return token;
  }

  #expectOperator(text: string): void {
    if (!this.#isOperator(text)) throw this.#unexpected(`Expecting '${text}'`);
    this.#take();
  }

  #unexpected(expected: string): Error {
    const { kind, text, at } = this.#now;
    return syntaxError(
      `${expected} ${kind === 'end' ? 'before the end of the query.' : `but got '${text}'. (line 1, character ${at + 1})`}`,
    );
  }

  query(): Query {
    const where = this.#now.kind === 'end' || this.#isWord('order') ? null : this.#or();
    const orderBy: Query['orderBy'] = [];
    if (this.#isWord('order')) {
      this.#take();
      if (!this.#isWord('by')) throw this.#unexpected("Expecting 'by'");
      do {
        this.#take();
        const field = this.#field();
        const descending = this.#isWord('desc');
        if (descending || this.#isWord('asc')) this.#take();
        orderBy.push({ field, descending });
      } while (this.#isOperator(','));
    }
    if (this.#now.kind !== 'end') throw this.#unexpected("Expecting either 'OR' or 'AND'");
    return { where, orderBy };
  }

  #or(): Clause {
    const parts = [this.#and()];
    while (this.#isWord('or')) {
      this.#take();
      parts.push(this.#and());
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'or', parts };
  }

  #and(): Clause {
    const parts = [this.#not()];
    while (this.#isWord('and')) {
      this.#take();
      parts.push(this.#not());
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'and', parts };
  }

  #not(): Clause {
    if (this.#isWord('not')) {
      this.#take();
      return { kind: 'not', part: this.#not() };
    }
    if (this.#isOperator('(')) {
      this.#take();
      const inner = this.#or();
      this.#expectOperator(')');
      return inner;
    }
    return this.#term();
  }

  #field(): string {
    const token = this.#now;
    if (token.kind === 'end' || token.kind === 'operator') throw this.#unexpected('Expecting a field name');
    if (token.kind === 'word' && RESERVED.has(token.text.toLowerCase())) {
      throw syntaxError(
        `'${token.text}' is a reserved JQL word. You must surround it in quotation marks to use it in a query. (line 1, character ${token.at + 1})`,
      );
    }
    this.#take();
    if (token.kind === 'word' && token.text.toLowerCase() === 'cf' && this.#isOperator('[')) {
      this.#take();
      const id = this.#take().text;
      this.#expectOperator(']');
      return `cf[${id}]`;
    }
    return token.text;
  }

  #operator(): Operator {
    const token = this.#now;
    const words = token.text.toLowerCase();
    if (token.kind === 'operator' && ['=', '!=', '>', '>=', '<', '<=', '~', '!~'].includes(token.text)) {
      this.#take();
      return token.text as Operator;
    }
    if (token.kind === 'word' && (words === 'was' || words === 'changed')) {
      throw unknownHere(`the operator '${words}'`);
    }
    if (this.#isWord('in')) {
      this.#take();
      return 'in';
    }
    if (this.#isWord('not')) {
      this.#take();
      if (!this.#isWord('in')) throw this.#unexpected("Expecting 'in'");
      this.#take();
      return 'not in';
    }
    if (this.#isWord('is')) {
      this.#take();
      if (!this.#isWord('not')) return 'is';
      this.#take();
      return 'is not';
    }
    throw this.#unexpectedOperator();
  }

  #unexpectedOperator(): Error {
    const list =
      "The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'.";
    const { kind, text, at } = this.#now;
    return syntaxError(
      kind === 'end'
        ? `Expecting operator before the end of the query. ${list}`
        : `Expecting operator but got '${text}'. ${list} (line 1, character ${at + 1})`,
    );
  }

  #term(): Clause {
    const field = this.#field();
    const operator = this.#operator();
    if (operator !== 'in' && operator !== 'not in')
      return { kind: 'term', field, operator, operands: [this.#operand()] };
    if (!this.#isOperator('(')) return { kind: 'term', field, operator, operands: [this.#operand()] };
    const operands: Operand[] = [];
    do {
      this.#take();
      operands.push(this.#operand());
    } while (this.#isOperator(','));
    this.#expectOperator(')');
    return { kind: 'term', field, operator, operands };
  }

  #operand(): Operand {
    const token = this.#now;
    if (token.kind === 'end' || token.kind === 'operator')
      throw this.#unexpected('Expecting either a value, list or function');
    this.#take();
    const quoted = token.kind === 'string';
    if (!quoted && /^(empty|null)$/i.test(token.text)) return { kind: 'empty' };
    if (!quoted && RESERVED.has(token.text.toLowerCase())) {
      throw syntaxError(
        `Expecting either a value, list or function but got '${token.text}'. You must surround '${token.text}' in quotation marks to use it as a value. (line 1, character ${token.at + 1})`,
      );
    }
    if (!this.#isOperator('(')) return { kind: 'value', text: token.text, quoted };
    const args: string[] = [];
    this.#take();
    while (!this.#isOperator(')')) {
      if (this.#now.kind === 'end') throw this.#unexpected("Expecting ')'");
      const arg = this.#take();
      if (arg.text !== ',' || arg.kind !== 'operator') args.push(arg.text);
    }
    this.#take();
    return { kind: 'function', name: token.text, args };
  }
}

/** Reads a JQL text. Throws the 400 of a syntax error. */
export function parseJql(jql: string): Query {
  return new Parser(jql).query();
}
