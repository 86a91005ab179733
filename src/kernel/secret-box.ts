import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { isErrorNamed } from './error-name.ts';

/** Encrypts short secrets for storage. Opening fails when the text, its place (`aad`) or the key differs. */
export interface SecretBox {
  /** First 8 hex digits of the key's SHA-256; stored with every value, so that a wrong key is named as such. */
  readonly keyId: string;
  /**
   * Encrypts `plaintext`. `aad` names the place of the value (`table/column/row`), so that it cannot be moved elsewhere.
   * Never the same text twice.
   */
  seal(plaintext: string, aad: string): string;
  /** Gives back what was sealed. Throws {@link SecretBoxError}. */
  open(sealed: string, aad: string): string;
}

export type SecretBoxErrorCode = 'bad_key' | 'malformed' | 'other_key' | 'tampered';

/** Messages name no secret and can be shown to an administrator. */
export class SecretBoxError extends Error {
  override readonly name = 'SecretBoxError';

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isErrorNamed(value, 'SecretBoxError');
  }

  readonly code: SecretBoxErrorCode;

  constructor(code: SecretBoxErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

const VERSION = 'v1';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Whether the text is the base64 form of exactly 32 bytes. */
export function isSecretBoxKey(keyBase64: string): boolean {
  return decodeKey(keyBase64) !== null;
}

/** A new random key, base64. */
export function newSecretBoxKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

/**
 * AES-256-GCM with a random 96-bit nonce per value. Sealed form: `v1.<keyId>.<nonce>.<ciphertext+tag>`, base64url.
 * Throws {@link SecretBoxError} `bad_key` unless `keyBase64` holds 32 bytes.
 */
export function createSecretBox(keyBase64: string): SecretBox {
  const key = decodeKey(keyBase64);
  if (key === null) throw new SecretBoxError('bad_key', `The encryption key must be ${KEY_BYTES} bytes in base64.`);
  const keyId = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return {
    keyId,
    seal: (plaintext, aad) => seal(key, keyId, plaintext, aad),
    open: (sealed, aad) => open(key, keyId, sealed, aad),
  };
}

function seal(key: Buffer, keyId: string, plaintext: string, aad: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(keyId, aad));
  const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return [VERSION, keyId, nonce.toString('base64url'), body.toString('base64url')].join('.');
}

function open(key: Buffer, keyId: string, sealed: string, aad: string): string {
  const [version, sealedWith, nonceText, bodyText, ...rest] = sealed.split('.');
  if (
    version !== VERSION ||
    sealedWith === undefined ||
    nonceText === undefined ||
    bodyText === undefined ||
    rest.length
  )
    throw malformed();
  if (sealedWith !== keyId)
    throw new SecretBoxError(
      'other_key',
      `This secret was encrypted with key ${printable(sealedWith)}, the node runs with key ${keyId}. Restore the ENCRYPTION_KEY it was stored with, or enter the secret again.`,
    );
  const nonce = Buffer.from(nonceText, 'base64url');
  const body = Buffer.from(bodyText, 'base64url');
  if (nonce.length !== NONCE_BYTES || body.length < TAG_BYTES) throw malformed();

  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(keyId, aad));
  decipher.setAuthTag(body.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new SecretBoxError('tampered', 'This secret was altered or belongs to another place. Enter it again.', cause);
  }
}

function boundTo(keyId: string, aad: string): Buffer {
  return Buffer.from(`${VERSION}.${keyId}.${aad}`, 'utf8');
}

function malformed(): SecretBoxError {
  return new SecretBoxError('malformed', 'This is not a secret stored by this node.');
}

function printable(text: string): string {
  return /^[0-9a-f]{1,16}$/.test(text) ? text : '(unknown)';
}

function decodeKey(keyBase64: string): Buffer | null {
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(keyBase64)) return null;
  const key = Buffer.from(keyBase64, 'base64');
  return key.length === KEY_BYTES ? key : null;
}
