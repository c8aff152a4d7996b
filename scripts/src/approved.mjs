// Which libraries the package may contain. Pure: what is shipped and what is approved go in, complaints come out.

/** One line of target/quarkus-app/quarkus-app-dependencies.txt: group:artifact:classifier:type:version. */
export function parseLibrary(line) {
  const [group, artifact, classifier, type, version] = line.split(':');
  if (version === undefined) throw new Error(`not a library: ${line}`);
  const file = `${group}.${artifact}-${version}${classifier ? `-${classifier}` : ''}.${type}`;
  return { group, artifact, classifier, type, version, name: `${group}:${artifact}`, file };
}

/** The libraries whose files are there; throws if a file is of none of them. */
export function shipped(lines, files) {
  const byFile = new Map(lines.map(parseLibrary).map((library) => [library.file, library]));
  return [...files].sort().map((file) => {
    const library = byFile.get(file);
    if (!library) throw new Error(`${file} is in the package, and no dependency of it`);
    return library;
  });
}

/** Libraries of one group and version are released together and are looked up together. */
export function families(libraries) {
  const found = new Map();
  for (const { group, artifact, version } of libraries) {
    const key = `${group} ${version}`;
    if (!found.has(key)) found.set(key, { group, version, artifacts: [] });
    const { artifacts } = found.get(key);
    if (!artifacts.includes(artifact)) artifacts.push(artifact);
  }
  return [...found.values()]
    .map((family) => ({ ...family, artifacts: family.artifacts.sort() }))
    .sort((a, b) => (a.group + ' ' + a.version < b.group + ' ' + b.version ? -1 : 1));
}

/** The artifact that stands for a family when its versions are looked up: the one with the shortest name. */
export const representative = ({ artifacts }) =>
  [...artifacts].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0];

/** Versions of the same line differ in their patch only: 4.1.2 and 4.1.9; with two numbers, 1.84 and 1.87. */
export const hasTwoNumbers = (version) => /^\d+\.\d+(\D|$)/.test(version) && !/^\d+\.\d+\.\d/.test(version);

const matches = (pattern, name) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(name);

/** What is wrong with the libraries of a package; an empty list if nothing is. */
export function complaints(libraries, approved) {
  const wrong = [];
  for (const { name } of libraries) {
    for (const [pattern, why] of Object.entries(approved.unwanted)) {
      if (matches(pattern, name)) wrong.push(`${name} is in the package again: ${why}`);
    }
  }
  const allowed = new Map();
  for (const { group, version, artifacts } of approved.families) {
    for (const artifact of artifacts) allowed.set(`${group}:${artifact}`, version);
  }
  for (const { name, version } of libraries) {
    if (!allowed.has(name)) wrong.push(`${name} ${version} is in the package and not approved`);
    else if (allowed.get(name) !== version)
      wrong.push(`${name} is in the package as ${version}, approved is ${allowed.get(name)}`);
  }
  const there = new Set(libraries.map(({ name }) => name));
  for (const name of allowed.keys()) {
    if (!there.has(name)) wrong.push(`${name} is approved and not in the package`);
  }
  for (const { group, version, newest, why } of approved.families) {
    if (newest !== version && !why)
      wrong.push(`${group} ${version} is behind its line, whose newest is ${newest}: move to it, or say why not`);
    if (newest === version && why)
      wrong.push(`${group} ${version} is the newest of its line and has a reason why it is behind`);
  }
  return wrong;
}

/** The approved list after a look-up. A reason stays only as long as there is nothing newer than when it was given. */
export function renewed(libraries, approved, newestOf, day) {
  const before = new Map(approved.families.map((family) => [`${family.group} ${family.version}`, family]));
  return {
    ...approved,
    lookedUp: day,
    families: families(libraries).map((family) => {
      const { group, version, artifacts } = family;
      const newest = newestOf(group, representative(family)) ?? version;
      const known = before.get(`${group} ${version}`);
      const why = newest !== version && known?.newest === newest ? known.why : undefined;
      return { group, version, newest, ...(why ? { why } : {}), artifacts };
    }),
  };
}

/** What versions-maven-plugin has found, from its report: "group:artifact ... 1.0 -> 1.1", perhaps on two lines. */
export function parseUpdates(report) {
  const newest = new Map();
  for (const [, name, version] of report.matchAll(/^\s*([\w.-]+:[\w.-]+) \.+\s+\S+ -> (\S+)/gm))
    newest.set(name, version);
  return newest;
}
