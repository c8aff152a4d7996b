// Which keys of the router a configuration file may have, as docs/reference/configuration.md lists them.

/** Every key of the page, without the numbers of list entries: "openledger.providers.api-key-env". */
const documented = (page) => new Set([...page.matchAll(/^### `(openledger\.[^`]+)`$/gm)].map(([, key]) => key.replaceAll('[*]', '')));

function leaves(value, path) {
  if (Array.isArray(value)) return value.flatMap((one) => leaves(one, path));
  if (value === null || typeof value !== 'object') return [path];
  return Object.entries(value).flatMap(([key, one]) => leaves(one, `${path}.${key}`));
}

/** The keys below "openledger" in a parsed configuration that the page does not have: the start would stop at each of them. */
export function unknownKeys(config, page) {
  const known = documented(page);
  return [...new Set(leaves(config.openledger ?? {}, 'openledger'))].filter((key) => !known.has(key));
}

/** Providers that targets name and the configuration does not have: the start would stop at each of them. */
export function strangers({ providers = [], routes = [] } = {}) {
  const names = providers.map(({ name }) => name);
  const named = routes.flatMap(({ tiers = [] }) => tiers.flatMap(({ targets = [] }) => targets.map(({ provider }) => provider)));
  return [...new Set(named)].filter((name) => !names.includes(name));
}
