import { generateKeyPairSync } from 'node:crypto';

/** A new key pair, and its halves as keys of a key set. */
export function pair(id, alg) {
  const { privateKey, publicKey } = alg === 'RS256'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = (key) => ({ ...key.export({ format: 'jwk' }), kid: id, alg, use: 'sig' });
  return { id, alg, privateKey, publicKey, private: jwk(privateKey), public: jwk(publicKey) };
}
