// The bill of materials: of all that Maven resolved, what is in the package, in an order and form that is the same every time.
import { createHash } from 'node:crypto';

const classifier = (component) => new URLSearchParams(component.purl.split('?')[1] ?? '').get('classifier') ?? '';
const key = ({ group, name, version }, of) => `${group}:${name}:${of}:${version}`;

/** Throws if a library has no component, or its file is not the one that the component describes. sha256Of: by file name. */
export function billOfMaterials(resolved, libraries, sha256Of) {
  const known = new Map(resolved.components.map((component) => [key(component, classifier(component)), component]));
  const components = libraries.map((library) => {
    const component = known.get(`${library.name}:${library.classifier}:${library.version}`);
    if (!component) throw new Error(`${library.file} is in the package and Maven did not resolve it`);
    const said = component.hashes.find(({ alg }) => alg === 'SHA-256')?.content;
    if (said !== sha256Of(library.file)) throw new Error(`${library.file} is not the file that Maven resolved`);
    return component;
  });
  components.sort((a, b) => (a.purl < b.purl ? -1 : 1));
  const kept = new Set(components.map((component) => component['bom-ref']));
  const root = resolved.metadata.component['bom-ref'];
  const dependencies = resolved.dependencies
    .filter(({ ref }) => kept.has(ref) || ref === root)
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)).sort() }))
    .sort((a, b) => (a.ref < b.ref ? -1 : 1));
  // No time and no random serial number: the same package has the same bill.
  const { timestamp: _, ...metadata } = resolved.metadata;
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: resolved.specVersion,
    version: 1,
    metadata,
    components,
    dependencies,
  };
  return { ...bill, serialNumber: `urn:uuid:${uuid(JSON.stringify(bill))}` };
}

/** A UUID of version 8 (RFC 9562) from a text's digest. */
function uuid(text) {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const licencesOf = ({ licenses = [] }) =>
  licenses.map(({ license, expression }) => expression ?? license.id ?? license.name).join(', ') || 'NOT SAID';

/** One line a library: name, version, licences. */
export const licences = ({ components }) =>
  components.map((one) => `${one.group}:${one.name}\t${one.version}\t${licencesOf(one)}\n`).join('');

/** How many libraries have which licences, most first. */
export function licenceCounts({ components }) {
  const counts = new Map();
  for (const component of components) {
    const name = licencesOf(component);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
