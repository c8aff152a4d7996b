// Takes out of an image what differs from build to build: buildah notes the container that it worked in. The image is a folder, as
// `skopeo copy … dir:FOLDER` writes it: node scripts/src/plain-image.mjs FOLDER
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The configuration without the names of one build. */
export function plain(config) {
  const { container: _, ...rest } = config;
  const nameless = (part) => (part ? { ...part, Hostname: '' } : part);
  return { ...rest, config: nameless(rest.config), ...(rest.container_config ? { container_config: nameless(rest.container_config) } : {}) };
}

/** Writes the plain configuration in the place of the other, and its digest into the manifest. */
export function makePlain(folder) {
  const manifestFile = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
  const before = manifest.config.digest.replace(/^sha256:/, '');
  const text = JSON.stringify(plain(JSON.parse(readFileSync(join(folder, before), 'utf8'))));
  const after = createHash('sha256').update(text).digest('hex');
  if (after !== before) rmSync(join(folder, before));
  writeFileSync(
    `${manifestFile}.new`,
    JSON.stringify({ ...manifest, config: { ...manifest.config, digest: `sha256:${after}`, size: Buffer.byteLength(text) } }),
  );
  writeFileSync(join(folder, after), text);
  renameSync(`${manifestFile}.new`, manifestFile);
  return after;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) makePlain(process.argv[2]);
