import { JiraError } from '../server/errors.ts';

export interface Token {
  kind: 'word' | 'string' | 'operator' | 'end';
  text: string;
  at: number;
}

const OPERATORS = ['!=', '!~', '>=', '<=', '=', '>', '<', '~', '(', ')', ',', '[', ']'];
const WORD = /[^\s=!<>~(),"'[\]&|]+/y;

export function syntaxError(message: string): JiraError {
  return new JiraError(400, `Error in the JQL Query: ${message}`);
}

/** What a real Jira answers and this one cannot: loud, so that no test takes an empty result for an answer. */
export function unknownHere(what: string): JiraError {
  return syntaxError(`the simulator does not know ${what} (a real Jira does).`);
}

/** Cuts a JQL text into tokens. */
export function tokenize(jql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < jql.length) {
    const char = jql.charAt(at);
    if (/\s/.test(char)) {
      at += 1;
      continue;
    }
    if (char === '"' || char === "'") {
      const { text, next } = quoted(jql, at);
      tokens.push({ kind: 'string', text, at });
      at = next;
      continue;
    }
    const pair = jql.slice(at, at + 2);
    if (pair === '&&' || pair === '||') {
      tokens.push({ kind: 'word', text: pair === '&&' ? 'AND' : 'OR', at });
      at += 2;
      continue;
    }
    const operator = OPERATORS.find((one) => jql.startsWith(one, at));
    if (operator !== undefined) {
      tokens.push({ kind: 'operator', text: operator, at });
      at += operator.length;
      continue;
    }
    if (char === '!') {
      tokens.push({ kind: 'word', text: 'NOT', at });
      at += 1;
      continue;
    }
    WORD.lastIndex = at;
    const word = WORD.exec(jql)?.[0];
    if (word === undefined)
      throw syntaxError(
        `The character '${char}' is a reserved JQL character. You must enclose it in a string or use the escape '\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}' instead. (line 1, character ${at + 1})`,
      );
    tokens.push({ kind: 'word', text: word, at });
    at += word.length;
  }
  tokens.push({ kind: 'end', text: '', at });
  return tokens;
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t' };

function quoted(jql: string, start: number): { text: string; next: number } {
  const quote = jql.charAt(start);
  let text = '';
  for (let at = start + 1; at < jql.length; at += 1) {
    const char = jql.charAt(at);
    if (char === quote) return { text, next: at + 1 };
    if (char !== '\\') {
      text += char;
      continue;
    }
    at += 1;
    const escaped = jql.charAt(at);
    if (escaped === 'u') {
      text += String.fromCharCode(Number.parseInt(jql.slice(at + 1, at + 5), 16));
      at += 4;
    } else if (/[nrt\\'" ]/.test(escaped)) {
      text += ESCAPES[escaped] ?? escaped;
    } else {
      throw syntaxError(
        `'\\${escaped}' is an illegal JQL escape sequence. The valid escape sequences are \\', \\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX. (line 1, character ${at})`,
      );
    }
  }
  throw syntaxError(
    `The quoted string '${jql.slice(start + 1)}' has not been completed. (line 1, character ${start + 1})`,
  );
}
