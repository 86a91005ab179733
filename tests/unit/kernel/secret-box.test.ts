import { describe, expect, it } from 'vitest';
import { createSecretBox, isSecretBoxKey, newSecretBoxKey, SecretBoxError } from '#/kernel/secret-box.ts';

const box = createSecretBox(newSecretBoxKey());
const place = 'connection/secret/42';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof SecretBoxError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('secret box', () => {
  it('opens what it sealed, whatever the text', () => {
    for (const text of ['', 'x', 'pässwörd 🔑', 'a'.repeat(10_000)])
      expect(box.open(box.seal(text, place), place)).toBe(text);
  });

  it('never seals to the same text twice', () => {
    expect(new Set(Array.from({ length: 100 }, () => box.seal('secret', place))).size).toBe(100);
  });

  it('stores version, key id, a 96-bit nonce and nothing of the text', () => {
    const [version, keyId, nonce, body] = box.seal('secret', place).split('.');
    expect([version, keyId]).toEqual(['v1', box.keyId]);
    expect(Buffer.from(nonce ?? '', 'base64url')).toHaveLength(12);
    expect(Buffer.from(body ?? '', 'base64url')).toHaveLength('secret'.length + 16);
  });

  it('refuses a value that was moved to another place', () => {
    const sealed = box.seal('secret', place);
    expect(codeOf(() => box.open(sealed, 'connection/secret/43'))).toBe('tampered');
  });

  it('refuses a value with any altered part', () => {
    const parts = box.seal('secret', place).split('.');
    for (const index of [2, 3]) {
      const bytes = Buffer.from(parts[index] ?? '', 'base64url');
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      const altered = parts.with(index, bytes.toString('base64url')).join('.');
      expect(codeOf(() => box.open(altered, place))).toBe('tampered');
    }
  });

  it('refuses a shortened authentication tag', () => {
    const parts = box.seal('', place).split('.');
    const shortened = parts.with(
      3,
      Buffer.from(parts[3] ?? '', 'base64url')
        .subarray(0, 4)
        .toString('base64url'),
    );
    expect(codeOf(() => box.open(shortened.join('.'), place))).toBe('malformed');
  });

  it('names both key ids when the key is another one', () => {
    const other = createSecretBox(newSecretBoxKey());
    const sealed = other.seal('secret', place);
    expect(codeOf(() => box.open(sealed, place))).toBe('other_key');
    expect(() => box.open(sealed, place)).toThrow(new RegExp(`${other.keyId}.*${box.keyId}`));
  });

  it('refuses text that it did not make', () => {
    for (const text of ['', 'plain', 'v2.a.b.c', 'v1.a', 'v1.a.b.c.d', `v1.${box.keyId}..`])
      expect(
        codeOf(() => box.open(text, place)),
        text,
      ).toBe('malformed');
  });

  it('accepts only keys of 32 bytes', () => {
    expect(isSecretBoxKey(newSecretBoxKey())).toBe(true);
    for (const key of [
      '',
      'short',
      Buffer.alloc(31).toString('base64'),
      Buffer.alloc(33).toString('base64'),
      'f'.repeat(64),
    ]) {
      expect(isSecretBoxKey(key), key).toBe(false);
      expect(codeOf(() => createSecretBox(key))).toBe('bad_key');
    }
  });
});
